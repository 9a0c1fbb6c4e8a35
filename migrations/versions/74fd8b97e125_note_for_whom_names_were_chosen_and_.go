package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// note for whom names were chosen, and whose failed logins are
//
// Revision ID: 74fd8b97e125
// Revises:     e592257626c3
// Create Date: 2026-11-29 01:06:58
func init() {
	Revisions.Register(revision.Revision{
		ID:           "74fd8b97e125",
		DownRevision: []string{"e592257626c3"},
		Safe:         "login_failures is small: its rows are deleted after 30 days at most",
		Upgrade: func(m *op.Migration) {
			m.AddColumn("login_failures", op.Column("account", op.String(64)).NotNull().Default(""))
			m.CreateIndex("idx_login_failures_account", "login_failures", "account")
			m.AddColumn("users", op.Column("named_for", op.Int(64)).NotNull().Default(0))
		},
		Downgrade: func(m *op.Migration) {
			m.DropColumn("users", "named_for")
			m.DropIndex("idx_login_failures_account", "login_failures")
			m.DropColumn("login_failures", "account")
		},
	})
}
