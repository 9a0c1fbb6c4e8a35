package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// keep wordings of mails, and find codes by user and by expiry
//
// Revision ID: 6ed9a26a09c7
// Revises:     6524f8aa89f1
// Create Date: 2026-11-29 13:49:45
func init() {
	Revisions.Register(revision.Revision{
		ID:           "6ed9a26a09c7",
		DownRevision: []string{"6524f8aa89f1"},
		Upgrade: func(m *op.Migration) {
			m.CreateTable("invited_guest_wordings",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("event_id", op.Int(64)).NotNull(),
				op.Column("kind", op.String(20)).NotNull(),
				op.Column("language", op.String(35)).NotNull(),
				op.Column("subject", op.String(200)).NotNull(),
				op.Column("body", op.Text()).NotNull(),
				op.Column("created_at", op.Time()).NotNull(),
				op.Column("updated_at", op.Time()).NotNull(),
				op.ForeignKey("fk_invited_guest_wordings_event", "event_id").References("events", "id").
					OnDelete("CASCADE"),
			)
			m.CreateIndex("idx_invited_guest_wordings_event_id_kind_language", "invited_guest_wordings",
				"event_id", "kind", "language").Unique()

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
			m.DropTable("invited_guest_wordings")
		},
	})
}
