package invitedguest_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/invitedguest"
	"guestlist/app/users"
)

// exported returns the list of guests in the format.
func (a testApp) exported(t testing.TB, format string) apptest.Response {
	t.Helper()
	got := a.call(t, http.MethodGet, pathOf("invitedGuestList", "event_id", a.event.ID, "format", format), nil)
	if got.Status != http.StatusOK {
		t.Fatalf("%s: got %d %s, want 200", format, got.Status, got.Body)
	}
	return got
}

// guests returns the guests that a search finds.
func (a testApp) guests(t testing.TB, q string) (found []invitedguest.Guest) {
	t.Helper()
	a.call(t, http.MethodGet, pathOf("invitedGuestList", "event_id", a.event.ID, "q", q), nil).
		Decode(t, http.StatusOK, &found)
	return found
}

// edit changes cells of an exported table. The keys of cells are an address and a column.
func edit(t testing.TB, exported string, cells map[string]string) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(exported)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for i, column := range rows[0] {
			if value, ok := cells[row[1]+" "+column]; ok {
				row[i] = value
			}
		}
	}
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestBulkUpdate edits an exported table and sends it back.
func TestBulkUpdate(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	vip, host := a.storeTag(t, a.event.ID, "vip"), a.storeTag(t, a.event.ID, "host")
	for _, name := range []string{"ann", "bob", "cid", "dan"} {
		a.invite(t, name)
	}
	if err := a.DB.Model(&users.User{}).Where("email = ?", "cid@example.org").Update("password_hash", "x").
		Error; err != nil {
		t.Fatal(err)
	}
	table := a.exported(t, "csv").Body
	late := a.Clock.Now().Add(time.Hour)
	err := a.DB.Model(&invitedguest.InvitedGuest{}).Where("user_id IN (SELECT id FROM users WHERE email = ?)",
		"dan@example.org").
		Updates(map[string]any{"status": "declined", "answered_at": late}).Error // after the export
	if err != nil {
		t.Fatal(err)
	}
	a.Mails(t)
	table = edit(t, table, map[string]string{
		"ann@example.org firstname": "Änn", "ann@example.org user_title": "", "ann@example.org role": "speaker",
		"ann@example.org tag_ids": fmt.Sprint(host, ";", vip), "ann@example.org status": "accepted",
		"cid@example.org firstname": "Cyd", "cid@example.org role": "speaker",
		"dan@example.org status": "accepted",
	}) + ",new@example.org,,New,,,guest,,,,,\n,late@example.org,,Late,,,guest,accepted,,,,\n99,,,,,,,,,,,\n"
	const want = "updated, unchanged, invalid firstname, invalid status, created, invalid status, invalid invited_guest_id"
	query := fmt.Sprint("update=true&event_id=", a.event.ID)
	header := map[string]string{"Content-Type": "text/csv"}
	for _, dry := range []bool{true, false} {
		var got struct {
			bulkReport

			Updated, Unchanged int
			Results            []struct{ Changed []string }
		}
		response := a.bulk(t, query+fmt.Sprint("&dry_run=", dry), table, header)
		response.Decode(t, http.StatusOK, &got.bulkReport)
		response.Decode(t, http.StatusOK, &got)
		if got.results() != want || got.Created != 1 || got.Updated != 1 || got.Unchanged != 1 || got.Invalid != 4 {
			t.Errorf("dry %v: got %s, %+v\nwant %s: 1 created, 1 updated, 1 unchanged, 4 invalid", dry, got.results(), got,
				want)
		}
		const columns = "firstname, user_title, role, tags, status"
		if changed := strings.Join(got.Results[0].Changed, ", "); changed != columns {
			t.Errorf("dry %v: changed %q, want %q", dry, changed, columns)
		}
		state := fmt.Sprint(a.guests(t, ""))
		if changed := strings.Contains(state, "Änn"); changed == dry {
			t.Errorf("dry %v: Änn is stored: %v, want %v: %s", dry, changed, !dry, state)
		}
	}
	guest := a.guests(t, "ann@")[0]
	if guest.User.Firstname != "Änn" || guest.User.UserTitle != "" || guest.User.Lastname != "Lee" ||
		guest.Role != "speaker" ||
		guest.Status != "accepted" || guest.AnsweredAt == nil || len(guest.Tags) != 2 {
		t.Errorf("got %+v, want Änn Lee without a title, a speaker, who has accepted, with 2 tags", guest)
	}
	var events []string
	if err := a.DB.Model(&audit.Event{}).Where("user_id = ? AND kind LIKE 'guest_%' AND kind <> ?", guest.User.UserID,
		audit.GuestInvited).
		Order("id").Pluck("kind", &events).Error; err != nil {
		t.Fatal(err)
	}
	const audited = "guest_corrected guest_answered guest_tagged guest_tagged"
	if got := strings.Join(events, " "); got != audited {
		t.Errorf("audited %q, want %q", got, audited)
	}
	if sent := a.Mails(t); len(sent) != 1 || sent[0].To.Address != "new@example.org" {
		t.Errorf("mailed %v, want one mail to new@example.org", sent)
	}
	// By address, with few columns: the other columns stay, and an empty role changes nothing.
	var got bulkReport
	a.bulk(t, query+"&role=guest", "email,last name,role\nann@example.org,Leigh,\n", header).Decode(t, http.StatusOK, &got)
	guest = a.guests(t, "ann@")[0]
	if got.results() != "updated" || guest.User.Firstname != "Änn" || guest.User.Lastname != "Leigh" ||
		guest.Role != "speaker" || len(guest.Tags) != 2 {
		t.Errorf("got %s, %+v; want updated, Änn Leigh, a speaker with 2 tags", got.results(), guest)
	}
	// As JSON.
	body := map[string]any{"event_id": a.event.ID, "update": true, "guests": []any{
		map[string]any{"invited_guest_id": guest.ID, "tag_ids": []int64{}, "firstname": nil, "status": "invited"},
		map[string]any{"invited_guest_id": guest.ID, "role": "x"},
		map[string]any{"email": "ann@example.org", "invited_guest_id": guest.ID + 1},
		map[string]any{"email": "nobody@example.org"},
	}}
	a.bulk(t, "", body, nil).Decode(t, http.StatusOK, &got)
	guest = a.guests(t, "ann@")[0]
	if got, want := got.results(), "updated, invalid row, invalid email, invalid role"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(guest.Tags) != 0 || guest.Status != "invited" || guest.AnsweredAt != nil || guest.User.Firstname != "Änn" {
		t.Errorf("got %+v, want Änn, invited, without an answer and tags", guest)
	}
}

