package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// create the schema
//
// Revision ID: e592257626c3
// Revises:
// Create Date: 2026-11-28 18:57:34
func init() {
	Revisions.Register(revision.Revision{
		ID: "e592257626c3",
		Upgrade: func(m *op.Migration) {
			m.CreateTable("audit_events",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("created_at", op.Time()).NotNull(),
				op.Column("kind", op.String(40)).NotNull(),
				op.Column("user_id", op.Int(64)),
				op.Column("actor_id", op.Int(64)),
				op.Column("address", op.String(45)).NotNull(),
				op.Column("request_id", op.String(64)).NotNull(),
				op.Column("detail", op.String(500)).NotNull(),
			)
			m.CreateIndex("idx_audit_events_created_at", "audit_events", "created_at")
			m.CreateIndex("idx_audit_events_user_id", "audit_events", "user_id")

			m.CreateTable("events",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("key", op.String(100)).NotNull(),
				op.Column("name", op.Type("text")).NotNull(),
				op.Column("description", op.Type("text")).NotNull(),
				op.Column("start_date", op.Time()).NotNull(),
				op.Column("end_date", op.Time()).NotNull(),
				op.Column("email_from", op.String(254)).NotNull(),
				op.Column("url", op.String(2048)).NotNull(),
				op.Column("event_type", op.String(20)).NotNull(),
				op.Column("registration_open", op.Time()),
				op.Column("registration_close", op.Time()),
				op.Column("application_open", op.Time()),
				op.Column("application_close", op.Time()),
				op.Column("review_open", op.Time()),
				op.Column("review_close", op.Time()),
				op.Column("selection_open", op.Time()),
				op.Column("selection_close", op.Time()),
				op.Column("offer_open", op.Time()),
				op.Column("offer_close", op.Time()),
				op.Column("created_at", op.Time()).NotNull(),
				op.Column("updated_at", op.Time()).NotNull(),
			)
			m.CreateIndex("idx_events_key", "events", "key").Unique()
			m.CreateIndex("idx_events_start_date", "events", "start_date", "id")

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
				op.Column("verified_at", op.Time()),
				op.Column("last_login", op.Time()),
				op.Column("token_generation", op.Int(64)).NotNull().Default(0),
				op.Column("created_at", op.Time()).NotNull(),
				op.Column("updated_at", op.Time()).NotNull(),
				op.Column("deleted_at", op.Time()),
				op.Column("search_key", op.Bytes()).NotNull(),
				op.Column("lastname_key", op.Bytes()).NotNull(),
			)
			m.CreateIndex("idx_users_created_at", "users", "created_at", "id").Where("deleted_at IS NULL")
			m.CreateIndex("idx_users_email", "users", "email").Unique().Where("deleted_at IS NULL")
			m.CreateIndex("idx_users_id_search_key_lastname_key", "users", "id", "search_key", "lastname_key").
				Unique()
			m.CreateIndex("idx_users_lastname_key", "users", "lastname_key", "id").Where("deleted_at IS NULL")
			m.CreateIndex("idx_users_search_key", "users", "search_key", "id").Where("deleted_at IS NULL")

			m.CreateTable("event_roles",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("event_id", op.Int(64)).NotNull(),
				op.Column("user_id", op.Int(64)).NotNull(),
				op.Column("role", op.String(50)).NotNull(),
				op.Column("created_at", op.Time()).NotNull(),
				op.ForeignKey("fk_event_roles_event", "event_id").References("events", "id").OnDelete("CASCADE"),
				op.ForeignKey("fk_event_roles_user", "user_id").References("users", "id").OnDelete("CASCADE"),
			)
			m.CreateIndex("idx_event_roles_event_id_user_id_role", "event_roles", "event_id", "user_id", "role").
				Unique()
			m.CreateIndex("idx_event_roles_user_id", "event_roles", "user_id")

			m.CreateTable("invited_guest_bulk_answers",
				op.Column("key", op.String(64)).PrimaryKey(),
				op.Column("request", op.String(64)).NotNull(),
				op.Column("answer", op.Text()).NotNull(),
				op.Column("created_at", op.Time()).NotNull(),
			)
			m.CreateIndex("idx_invited_guest_bulk_answers_created_at", "invited_guest_bulk_answers", "created_at")

			m.CreateTable("invited_guests",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("event_id", op.Int(64)).NotNull(),
				op.Column("user_id", op.Int(64)).NotNull(),
				op.Column("role", op.String(50)).NotNull(),
				op.Column("status", op.String(10)).NotNull(),
				op.Column("answered_at", op.Time()),
				op.Column("created_at", op.Time()).NotNull(),
				op.Column("updated_at", op.Time()).NotNull(),
				op.Column("search_key", op.Bytes()).NotNull(),
				op.Column("lastname_key", op.Bytes()).NotNull(),
				op.ForeignKey("fk_invited_guests_event", "event_id").References("events", "id").OnDelete("CASCADE"),
				op.ForeignKey("fk_invited_guests_user", "user_id", "search_key", "lastname_key").
					References("users", "id", "search_key", "lastname_key").OnDelete("CASCADE").OnUpdate("CASCADE"),
			)
			m.CreateIndex("idx_invited_guests_event_id", "invited_guests", "event_id", "id")
			m.CreateIndex("idx_invited_guests_event_id_lastname_key", "invited_guests", "event_id", "lastname_key", "user_id")
			m.CreateIndex("idx_invited_guests_event_id_role", "invited_guests", "event_id", "role", "id")
			m.CreateIndex("idx_invited_guests_event_id_search_key", "invited_guests", "event_id", "search_key", "user_id")
			m.CreateIndex("idx_invited_guests_event_id_status", "invited_guests", "event_id", "status", "id")
			m.CreateIndex("idx_invited_guests_user_id_event_id", "invited_guests", "user_id", "event_id").Unique()

			m.CreateTable("invited_guest_reminders",
				op.Column("invited_guest_id", op.Int(64)),
				op.Column("name", op.String(50)),
				op.Column("created_at", op.Time()).NotNull(),
				op.PrimaryKey("invited_guest_id", "name"),
				op.ForeignKey("fk_invited_guest_reminders_invited_guest", "invited_guest_id").
					References("invited_guests", "id").OnDelete("CASCADE"),
			)

			m.CreateTable("tags",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("event_id", op.Int(64)).NotNull(),
				op.Column("tag_type", op.String(50)).NotNull(),
				op.Column("name", op.Type("text")).NotNull(),
				op.Column("description", op.Type("text")).NotNull(),
				op.ForeignKey("fk_tags_event", "event_id").References("events", "id").OnDelete("CASCADE"),
			)
			m.CreateIndex("idx_tags_event_id", "tags", "event_id")

			m.CreateTable("invited_guest_tags",
				op.Column("invited_guest_id", op.Int(64)),
				op.Column("tag_id", op.Int(64)),
				op.PrimaryKey("invited_guest_id", "tag_id"),
				op.ForeignKey("fk_invited_guest_tags_invited_guest", "invited_guest_id").
					References("invited_guests", "id").OnDelete("CASCADE"),
				op.ForeignKey("fk_invited_guest_tags_tag", "tag_id").References("tags", "id").OnDelete("CASCADE"),
			)
			m.CreateIndex("idx_invited_guest_tags_tag_id", "invited_guest_tags", "tag_id", "invited_guest_id")

			m.CreateTable("login_failures",
				op.Column("id", op.String(64)).PrimaryKey(),
				op.Column("failures", op.Int(64)).NotNull(),
				op.Column("open_at", op.Time()).NotNull(),
				op.Column("forget_at", op.Time()).NotNull(),
				op.Column("known_until", op.Time()),
				op.Column("expires_at", op.Time()).NotNull(),
			)
			m.CreateIndex("idx_login_failures_expires_at", "login_failures", "expires_at")

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
			m.CreateIndex("idx_mail_messages_recipient", "mail_messages", "recipient", "kind", "state", "finished_at")
			m.CreateIndex("idx_mail_messages_state_due_at", "mail_messages", "state", "due_at")

			m.CreateTable("revoked_tokens",
				op.Column("token_id", op.String(64)).PrimaryKey(),
				op.Column("expires_at", op.Time()).NotNull(),
			)
			m.CreateIndex("idx_revoked_tokens_expires_at", "revoked_tokens", "expires_at")

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
			m.DropTable("revoked_tokens")
			m.DropTable("mail_messages")
			m.DropTable("login_failures")
			m.DropTable("invited_guest_tags")
			m.DropTable("tags")
			m.DropTable("invited_guest_reminders")
			m.DropTable("invited_guests")
			m.DropTable("invited_guest_bulk_answers")
			m.DropTable("event_roles")
			m.DropTable("users")
			m.DropTable("events")
			m.DropTable("audit_events")
		},
	})
}
