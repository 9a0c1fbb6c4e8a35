package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// mailed codes
//
// Revision ID: 3f3325517c65
// Revises:     94e280ab9911
// Create Date: 2026-11-24 09:58:03
func init() {
	Revisions.Register(revision.Revision{
		ID:           "3f3325517c65",
		DownRevision: []string{"94e280ab9911"},
		Upgrade: func(m *op.Migration) {
			m.CreateTable("user_codes",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("user_id", op.Int(64)).NotNull(),
				op.Column("purpose", op.String(20)).NotNull(),
				op.Column("hash", op.String(64)).NotNull(),
				op.Column("email", op.String(254)).NotNull(),
				op.Column("expires_at", op.Time()).NotNull(),
				op.Column("used_at", op.Time()),
				op.Column("created_at", op.Time()).NotNull(),
				op.ForeignKey("fk_user_codes_user", "user_id").References("users", "id").OnDelete("CASCADE"),
			)
			m.CreateIndex("idx_user_codes_hash", "user_codes", "hash").Unique()
			m.CreateIndex("idx_user_codes_user_id_purpose", "user_codes", "user_id", "purpose").Unique()
		},
		Downgrade: func(m *op.Migration) {
			m.DropTable("user_codes")
		},
	})
}
