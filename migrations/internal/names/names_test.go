package names_test

import (
	"testing"

	"guestlist/migrations/internal/names"
	"guestlist/migrations/op"
)

func TestTracker(t *testing.T) {
	t.Parallel()
	tracker := names.New()
	for _, o := range op.Record(func(m *op.Migration) {
		m.RenameColumn("people", "phone", "number")
		m.AddColumn("people", op.Column("phone", op.Text()))
		m.RenameTable("people", "guests")
		m.RenameColumn("guests", "number", "extension")
		m.CreateTable("people", op.Column("phone", op.Text()))
		m.RenameTable("people", "staff")
		m.DropTable("teams")
		m.CreateTable("teams", op.Column("id", op.Int(64)))
		m.RenameColumn("old", "a", "b")
		m.DropTable("old")
		m.RenameTable("new", "old")
		m.RenameColumn("columns", "a", "b")
		m.AddColumn("more", op.Column("a", op.Text()))
		m.RenameColumn("back", "a", "b")
		m.RenameColumn("back", "b", "a")
	}) {
		tracker.Follow(o)
	}
	for now, want := range map[string]string{
		"guests": "people", "people": "", "staff": "", "teams": "", "other": "other", "old": "new",
	} {
		if got := tracker.Table(now); got != want {
			t.Errorf("table %s: got the former name %q, want %q", now, got, want)
		}
	}
	for now, want := range map[[2]string]string{
		{"guests", "extension"}: "phone", {"guests", "number"}: "", {"guests", "phone"}: "", {"guests", "id"}: "id",
		{"other", "phone"}: "phone", {"old", "a"}: "a", {"old", "b"}: "b",
	} {
		if got := tracker.Column(now[0], now[1]); got != want {
			t.Errorf("column %s.%s: got the former name %q, want %q", now[0], now[1], got, want)
		}
	}
	for table, want := range map[string]bool{
		"guests": true, "staff": false, "teams": false, "old": true, "columns": true, "more": false, "back": false,
		"other": false,
	} {
		if got := tracker.Renamed(table); got != want {
			t.Errorf("table %s: got %t, want %t for whether it has other names", table, got, want)
		}
	}
}