// TestExportedTablesAreUnchanged checks that importing an exported table changes nothing, whatever its format.
func TestExportedTablesAreUnchanged(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	tag := a.storeTag(t, a.event.ID, "=a; b")
	var people []any
	for i, name := range []string{"Ann", "=1+1", "'=x", "Zoë", "李", "O'Neil, jr", `"q"`, "_x0041_", "a;=b", "<b>&", "-",
		"1", "TRUE", " x", "محمد"} {
		people = append(people, map[string]any{
			"email": fmt.Sprintf("guest%d@example.org", i), "firstname": name, "lastname": name, "user_title": name,
			"tag_ids": []int64{tag},
		})
	}
	var got bulkReport
	a.bulk(t, "", map[string]any{"event_id": a.event.ID, "role": "=guest", "guests": people}, nil).
		Decode(t, http.StatusOK, &got)
	if got.Created != len(people) {
		t.Fatalf("got %d created, want %d: %s", got.Created, len(people), got.results())
	}
	for format, mediaType := range map[string]string{"csv": "text/csv", "excel": "text/csv", "xlsx": typeXLSX} {
		exported := a.exported(t, format)
		var report struct{ Unchanged int }
		response := a.bulk(t, fmt.Sprint("update=true&event_id=", a.event.ID), exported.Body,
			map[string]string{"Content-Type": mediaType})
		if response.Decode(t, http.StatusOK, &report); report.Unchanged != len(people) {
			t.Errorf("%s: got %d unchanged, want %d: %s", format, report.Unchanged, len(people), response.Body)
		}
		want := map[bool]string{true: `.xlsx"`, false: `.csv"`}[format == "xlsx"]
		if name := exported.Header.Get("Content-Disposition"); !strings.HasSuffix(name, want) {
			t.Errorf("%s: named %s, want a name that ends with %s", format, name, want)
		}
	}
	accepted := a.Send(t, apptest.Request{
		Method: http.MethodGet, Path: pathOf("invitedGuestList", "event_id", a.event.ID), Token: a.admin.Token,
		Header: map[string]string{"Accept": typeXLSX},
	})
	if got := accepted.Header.Get("Content-Type"); got != typeXLSX {
		t.Errorf("got the Content-Type %q, want %q", got, typeXLSX)
	}
	if want := "PK\x03\x04"; !strings.HasPrefix(accepted.Body, want) {
		t.Errorf("got %.20q, want the prefix %q", accepted.Body, want)
	}
}

