package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// zones, comments, mail statuses, news and cancellations of events
//
// Revision ID: 6524f8aa89f1
// Revises:     e27ab54055c4
// Create Date: 2026-11-29 10:39:45
func init() {
	Revisions.Register(revision.Revision{
		ID:           "6524f8aa89f1",
		DownRevision: []string{"e27ab54055c4"},
		Upgrade: func(m *op.Migration) {
			m.AddColumn("events", op.Column("time_zone", op.String(64)).NotNull().Default("UTC"))
			m.AddColumn("events", op.Column("cancelled_at", op.Time()))

			m.CreateTable("invited_guest_announcements",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("event_id", op.Int(64)).NotNull(),
				op.Column("digest", op.String(64)).NotNull(),
				op.Column("kind", op.String(20)).NotNull(),
				op.Column("note", op.Type("text")).NotNull(),
				op.Column("recipients", op.Int(64)).NotNull(),
				op.Column("created_at", op.Time()).NotNull(),
				op.ForeignKey("fk_invited_guest_announcements_event", "event_id").References("events", "id").
					OnDelete("CASCADE"),
			)
			m.CreateIndex("idx_invited_guest_announcements_event_id_digest", "invited_guest_announcements",
				"event_id", "digest").Unique()

			m.CreateTable("invited_guest_notifications",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("event_id", op.Int(64)).NotNull(),
				op.Column("user_id", op.Int(64)).NotNull(),
				op.Column("answers", op.String(10)).NotNull(),
				op.Column("told_at", op.Time()).NotNull(),
				op.Column("created_at", op.Time()).NotNull(),
				op.ForeignKey("fk_invited_guest_notifications_event", "event_id").References("events", "id").
					OnDelete("CASCADE"),
				op.ForeignKey("fk_invited_guest_notifications_user", "user_id").References("users", "id").
					OnDelete("CASCADE"),
			)
			m.CreateIndex("idx_invited_guest_notifications_event_id_user_id", "invited_guest_notifications",
				"event_id", "user_id").Unique()
			m.CreateIndex("idx_invited_guest_notifications_user_id", "invited_guest_notifications", "user_id")

			m.CreateTable("invited_guest_news",
				op.Column("notification_id", op.Int(64)),
				op.Column("invited_guest_id", op.Int(64)),
				op.Column("message_id", op.Int(64)).NotNull().Default(0),
				op.Column("created_at", op.Time()).NotNull(),
				op.PrimaryKey("notification_id", "invited_guest_id"),
				op.ForeignKey("fk_invited_guest_news_invited_guest", "invited_guest_id").
					References("invited_guests", "id").OnDelete("CASCADE"),
				op.ForeignKey("fk_invited_guest_news_notification", "notification_id").
					References("invited_guest_notifications", "id").OnDelete("CASCADE"),
			)
			m.CreateIndex("idx_invited_guest_news_invited_guest_id", "invited_guest_news", "invited_guest_id")
			m.CreateIndex("idx_invited_guest_news_message_id", "invited_guest_news", "message_id")

			m.AddColumn("invited_guests", op.Column("comment", op.Text()).NotNull().Default(""))
			m.AddColumn("invited_guests", op.Column("unsubscribed_at", op.Time()))
			m.AddColumn("invited_guests", op.Column("mail_status", op.String(10)).NotNull().Default("none"))
			m.AddColumn("invited_guests", op.Column("refused_email", op.String(254)).NotNull().Default(""))
		},
		Downgrade: func(m *op.Migration) {
			m.DropColumn("invited_guests", "refused_email")
			m.DropColumn("invited_guests", "mail_status")
			m.DropColumn("invited_guests", "unsubscribed_at")
			m.DropColumn("invited_guests", "comment")
			m.DropTable("invited_guest_news")
			m.DropTable("invited_guest_notifications")
			m.DropTable("invited_guest_announcements")
			m.DropColumn("events", "cancelled_at")
			m.DropColumn("events", "time_zone")
		},
	})
}
