package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// sort keys of invited guests
//
// A program from before this revision cannot invite anybody after it: the keys are NOT NULL.
//
// Revision ID: 9df8f1d76d47
// Revises:     bc0b0fd18f21
// Create Date: 2026-11-24 13:02:44
func init() {
	Revisions.Register(revision.Revision{
		ID:           "9df8f1d76d47",
		DownRevision: []string{"bc0b0fd18f21"},
		Upgrade: func(m *op.Migration) {
			m.DropForeignKey("fk_invited_guests_user", "invited_guests")
			m.CreateIndex("idx_users_id_search_key_lastname_key", "users", "id", "search_key", "lastname_key").
				Unique()
			m.DropIndex("idx_invited_guests_event_id_user_id", "invited_guests")
			m.DropIndex("idx_invited_guests_user_id", "invited_guests")

			m.AddColumn("invited_guests", op.Column("search_key", op.Bytes()))
			m.AddColumn("invited_guests", op.Column("lastname_key", op.Bytes()))
			m.SQL("UPDATE invited_guests SET search_key = (SELECT search_key FROM users WHERE users.id = invited_guests.user_id), " +
				"lastname_key = (SELECT lastname_key FROM users WHERE users.id = invited_guests.user_id)")
			m.AlterColumn("invited_guests", "search_key").NotNull()
			m.AlterColumn("invited_guests", "lastname_key").NotNull()

			m.CreateIndex("idx_invited_guests_event_id_lastname_key", "invited_guests", "event_id", "lastname_key", "user_id")
			m.CreateIndex("idx_invited_guests_event_id_search_key", "invited_guests", "event_id", "search_key", "user_id")
			m.CreateIndex("idx_invited_guests_user_id_event_id", "invited_guests", "user_id", "event_id").Unique()
			m.AddForeignKey("fk_invited_guests_user", "invited_guests", "user_id", "search_key", "lastname_key").
				References("users", "id", "search_key", "lastname_key").OnDelete("CASCADE").OnUpdate("CASCADE")
		},
		Downgrade: func(m *op.Migration) {
			m.DropForeignKey("fk_invited_guests_user", "invited_guests")
			m.DropIndex("idx_invited_guests_user_id_event_id", "invited_guests")
			m.DropIndex("idx_invited_guests_event_id_search_key", "invited_guests")
			m.DropIndex("idx_invited_guests_event_id_lastname_key", "invited_guests")
			m.DropColumn("invited_guests", "lastname_key")
			m.DropColumn("invited_guests", "search_key")
			m.CreateIndex("idx_invited_guests_user_id", "invited_guests", "user_id")
			m.CreateIndex("idx_invited_guests_event_id_user_id", "invited_guests", "event_id", "user_id").Unique()
			m.DropIndex("idx_users_id_search_key_lastname_key", "users")
			m.AddForeignKey("fk_invited_guests_user", "invited_guests", "user_id").References("users", "id").
				OnDelete("CASCADE")
		},
	})
}
