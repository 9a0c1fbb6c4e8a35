package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// limit mails of events, store invitation codes
//
// Revision ID: fa13ca857f1e
// Revises:     e592257626c3
// Create Date: 2026-11-29 01:06:22
func init() {
	Revisions.Register(revision.Revision{
		ID:           "fa13ca857f1e",
		DownRevision: []string{"e592257626c3"},
		Upgrade: func(m *op.Migration) {
			m.CreateTable("invited_guest_codes",
				op.Column("hash", op.String(64)).PrimaryKey(),
				op.Column("invited_guest_id", op.Int(64)).NotNull(),
				op.Column("created_at", op.Time()).NotNull(),
				op.ForeignKey("fk_invited_guest_codes_invited_guest", "invited_guest_id").
					References("invited_guests", "id").OnDelete("CASCADE"),
			)
			m.CreateIndex("idx_invited_guest_codes_invited_guest_id", "invited_guest_codes", "invited_guest_id")

			m.DropIndex("idx_mail_messages_state_due_at", "mail_messages")
			m.AddColumn("mail_messages", op.Column("mail_group", op.String(50)).NotNull().Default(""))
			m.AddColumn("mail_messages", op.Column("bulk", op.Bool()).NotNull().Default(false))
			m.AddColumn("mail_messages", op.Column("held_until", op.Time()))
			m.AddColumn("mail_messages", op.Column("begun_at", op.Time()))
			m.CreateIndex("idx_mail_messages_mail_group_begun_at", "mail_messages", "mail_group", "begun_at")
			m.CreateIndex("idx_mail_messages_state_bulk_due_at", "mail_messages", "state", "bulk", "due_at", "id")
		},
		Downgrade: func(m *op.Migration) {
			m.DropIndex("idx_mail_messages_state_bulk_due_at", "mail_messages")
			m.DropIndex("idx_mail_messages_mail_group_begun_at", "mail_messages")
			m.DropColumn("mail_messages", "begun_at")
			m.DropColumn("mail_messages", "held_until")
			m.DropColumn("mail_messages", "bulk")
			m.DropColumn("mail_messages", "mail_group")
			m.CreateIndex("idx_mail_messages_state_due_at", "mail_messages", "state", "due_at")
			m.DropTable("invited_guest_codes")
		},
	})
}
