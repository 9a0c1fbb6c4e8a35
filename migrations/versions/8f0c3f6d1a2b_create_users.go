package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// create users
//
// Revision ID: 8f0c3f6d1a2b
// Revises:
// Create Date: 2026-11-24 06:43:48
func init() {
	Revisions.Register(revision.Revision{
		ID: "8f0c3f6d1a2b",
		Upgrade: func(m *op.Migration) {
			m.CreateTable("users",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("email", op.String(254)).NotNull(),
				op.Column("password_hash", op.String(255)).NotNull(),
				op.Column("firstname", op.String(100)).NotNull(),
				op.Column("lastname", op.String(100)).NotNull(),
				op.Column("user_title", op.String(50)).NotNull(),
				op.Column("primary_language", op.String(35)).NotNull(),
				op.Column("is_admin", op.Bool()).NotNull().Default(false),
				op.Column("policy_agreed_at", op.Time()),
				op.Column("created_at", op.Time()).NotNull(),
				op.Column("updated_at", op.Time()).NotNull(),
				op.Column("deleted_at", op.Time()),
			)
			m.CreateIndex("idx_users_deleted_at", "users", "deleted_at")
			m.CreateIndex("idx_users_email", "users", "email").Unique()
		},
		Downgrade: func(m *op.Migration) {
			m.DropTable("users")
		},
	})
}
