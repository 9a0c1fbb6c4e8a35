package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// note what became of the mails to guests
//
// Revision ID: 09f90c59e392
// Revises:     e27ab54055c4
// Create Date: 2026-11-29 09:31:41
func init() {
	Revisions.Register(revision.Revision{
		ID:           "09f90c59e392",
		DownRevision: []string{"e27ab54055c4"},
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
