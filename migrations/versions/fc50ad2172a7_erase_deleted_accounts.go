package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// erase deleted accounts
//
// Revision ID: fc50ad2172a7
// Revises:     e592257626c3
// Create Date: 2026-11-29 01:05:23
func init() {
	Revisions.Register(revision.Revision{
		ID:           "fc50ad2172a7",
		DownRevision: []string{"e592257626c3"},
		Upgrade: func(m *op.Migration) {
			m.DropIndex("idx_audit_events_user_id", "audit_events")
			m.CreateIndex("idx_audit_events_actor_id", "audit_events", "actor_id", "id")
			m.CreateIndex("idx_audit_events_user_id", "audit_events", "user_id", "id")
			m.AddColumn("users", op.Column("erased_at", op.Time()))
			m.CreateIndex("idx_users_deleted_at", "users", "deleted_at").
				Where("deleted_at IS NOT NULL AND erased_at IS NULL")
		},
		Downgrade: func(m *op.Migration) {
			m.DropIndex("idx_users_deleted_at", "users")
			m.DropColumn("users", "erased_at")
			m.DropIndex("idx_audit_events_user_id", "audit_events")
			m.DropIndex("idx_audit_events_actor_id", "audit_events")
			m.CreateIndex("idx_audit_events_user_id", "audit_events", "user_id")
		},
	})
}
