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
	}) {
		tracker.Follow(o)
	}
	for now, want := range map[string]string{
		"guests": "people", "people": "", "staff": "", "teams": "", "other": "other",
	} {
		if got := tracker.Table(now); got != want {
			t.Errorf("table %s: got the former name %q, want %q", now, got, want)
		}
	}
	for now, want := range map[[2]string]string{
		{"guests", "extension"}: "phone", {"guests", "number"}: "", {"guests", "phone"}: "", {"guests", "id"}: "id",
		{"other", "phone"}: "phone",
	} {
		if got := tracker.Column(now[0], now[1]); got != want {
			t.Errorf("column %s.%s: got the former name %q, want %q", now[0], now[1], got, want)
		}
	}
}
