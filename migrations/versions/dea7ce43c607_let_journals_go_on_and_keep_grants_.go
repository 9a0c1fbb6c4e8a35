package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// let journals go on, and keep grants, places online and removed tags
//
// Revision ID: dea7ce43c607
// Revises:     e592257626c3
// Create Date: 2026-11-29 01:08:04
func init() {
	Revisions.Register(revision.Revision{
		ID:           "dea7ce43c607",
		DownRevision: []string{"e592257626c3"},
		Upgrade: func(m *op.Migration) {
			m.AddColumn("events", op.Column("travel_grant", op.Bool()).NotNull().Default(false))
			m.AddColumn("events", op.Column("miniconf_url", op.String(2048)).NotNull().Default(""))
			m.AlterColumn("events", "end_date").Nullable()
			m.AddColumn("tags", op.Column("removed_at", op.Time()))
		},
		Downgrade: func(m *op.Migration) {
			m.DropColumn("tags", "removed_at")

			// WARNING: fails where events.end_date is NULL. Fill it first:
			// m.SQL("UPDATE events SET end_date = … WHERE end_date IS NULL")
			m.AlterColumn("events", "end_date").NotNull()

			m.DropColumn("events", "miniconf_url")
			m.DropColumn("events", "travel_grant")
		},
	})
}
