package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// show events as the client reads them
//
// Revision ID: e27ab54055c4
// Revises:     789bcdad91cd
// Create Date: 2026-11-29 02:03:40
func init() {
	Revisions.Register(revision.Revision{
		ID:           "e27ab54055c4",
		DownRevision: []string{"789bcdad91cd"},
		Upgrade: func(m *op.Migration) {
			m.AddColumn("events", op.Column("travel_grant", op.Bool()).NotNull().Default(false))
			m.AddColumn("events", op.Column("miniconf_url", op.String(2048)).NotNull().Default(""))
			m.AlterColumn("events", "end_date").Nullable()
			m.AddColumn("tags", op.Column("removed_at", op.Time()))
		},
		Downgrade: func(m *op.Migration) {
			m.DropColumn("tags", "removed_at") // tags that were taken away are there again

			// What goes on without an end gets a late one.
			m.SQL("UPDATE events SET end_date = '9999-12-31 00:00:00+00:00' WHERE end_date IS NULL")
			m.AlterColumn("events", "end_date").NotNull()

			m.DropColumn("events", "miniconf_url")
			m.DropColumn("events", "travel_grant")
		},
	})
}
