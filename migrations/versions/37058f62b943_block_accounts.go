package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// block accounts
//
// Revision ID: 37058f62b943
// Revises:     e592257626c3
// Create Date: 2026-11-29 00:57:49
func init() {
	Revisions.Register(revision.Revision{
		ID:           "37058f62b943",
		DownRevision: []string{"e592257626c3"},
		Upgrade: func(m *op.Migration) {
			m.AddColumn("users", op.Column("blocked_at", op.Time()))
		},
		Downgrade: func(m *op.Migration) {
			m.DropColumn("users", "blocked_at")
		},
	})
}
