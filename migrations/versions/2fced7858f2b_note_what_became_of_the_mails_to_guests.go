package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// note what became of the mails to guests
//
// Revision ID: 2fced7858f2b
// Revises:     ea33b15b5f98
// Create Date: 2026-11-29 09:41:11
func init() {
	Revisions.Register(revision.Revision{
		ID:           "2fced7858f2b",
		DownRevision: []string{"ea33b15b5f98"},
		Upgrade: func(m *op.Migration) {
			m.AddColumn("invited_guests", op.Column("mail_status", op.String(10)).NotNull().Default("none"))
			m.AddColumn("invited_guests", op.Column("refused_email", op.String(254)).NotNull().Default(""))
		},
		Downgrade: func(m *op.Migration) {
			m.DropColumn("invited_guests", "refused_email")
			m.DropColumn("invited_guests", "mail_status")
		},
	})
}
