package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// prove addresses, block, erase and limit
//
// Revision ID: 789bcdad91cd
// Revises:     e592257626c3
// Create Date: 2026-11-29 01:50:40
func init() {
	Revisions.Register(revision.Revision{
		ID:           "789bcdad91cd",
		DownRevision: []string{"e592257626c3"},
		Upgrade: func(m *op.Migration) {
			m.DropIndex("idx_audit_events_user_id", "audit_events")
			m.CreateIndex("idx_audit_events_actor_id", "audit_events", "actor_id", "id")
			m.CreateIndex("idx_audit_events_user_id", "audit_events", "user_id", "id")

			m.CreateTable("invited_guest_codes",
				op.Column("hash", op.String(64)).PrimaryKey(),
				op.Column("invited_guest_id", op.Int(64)).NotNull(),
				op.Column("created_at", op.Time()).NotNull(),
				op.ForeignKey("fk_invited_guest_codes_invited_guest", "invited_guest_id").
					References("invited_guests", "id").OnDelete("CASCADE"),
			)
			m.CreateIndex("idx_invited_guest_codes_invited_guest_id", "invited_guest_codes", "invited_guest_id")

			m.AddColumn("login_failures", op.Column("account", op.String(64)).NotNull().Default(""))
			m.CreateIndex("idx_login_failures_account", "login_failures", "account")
			m.DropIndex("idx_mail_messages_state_due_at", "mail_messages")
			m.AddColumn("mail_messages", op.Column("mail_group", op.String(50)).NotNull().Default(""))
			m.AddColumn("mail_messages", op.Column("bulk", op.Bool()).NotNull().Default(false))
			m.AddColumn("mail_messages", op.Column("held_until", op.Time()))
			m.AddColumn("mail_messages", op.Column("begun_at", op.Time()))
			m.CreateIndex("idx_mail_messages_mail_group_begun_at", "mail_messages", "mail_group", "begun_at")
			m.CreateIndex("idx_mail_messages_state_bulk_due_at", "mail_messages", "state", "bulk", "due_at", "id")
			m.DropIndex("idx_user_codes_user_id_purpose", "user_codes")
			m.AddColumn("user_codes", op.Column("generation", op.Int(64)).NotNull().Default(0))
			m.AddColumn("user_codes", op.Column("void_before", op.Int(64)).NotNull().Default(0))
			m.CreateIndex("idx_user_codes_user_id_purpose", "user_codes", "user_id", "purpose").Unique().
				Where("purpose <> 'undo_email'")
			m.CreateIndex("idx_user_codes_user_id_undo", "user_codes", "user_id").Where("purpose = 'undo_email'")
			m.AddColumn("users", op.Column("named_for", op.Int(64)).NotNull().Default(0))
			m.AddColumn("users", op.Column("blocked_at", op.Time()))
			m.AddColumn("users", op.Column("pending_email", op.String(254)).NotNull().Default(""))
			m.AddColumn("users", op.Column("erased_at", op.Time()))
			m.CreateIndex("idx_users_deleted_at", "users", "deleted_at").
				Where("deleted_at IS NOT NULL AND erased_at IS NULL")
		},
		Downgrade: func(m *op.Migration) {
			m.DropIndex("idx_users_deleted_at", "users")
			m.DropColumn("users", "erased_at")
			m.DropColumn("users", "pending_email")
			m.DropColumn("users", "blocked_at")
			m.DropColumn("users", "named_for")
			m.DropIndex("idx_user_codes_user_id_undo", "user_codes")
			m.DropIndex("idx_user_codes_user_id_purpose", "user_codes")
			m.DropColumn("user_codes", "void_before")
			m.DropColumn("user_codes", "generation")

			// Of codes that undo a change of address a user can have many, which the schema before does not know.
			m.SQL("DELETE FROM user_codes WHERE purpose IN ('undo_email', 'change_email')")
			m.CreateIndex("idx_user_codes_user_id_purpose", "user_codes", "user_id", "purpose").Unique()

			m.DropIndex("idx_mail_messages_state_bulk_due_at", "mail_messages")
			m.DropIndex("idx_mail_messages_mail_group_begun_at", "mail_messages")
			m.DropColumn("mail_messages", "begun_at")
			m.DropColumn("mail_messages", "held_until")
			m.DropColumn("mail_messages", "bulk")
			m.DropColumn("mail_messages", "mail_group")
			m.CreateIndex("idx_mail_messages_state_due_at", "mail_messages", "state", "due_at")
			m.DropIndex("idx_login_failures_account", "login_failures")
			m.DropColumn("login_failures", "account")
			m.DropTable("invited_guest_codes")
			m.DropIndex("idx_audit_events_user_id", "audit_events")
			m.DropIndex("idx_audit_events_actor_id", "audit_events")
			m.CreateIndex("idx_audit_events_user_id", "audit_events", "user_id")
		},
	})
}
