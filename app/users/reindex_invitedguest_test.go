package users_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/database/dbtest"
)

// load stores accounts with SQL, as when data is moved: with IDs and without keys.
func (a testApp) load(t *testing.T, rows ...string) {
	t.Helper()
	none := "''" // text in SQLite, although the program stores bytes
	if dbtest.Postgres() {
		none = "''::bytea"
	}
	for _, row := range rows {
		err := a.DB.Exec("INSERT INTO users (id, email, firstname, lastname, deleted_at, password_hash, user_title, " +
			"primary_language, " +
			"created_at, updated_at, search_key, lastname_key) VALUES (" + row +
			", '', '', 'en', '2026-01-01 00:00:00+00:00', " +
			"'2026-01-01 00:00:00+00:00', " + none + ", " + none + ")").Error
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestReindex(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root := a.RegisterAdmin(t, "root@example.org")
	event := a.CreateEvent(t, "gala")
	a.load(
		t,
		"10, 'ANN@Example.org', 'Ann', 'Ångström', NULL",
		"11, '\uff22\uff4f\uff42@example.org', 'Bob', 'Lee', NULL", // wide letters
		"12, 'bob@EXAMPLE.org', 'Other', 'Lee', NULL",
		"13, 'nobody', 'No', 'Body', NULL",
		"14, 'Gone@example.org', 'Gone', 'Lee', '2026-01-01 00:00:00+00:00'",
		"15, 'ann@example.org', 'Late', 'Ann', '2026-01-01 00:00:00+00:00'",
		"16, '', '', '', '2026-01-01 00:00:00+00:00'",
	)
	if err := a.DB.Exec("UPDATE users SET erased_at = deleted_at WHERE id = 16").Error; err != nil {
		t.Fatal(err)
	}
	guest := "INSERT INTO invited_guests (event_id, user_id, role, status, created_at, updated_at, search_key, " +
		"lastname_key) " +
		"SELECT ?, id, 'guest', 'invited', created_at, updated_at, search_key, lastname_key FROM users WHERE id = 10"
	if err := a.DB.Exec(guest, event.ID).Error; err != nil {
		t.Fatal(err)
	}
	stdout, stderr, err := a.commandLine(t, "", "reindex")
	want := "account 12: \"bob@EXAMPLE.org\" is the address of account 11\naccount 13: \"nobody\" is not a valid " +
		"email address\n"
	if stdout != "Changed 6 accounts of 7.\n" || stderr != want || err == nil ||
		err.Error() != "2 addresses were not changed" {
		t.Errorf("got %q, %q and %v, want 6 of 7 changed, %q and 2 addresses not changed", stdout, stderr, err, want)
	}
	for id, email := range map[int64]string{10: "ann@example.org", 11: "bob@example.org", 12: "bob@EXAMPLE.org",
		13: "nobody"} {
		if user := a.user(t, id); user.Email != email ||
			!strings.HasPrefix(string(user.SearchKey), "\x01"+strings.ToLower(email)+"\x1f") {
			t.Errorf("got %+v, want %s", user, email)
		}
	}
	if got := a.walk(t, root.Token, "sort=lastname&q=example.org"); !slices.Equal(got, []int64{1, 10, 11, 12}) {
		t.Errorf("got the list %v, want [1 10 11 12]", got)
	}
	path := "/api/v1/invitedGuestList?event_id=1&q=" + url.QueryEscape("ångstr")
	guests := a.Send(t, apptest.Request{Method: http.MethodGet, Path: path, Token: root.Token})
	if !strings.Contains(guests.Body, `"email":"ann@example.org"`) {
		t.Errorf("got the guests %s, want ann@example.org among them", guests.Body)
	}
	if late := a.Register(t, "new@example.org"); late.ID <= 16 {
		t.Errorf("got the id %d, want one above 16", late.ID)
	}
	stdout, _, _ = a.commandLine(t, "", "reindex")
	if want := "Changed 0 accounts of 8.\n"; stdout != want {
		t.Errorf("again: got %q, want %q", stdout, want)
	}
}
