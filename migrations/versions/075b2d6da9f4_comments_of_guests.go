package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// comments of guests
//
// Revision ID: 075b2d6da9f4
// Revises:     ea33b15b5f98
// Create Date: 2026-11-29 09:41:07
func init() {
	Revisions.Register(revision.Revision{
		ID:           "075b2d6da9f4",
		DownRevision: []string{"ea33b15b5f98"},
		Upgrade: func(m *op.Migration) {
			m.AddColumn("invited_guests", op.Column("comment", op.Text()).NotNull().Default(""))
		},
		Downgrade: func(m *op.Migration) {
			m.DropColumn("invited_guests", "comment")
		},
	})
}
