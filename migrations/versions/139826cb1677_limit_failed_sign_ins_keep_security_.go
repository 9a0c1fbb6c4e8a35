package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// limit failed sign-ins, keep security events
//
// Revision ID: 139826cb1677
// Revises:     3f3325517c65
// Create Date: 2026-11-24 09:46:30
func init() {
	Revisions.Register(revision.Revision{
		ID:           "139826cb1677",
		DownRevision: []string{"3f3325517c65"},
		Upgrade: func(m *op.Migration) {
			m.CreateTable("audit_events",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("created_at", op.Time()).NotNull(),
				op.Column("kind", op.String(40)).NotNull(),
				op.Column("user_id", op.Int(64)),
				op.Column("actor_id", op.Int(64)),
				op.Column("address", op.String(45)).NotNull(),
				op.Column("request_id", op.String(64)).NotNull(),
				op.Column("detail", op.String(500)).NotNull(),
			)
			m.CreateIndex("idx_audit_events_created_at", "audit_events", "created_at")
			m.CreateIndex("idx_audit_events_user_id", "audit_events", "user_id")

			m.CreateTable("login_failures",
				op.Column("id", op.String(64)).PrimaryKey(),
				op.Column("failures", op.Int(64)).NotNull(),
				op.Column("open_at", op.Time()).NotNull(),
				op.Column("forget_at", op.Time()).NotNull(),
				op.Column("known_until", op.Time()),
				op.Column("expires_at", op.Time()).NotNull(),
			)
			m.CreateIndex("idx_login_failures_expires_at", "login_failures", "expires_at")
		},
		Downgrade: func(m *op.Migration) {
			m.DropTable("login_failures")
			m.DropTable("audit_events")
		},
	})
}
