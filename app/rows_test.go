package app_test

import (
	"testing"

	"guestlist/app/database/dbtest"
)

// TestRevisionsKeepRows takes rows through those of the program's revisions that change rows, up and down.
func TestRevisionsKeepRows(t *testing.T) {
	t.Parallel()
	on := dbtest.New(t)
	exec := func(statement string) {
		t.Helper()
		if err := on.Exec(statement).Error; err != nil {
			t.Fatal(err)
		}
	}
	count := func(want int64, query string) {
		t.Helper()
		var got int64
		if err := on.Raw("SELECT count(*) FROM " + query).Scan(&got).Error; err != nil || got != want {
			t.Errorf("%s: %d, want %d, %v", query, got, want, err)
		}
	}
	const now = "'2026-02-03 12:00:00+00:00'"
	db(t, on, "upgrade", "8f0c3f6d1a2b")
	exec("INSERT INTO users (id, email, password_hash, firstname, lastname, user_title, primary_language, created_at, updated_at) VALUES " +
		"(1, 'ann@example.org', '', 'Ann', 'Lee', '', 'en', " + now + ", " + now + "), (2, 'bob@example.org', '', '', '', '', 'en', " + now + ", " + now + ")")
	db(t, on, "upgrade", "bc0b0fd18f21")
	exec("INSERT INTO events (id, key, name, description, start_date, end_date, email_from, url, event_type, created_at, updated_at) VALUES " +
		"(1, 'gala', '{}', '{}', " + now + ", " + now + ", '', '', '', " + now + ", " + now + ")")
	exec("INSERT INTO invited_guests (id, event_id, user_id, role, status, created_at, updated_at) VALUES " +
		"(1, 1, 1, 'guest', 'accepted', " + now + ", " + now + "), (2, 1, 2, 'guest', 'invited', " + now + ", " + now + ")")
	exec("INSERT INTO invited_guest_reminders (invited_guest_id, name, created_at) VALUES (2, 'first', " + now + ")")
	for range 2 {
		db(t, on, "upgrade")
		count(2, "invited_guests JOIN users ON users.id = user_id AND users.search_key = invited_guests.search_key AND users.lastname_key = invited_guests.lastname_key")
		exec("UPDATE users SET lastname_key = search_key WHERE id = 1")
		count(1, "invited_guests WHERE lastname_key = search_key")
		count(1, "invited_guest_reminders")
		db(t, on, "downgrade", "bc0b0fd18f21")
		count(2, "invited_guests")
		count(1, "invited_guest_reminders")
	}
	db(t, on, "downgrade", "8f0c3f6d1a2b")
	count(2, "users")
}
