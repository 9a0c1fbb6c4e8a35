package invitedguest_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/invitedguest"
	"guestlist/app/users"
)

type bulkReport struct {
	DryRun         bool `json:"dry_run"`
	Created        int
	AlreadyInvited int `json:"already_invited"`
	Invalid        int
	Results        []struct {
		Row     int
		Email   string
		Result  string
		Errors  map[string]string
		GuestID int64 `json:"invited_guest_id"`
		UserID  int64 `json:"user_id"`
	}
}

// results returns the result of each row, in short.
func (r bulkReport) results() string {
	var result []string
	for _, o := range r.Results {
		text := o.Result
		for field := range o.Errors {
			text += " " + field
		}
		result = append(result, text)
	}
	return strings.Join(result, ", ")
}

func (a testApp) bulk(t testing.TB, query string, body any, header map[string]string) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{
		Method: http.MethodPost, Path: "/api/v1/invitedGuest/bulk?" + query, Body: body, Token: a.admin.Token, Header: header,
	})
}

func TestBulk(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.invite(t, "zoe")
	ann := a.Register(t, "ann@example.org")
	vip := a.storeTag(t, a.event.ID, "vip")
	foreign := a.storeTag(t, a.CreateEvent(t, "other").ID, "foreign")
	a.Mails(t)
	body := map[string]any{"event_id": a.event.ID, "role": "guest", "guests": []any{
		map[string]any{"email": "ANN@example.org", "tag_ids": []int64{vip}},
		map[string]any{"email": "bob@example.org", "firstname": "Bob", "role": "speaker", "language": "fr"},
		map[string]any{"email": "zoe@example.org"},
		map[string]any{"email": "bob@example.org"},
		map[string]any{"email": "x"},
		map[string]any{"email": "cid@example.org", "role": "a\nb"},
		map[string]any{"email": "cid@example.org", "tag_ids": []int64{foreign}},
		map[string]any{"email": 5},
		"eve@example.org",
		map[string]any{"email": "dan@example.org", "unknown": 1, "role": nil}, // like no role
	}}
	const want = "created, created, already invited, already invited, invalid email, " +
		"invalid role, invalid tag_ids, invalid email, invalid guest, created"
	var dry bulkReport
	a.bulk(t, "dry_run=true", body, nil).Decode(t, http.StatusOK, &dry)
	if !dry.DryRun || dry.Created != 3 || dry.AlreadyInvited != 2 || dry.Invalid != 5 {
		t.Errorf("got %+v, want a dry run: 3 created, 2 already invited, 5 invalid", dry)
	}
	body["dry_run"] = nil // does not override the query
	a.bulk(t, "dry_run=true", body, nil).Decode(t, http.StatusOK, &dry)
	body["dry_run"] = false
	if got := a.bulk(t, "dry_run=true", body, nil).
		Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors["dry_run"] == "" {
		t.Errorf("dry_run both true and false: got the fields %v, want dry_run", got.Errors)
	}
	delete(body, "dry_run")
	if guests, made := a.count(t, &invitedguest.InvitedGuest{}), a.count(t, &users.User{}); guests != 1 || made != 3 {
		t.Errorf("a dry run leaves %d guests and %d users, want 1 and 3", guests, made)
	}
	var got bulkReport
	a.bulk(t, "", body, nil).Decode(t, http.StatusOK, &got)
	if got.Created != 3 || got.AlreadyInvited != 2 || got.Invalid != 5 || got.DryRun {
		t.Errorf("got %+v, want 3 created, 2 already invited, 5 invalid, no dry run", got)
	}
	for i, result := range strings.Split(want, ", ") {
		kind, field, _ := strings.Cut(strings.ReplaceAll(result, "already invited", "already_invited"), " ")
		o := got.Results[i]
		if strings.ReplaceAll(o.Result, " ", "_") != kind || field != "" && o.Errors[field] == "" || o.Row != i+1 {
			t.Errorf("row %d: got %+v, want %s", i+1, o, result)
		}
	}
	if got.Results[0].UserID != ann.ID || got.Results[0].GuestID == 0 {
		t.Errorf("got %+v, want the user %d and a guest", got.Results[0], ann.ID)
	}
	var to []string
	for _, m := range a.Mails(t) {
		to = append(to, m.To.Address+" "+m.Content.Subject)
	}
	const mailed = "ann@example.org Invitation: The gala, bob@example.org Invitation\u00a0: Le gala, " +
		"dan@example.org Invitation: The gala"
	if got := strings.Join(to, ", "); got != mailed {
		t.Errorf("mailed %q, want %q", got, mailed)
	}
	var bob users.User
	if err := a.DB.Where("email = ?", "bob@example.org").Take(&bob).Error; err != nil || bob.Firstname != "Bob" ||
		bob.PrimaryLanguage != "fr" || bob.PasswordHash != "" {
		t.Errorf("got %+v, %v; want Bob, who reads fr and has no password", bob, err)
	}
	if got, want := names(a.list(t, "&sort=email")), "ann bob dan zoe"; got != want {
		t.Errorf("the guests are %q, want %q", got, want)
	}
	if got := a.list(t, fmt.Sprint("&tag_id=", vip)); names(got) != "ann" || got[0].Role != "guest" {
		t.Errorf("with the tag: got %+v, want ann, a guest", got)
	}
	var events int64
	if err := a.DB.Model(&audit.Event{}).Where("kind = ?", audit.GuestsInvited).Count(&events).Error; err != nil ||
		events != 1 {
		t.Errorf("got %d audit events, %v; want 1", events, err)
	}
	a.bulk(t, "", body, nil).Decode(t, http.StatusOK, &got)
	if got.Created != 0 || got.AlreadyInvited != 5 {
		t.Errorf("again: got %+v, want none created, 5 already invited", got)
	}
	if sent := a.Mails(t); len(sent) != 0 {
		t.Errorf("again: mailed %+v, want none", sent)
	}
}

