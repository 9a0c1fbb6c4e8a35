package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// create mail messages
//
// Revision ID: 6dfa0b3dc12b
// Revises:     8f0c3f6d1a2b
// Create Date: 2026-11-24 09:40:08
func init() {
	Revisions.Register(revision.Revision{
		ID:           "6dfa0b3dc12b",
		DownRevision: []string{"8f0c3f6d1a2b"},
		Upgrade: func(m *op.Migration) {
			m.CreateTable("mail_messages",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("kind", op.String(50)).NotNull(),
				op.Column("recipient", op.String(254)).NotNull(),
				op.Column("language", op.String(35)).NotNull(),
				op.Column("data", op.Text()).NotNull(),
				op.Column("state", op.String(10)).NotNull(),
				op.Column("due_at", op.Time()).NotNull(),
				op.Column("attempts", op.Int(64)).NotNull(),
				op.Column("created_at", op.Time()).NotNull(),
				op.Column("finished_at", op.Time()),
			)
			m.CreateIndex("idx_mail_messages_state_due_at", "mail_messages", "state", "due_at")
		},
		Downgrade: func(m *op.Migration) {
			m.DropTable("mail_messages")
		},
	})
}
