package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// reminders to guests and answers to bulk requests
//
// Revision ID: f7179f6ad29a
// Revises:     878fa0e50280
// Create Date: 2026-11-24 10:32:17
func init() {
	revision.Register(revision.Revision{
		ID:           "f7179f6ad29a",
		DownRevision: []string{"878fa0e50280"},
		Upgrade: func(m *op.Migration) {
			m.CreateTable("invited_guest_bulk_answers",
				op.Column("key", op.String(64)).PrimaryKey(),
				op.Column("request", op.String(64)).NotNull(),
				op.Column("answer", op.Text()).NotNull(),
				op.Column("created_at", op.Time()).NotNull(),
			)
			m.CreateIndex("idx_invited_guest_bulk_answers_created_at", "invited_guest_bulk_answers", "created_at")

			m.CreateTable("invited_guest_reminders",
				op.Column("invited_guest_id", op.Int(64)),
				op.Column("name", op.String(50)),
				op.Column("created_at", op.Time()).NotNull(),
				op.PrimaryKey("invited_guest_id", "name"),
				op.ForeignKey("fk_invited_guest_reminders_invited_guest", "invited_guest_id").
					References("invited_guests", "id").OnDelete("CASCADE"),
			)

			m.DropIndex("idx_invited_guest_tags_tag_id", "invited_guest_tags")
			m.CreateIndex("idx_invited_guest_tags_tag_id", "invited_guest_tags", "tag_id", "invited_guest_id")
		},
		Downgrade: func(m *op.Migration) {
			m.DropIndex("idx_invited_guest_tags_tag_id", "invited_guest_tags")
			m.CreateIndex("idx_invited_guest_tags_tag_id", "invited_guest_tags", "tag_id")
			m.DropTable("invited_guest_reminders")
			m.DropTable("invited_guest_bulk_answers")
		},
	})
}
