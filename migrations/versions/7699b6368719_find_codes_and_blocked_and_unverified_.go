package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// find codes, and blocked and unverified users
//
// Revision ID: 7699b6368719
// Revises:     6524f8aa89f1
// Create Date: 2026-11-29 13:09:03
func init() {
	Revisions.Register(revision.Revision{
		ID:           "7699b6368719",
		DownRevision: []string{"6524f8aa89f1"},
		Upgrade: func(m *op.Migration) {
			m.DropIndex("idx_user_codes_user_id_undo", "user_codes")
			m.CreateIndex("idx_user_codes_expires_at", "user_codes", "expires_at")
			m.CreateIndex("idx_user_codes_user_id", "user_codes", "user_id")
			m.CreateIndex("idx_users_blocked", "users", "id").Where("blocked_at IS NOT NULL AND deleted_at IS NULL")
			m.CreateIndex("idx_users_unverified", "users", "id").Where("verified_at IS NULL AND deleted_at IS NULL")
		},
		Downgrade: func(m *op.Migration) {
			m.DropIndex("idx_users_unverified", "users")
			m.DropIndex("idx_users_blocked", "users")
			m.DropIndex("idx_user_codes_user_id", "user_codes")
			m.DropIndex("idx_user_codes_expires_at", "user_codes")
			m.CreateIndex("idx_user_codes_user_id_undo", "user_codes", "user_id").Where("purpose = 'undo_email'")
		},
	})
}
