package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// reminders and bulk answers
//
// Revision ID: bc0b0fd18f21
// Revises:     6889b70c7b61
// Create Date: 2026-11-24 10:37:56
func init() {
	Revisions.Register(revision.Revision{
		ID:           "bc0b0fd18f21",
		DownRevision: []string{"6889b70c7b61"},
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
