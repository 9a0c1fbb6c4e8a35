package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// announce changes, cancel events, take comments
//
// Revision ID: 837c84383ae9
// Revises:     6734d672f98a
// Create Date: 2026-11-29 10:25:04
func init() {
	Revisions.Register(revision.Revision{
		ID:           "837c84383ae9",
		DownRevision: []string{"6734d672f98a"},
		Upgrade: func(m *op.Migration) {
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
			m.CreateIndex("idx_invited_guest_announcements_event_id_digest", "invited_guest_announcements", "event_id", "digest").
				Unique()

			m.AddColumn("invited_guests", op.Column("comment", op.Text()).NotNull().Default(""))
		},
		Downgrade: func(m *op.Migration) {
			m.DropColumn("invited_guests", "comment")
			m.DropTable("invited_guest_announcements")
			m.DropColumn("events", "cancelled_at")
		},
	})
}
