package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// find the mails to an address
//
// Revision ID: 467663ecb038
// Revises:     139826cb1677
// Create Date: 2026-11-24 10:37:27
func init() {
	Revisions.Register(revision.Revision{
		ID:           "467663ecb038",
		DownRevision: []string{"139826cb1677"},
		Upgrade: func(m *op.Migration) {
			m.CreateIndex("idx_mail_messages_recipient", "mail_messages", "recipient", "kind", "state", "finished_at")
		},
		Downgrade: func(m *op.Migration) {
			m.DropIndex("idx_mail_messages_recipient", "mail_messages")
		},
	})
}
