package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// events, tags and invited guests
//
// Revision ID: 6889b70c7b61
// Revises:     467663ecb038
// Create Date: 2026-11-24 10:30:56
func init() {
	Revisions.Register(revision.Revision{
		ID:           "6889b70c7b61",
		DownRevision: []string{"467663ecb038"},
		Upgrade: func(m *op.Migration) {
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

			m.CreateTable("invited_guests",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("event_id", op.Int(64)).NotNull(),
				op.Column("user_id", op.Int(64)).NotNull(),
				op.Column("role", op.String(50)).NotNull(),
				op.Column("status", op.String(10)).NotNull(),
				op.Column("answered_at", op.Time()),
				op.Column("created_at", op.Time()).NotNull(),
				op.Column("updated_at", op.Time()).NotNull(),
				op.ForeignKey("fk_invited_guests_event", "event_id").References("events", "id").OnDelete("CASCADE"),
				op.ForeignKey("fk_invited_guests_user", "user_id").References("users", "id").OnDelete("CASCADE"),
			)
			m.CreateIndex("idx_invited_guests_event_id", "invited_guests", "event_id", "id")
			m.CreateIndex("idx_invited_guests_event_id_role", "invited_guests", "event_id", "role", "id")
			m.CreateIndex("idx_invited_guests_event_id_status", "invited_guests", "event_id", "status", "id")
			m.CreateIndex("idx_invited_guests_event_id_user_id", "invited_guests", "event_id", "user_id").Unique()
			m.CreateIndex("idx_invited_guests_user_id", "invited_guests", "user_id")

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
			m.CreateIndex("idx_invited_guest_tags_tag_id", "invited_guest_tags", "tag_id")
		},
		Downgrade: func(m *op.Migration) {
			m.DropTable("invited_guest_tags")
			m.DropTable("tags")
			m.DropTable("invited_guests")
			m.DropTable("event_roles")
			m.DropTable("events")
		},
	})
}
