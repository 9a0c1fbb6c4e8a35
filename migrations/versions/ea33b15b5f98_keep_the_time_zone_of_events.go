package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// keep the time zone of events
//
// Revision ID: ea33b15b5f98
// Revises:     e27ab54055c4
// Create Date: 2026-11-29 09:12:28
func init() {
	Revisions.Register(revision.Revision{
		ID:           "ea33b15b5f98",
		DownRevision: []string{"e27ab54055c4"},
		Upgrade: func(m *op.Migration) {
			m.AddColumn("events", op.Column("time_zone", op.String(64)).NotNull().Default("UTC"))
		},
		Downgrade: func(m *op.Migration) {
			m.DropColumn("events", "time_zone")
		},
	})
}
