package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// comments of guests
//
// Revision ID: c53146023daf
// Revises:     e27ab54055c4
// Create Date: 2026-11-29 09:14:44
func init() {
	Revisions.Register(revision.Revision{
		ID:           "c53146023daf",
		DownRevision: []string{"e27ab54055c4"},
		Upgrade: func(m *op.Migration) {
			m.AddColumn("invited_guests", op.Column("comment", op.Text()).NotNull().Default(""))
		},
		Downgrade: func(m *op.Migration) {
			m.DropColumn("invited_guests", "comment")
		},
	})
}
