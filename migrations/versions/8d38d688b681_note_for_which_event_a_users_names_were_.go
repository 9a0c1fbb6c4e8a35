package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// note for which event a user's names were chosen
//
// Revision ID: 8d38d688b681
// Revises:     e592257626c3
// Create Date: 2026-11-29 01:01:15
func init() {
	Revisions.Register(revision.Revision{
		ID:           "8d38d688b681",
		DownRevision: []string{"e592257626c3"},
		Upgrade: func(m *op.Migration) {
			m.AddColumn("users", op.Column("named_for", op.Int(64)).NotNull().Default(0))
		},
		Downgrade: func(m *op.Migration) {
			m.DropColumn("users", "named_for")
		},
	})
}