// TestExportAndUpdateCommands exports, edits and imports guests on the command line.
func TestExportAndUpdateCommands(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.invite(t, "ann")
	a.invite(t, "bob")
	file := filepath.Join(t.TempDir(), "guests.xlsx")
	if _, _, err := a.run(t, false, "", "export", "--event", "gala", "--output", file); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(file); err != nil || !bytes.HasPrefix(data, []byte("PK")) {
		t.Errorf("wrote %.10q, %v; want the prefix PK", data, err)
	}
	const unchanged = "Created 0 guests and updated 0; 2 unchanged.\n"
	if stdout, _, err := a.run(t, false, "", "import", "--event", "gala", "--update", file); stdout != unchanged ||
		err != nil {
		t.Errorf("got %q, %v; want %q", stdout, err, unchanged)
	}
	excel, _, err := a.run(t, false, "", "export", "--event", "gala", "--excel")
	if want := "\xFF\xFEi\x00n\x00"; !strings.HasPrefix(excel, want) || err != nil {
		t.Errorf("got %.20q, %v; want the prefix %q", excel, err, want)
	}
	const edited = "First Name,E-mail Address,Role\nAnne,ann@example.org,speaker\nbob,bob@example.org,\n"
	for _, step := range []struct{ arguments, stdout string }{
		{"--update --dry-run -", "row 1: updated: firstname, role (ann@example.org)\nWould create 0 guests and update 1; " +
			"1 unchanged.\n"},
		{"--update -", "row 1: updated: firstname, role (ann@example.org)\nCreated 0 guests and updated 1; 1 unchanged.\n"},
		{"--update -", unchanged},
		{"--role guest -", "Created 0 guests; 2 were invited already.\n"},
	} {
		stdout, stderr,
			err := a.run(t, false, edited, append([]string{"import", "--event", "gala"}, strings.Fields(step.arguments)...)...)
		const columns = `Columns: firstname ("First Name"), email ("E-mail Address"), role.`
		if stdout != step.stdout || err != nil || !strings.HasPrefix(stderr, columns) {
			t.Errorf("%s: got %q, %q, %v; want %q, %q", step.arguments, stdout, stderr, err, step.stdout, columns)
		}
	}
	for want, arguments := range map[string][]string{
		"--output: ": {"--output", file}, `--format must be csv, excel, json or xlsx, not "pdf"`: {"--output", "x.pdf"},
	} {
		if _, _, err := a.run(t, false, "", append([]string{"export", "--event", "gala"}, arguments...)...); err == nil ||
			!strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v: got %v, want the prefix %q", arguments, err, want)
		}
	}
	var list []json.RawMessage
	stdout, _, err := a.run(t, false, "", "export", "--event", "gala", "--format", "json")
	if broken := json.Unmarshal([]byte(stdout), &list); err != nil || broken != nil || len(list) != 2 {
		t.Errorf("got %s, %v, %v; want 2 guests in JSON", stdout, err, broken)
	}
}
