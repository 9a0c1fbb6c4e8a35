package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// keep pending addresses and codes that undo their change
//
// Revision ID: 8cb3d296f41b
// Revises:     e592257626c3
// Create Date: 2026-11-29 01:04:59
func init() {
	Revisions.Register(revision.Revision{
		ID:           "8cb3d296f41b",
		DownRevision: []string{"e592257626c3"},
		Upgrade: func(m *op.Migration) {
			m.DropIndex("idx_user_codes_user_id_purpose", "user_codes")
			m.AddColumn("user_codes", op.Column("generation", op.Int(64)).NotNull().Default(0))
			m.AddColumn("user_codes", op.Column("void_before", op.Int(64)).NotNull().Default(0))
			m.CreateIndex("idx_user_codes_user_id_purpose", "user_codes", "user_id", "purpose").Unique().
				Where("purpose <> 'undo_email'")
			m.CreateIndex("idx_user_codes_user_id_undo", "user_codes", "user_id").Where("purpose = 'undo_email'")
			m.AddColumn("users", op.Column("pending_email", op.String(254)).NotNull().Default(""))
		},
		Downgrade: func(m *op.Migration) {
			m.DropColumn("users", "pending_email")
			m.DropIndex("idx_user_codes_user_id_undo", "user_codes")
			m.SQL("DELETE FROM user_codes WHERE purpose IN ('undo_email', 'change_email')") // the program before knows neither
			m.DropIndex("idx_user_codes_user_id_purpose", "user_codes")
			m.DropColumn("user_codes", "void_before")
			m.DropColumn("user_codes", "generation")
			m.CreateIndex("idx_user_codes_user_id_purpose", "user_codes", "user_id", "purpose").Unique()
		},
	})
}
