package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// codes and verification
//
// Revision ID: fbd887e08ab7
// Revises:     6dfa0b3dc12b
// Create Date: 2026-11-24 09:47:31
func init() {
	revision.Register(revision.Revision{
		ID:           "fbd887e08ab7",
		DownRevision: []string{"6dfa0b3dc12b"},
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

			m.AddColumn("users", op.Column("verified_at", op.Time()))
			m.AddColumn("users", op.Column("token_generation", op.Int(64)).NotNull().Default(0))
		},
		Downgrade: func(m *op.Migration) {
			m.DropColumn("users", "token_generation")
			m.DropColumn("users", "verified_at")
			m.DropTable("user_codes")
		},
	})
}