func TestBulkCSV(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	vip, host := a.storeTag(t, a.event.ID, "vip"), a.storeTag(t, a.event.ID, "host")
	header := map[string]string{"Content-Type": "text/csv; charset=utf-8"}
	query := fmt.Sprint("role=guest&event_id=", a.event.ID)
	for name, table := range map[string]string{
		"commas": fmt.Sprintf("Email,FirstName,lastname,tag_ids,other\nann@example.org,'=Ann,\"Lee, jr\",\"%d, "+
			"%d\",x\nx,,,,\nbob@example.org\n", vip, host),
		"semicolons": fmt.Sprintf("\uFEFFemail;firstname;lastname;tag_ids\r\nann2@example.org;=Ann;Lee, "+
			"jr;\"%d;%d\"\r\nx;;;\r\nbob2@example.org\r\n", vip, host),
	} {
		var got bulkReport
		a.bulk(t, query, table, header).Decode(t, http.StatusOK, &got)
		if want := "created, invalid email, created"; got.results() != want {
			t.Errorf("%s: got %+v, want %s", name, got, want)
		}
		var ann users.User
		if err := a.DB.Where("email = ?", got.Results[0].Email).Take(&ann).Error; err != nil || ann.Firstname != "=Ann" ||
			ann.Lastname != "Lee, jr" {
			t.Errorf("%s: got %+v, %v; want =Ann Lee, jr", name, ann, err)
		}
	}
	if tagged := a.list(t, fmt.Sprint("&sort=email&tag_id=", host)); names(tagged) != "ann2 ann" ||
		len(tagged[0].Tags) != 2 {
		t.Errorf("with the tag: got %+v, want ann2 with 2 tags and ann", tagged)
	}
	// An exported table can be imported.
	exported := a.call(t, http.MethodGet, pathOf("invitedGuestList", "event_id", a.event.ID, "format", "csv"), nil)
	var got bulkReport
	a.bulk(t, query, exported.Body, header).Decode(t, http.StatusOK, &got)
	if got.AlreadyInvited != 4 || got.Invalid != 0 {
		t.Errorf("got %+v, want 4 already invited, none invalid", got)
	}
	a.bulk(t, query, "email;firstname\ndan@example.org;Dan;x\n", header).Decode(t, http.StatusOK, &got)
	if want := "invalid row"; got.results() != want {
		t.Errorf("got %+v, want %s", got, want)
	}
	for table, want := range map[string]string{
		"": "is empty", "\n\n": "is empty", "firstname\nAnn\n": "has no column email", "email\n": "",
		"\"a": "has no column email", "email,email\n": "has two columns", "email\n" + strings.Repeat("x\n", 10_001): "10000",
		"email,Full name of the person\nx,y\n": "would be imported without names",
		"PK\x03\x04":                           "is not a readable Excel file",
	} {
		got := a.bulk(t, query, table, header).Error(t, http.StatusBadRequest, "VALIDATION_FAILED").Errors["guests"]
		if got == "" || !strings.Contains(got, want) {
			t.Errorf("%.20q: got the error %q of guests, want one with %q", table, got, want)
		}
	}
	a.bulk(t, query, "email\n"+strings.Repeat("x", 5<<20), header).Error(t, http.StatusRequestEntityTooLarge,
		"BODY_TOO_LARGE")
	a.bulk(t, query, "x", map[string]string{"Content-Type": "text/plain"}).
		Error(t, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE")
	a.bulk(t, "", "email\nx\n", header).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	a.bulk(t, "event_id=99", "email\nx\n", header).Error(t, http.StatusNotFound, "EVENT_NOT_FOUND")
}

func TestBulkIdempotencyKey(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Mails(t)
	query := fmt.Sprint("role=guest&event_id=", a.event.ID)
	header := map[string]string{"Content-Type": "text/csv", "Idempotency-Key": "one"}
	var mutex sync.Mutex
	var group sync.WaitGroup
	answers := map[string]int{}
	for range 8 {
		group.Go(func() {
			got := a.bulk(t, query, "email\nann@example.org\n", header)
			mutex.Lock()
			defer mutex.Unlock()
			answers[got.Body]++
			if want := `"created":1`; got.Status != http.StatusOK || !strings.Contains(got.Body, want) {
				t.Errorf("got %d %s, want 200 with %s", got.Status, got.Body, want)
			}
		})
	}
	group.Wait()
	if len(answers) != 1 {
		t.Errorf("got the responses %v, want the same each time", answers)
	}
	if sent := a.Mails(t); len(sent) != 1 {
		t.Errorf("mailed %+v, want one mail", sent)
	}
	a.bulk(t, query, "email\nbob@example.org\n", header).Error(t, http.StatusUnprocessableEntity, "IDEMPOTENCY_KEY_REUSED")
	a.Clock.Advance(invitedguest.KeepBulkResponses)
	if err := a.Clean(t.Context()); err != nil {
		t.Fatal(err)
	}
	var got bulkReport
	a.bulk(t, query, "email\nbob@example.org\n", header).Decode(t, http.StatusOK, &got)
	header["Idempotency-Key"] = strings.Repeat("x", 256)
	a.bulk(t, query, "email\nbob@example.org\n", header).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
}
