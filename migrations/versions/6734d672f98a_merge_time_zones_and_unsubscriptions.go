package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// merge time zones and unsubscriptions
//
// Revision ID: 6734d672f98a
// Revises:     ea33b15b5f98, ef95b3034f07
// Create Date: 2026-11-29 10:24:36
func init() {
	Revisions.Register(revision.Revision{
		ID:           "6734d672f98a",
		DownRevision: []string{"ea33b15b5f98", "ef95b3034f07"},
		Upgrade: func(m *op.Migration) {
		},
		Downgrade: func(m *op.Migration) {
		},
	})
}
