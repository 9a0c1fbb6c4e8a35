package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// guests who want no reminders
//
// Revision ID: ef95b3034f07
// Revises:     e27ab54055c4
// Create Date: 2026-11-29 09:50:40
func init() {
	Revisions.Register(revision.Revision{
		ID:           "ef95b3034f07",
		DownRevision: []string{"e27ab54055c4"},
		Upgrade: func(m *op.Migration) {
			m.AddColumn("invited_guests", op.Column("unsubscribed_at", op.Time()))
		},
		Downgrade: func(m *op.Migration) {
			m.DropColumn("invited_guests", "unsubscribed_at")
		},
	})
}
