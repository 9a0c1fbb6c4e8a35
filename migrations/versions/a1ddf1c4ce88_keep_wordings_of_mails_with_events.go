package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// keep wordings of mails with events
//
// Revision ID: a1ddf1c4ce88
// Revises:     6524f8aa89f1
// Create Date: 2026-11-29 13:04:37
func init() {
	Revisions.Register(revision.Revision{
		ID:           "a1ddf1c4ce88",
		DownRevision: []string{"6524f8aa89f1"},
		Upgrade: func(m *op.Migration) {
			m.CreateTable("invited_guest_wordings",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("event_id", op.Int(64)).NotNull(),
				op.Column("kind", op.String(20)).NotNull(),
				op.Column("language", op.String(35)).NotNull(),
				op.Column("subject", op.String(200)).NotNull(),
				op.Column("body", op.Text()).NotNull(),
				op.Column("created_at", op.Time()).NotNull(),
				op.Column("updated_at", op.Time()).NotNull(),
				op.ForeignKey("fk_invited_guest_wordings_event", "event_id").References("events", "id").
					OnDelete("CASCADE"),
			)
			m.CreateIndex("idx_invited_guest_wordings_event_id_kind_language", "invited_guest_wordings", "event_id", "kind", "language").
				Unique()
		},
		Downgrade: func(m *op.Migration) {
			m.DropTable("invited_guest_wordings")
		},
	})
}
