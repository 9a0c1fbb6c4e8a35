package app

import (
	"gorm.io/gorm"

	"guestlist/app/invitedguest"
	"guestlist/app/mail"
	"guestlist/app/secrets"
)

// NewGuests returns the service for guests, for commands: they put mails into the outbox, and the server sends them.
func NewGuests(db *gorm.DB, config Config, outbox *mail.Outbox) *invitedguest.Service {
	outbox.LimitGroups(config.LimitInvitationMails)
	return invitedguest.NewService(db, invitedguest.Options{Outbox: outbox})
}

func (a *App) newGuests(cursors *secrets.Cursors) *invitedguest.API {
	a.Outbox.LimitGroups(a.Config.LimitInvitationMails)
	return invitedguest.NewAPI(invitedguest.NewService(a.DB, invitedguest.Options{
		Outbox: a.Outbox, Passwords: a.accounts, PublicURL: a.Config.PublicURL,
		ResendRate: a.Config.LimitMailPerAddress,
	}), cursors)
}
