package app

import (
	"context"
	"time"

	"gorm.io/gorm"

	"guestlist/app/invitedguest"
	"guestlist/app/mail"
	"guestlist/app/secrets"
)

// NewGuests returns the service for guests, for commands: they enqueue mails, which the server sends.
func NewGuests(db *gorm.DB, config Config, outbox *mail.Outbox) *invitedguest.Service {
	outbox.LimitGroups(config.LimitInvitationMails)
	return invitedguest.NewService(db, invitedguest.Options{Outbox: outbox})
}

func (a *App) newGuests(cursors *secrets.Cursors) *invitedguest.API {
	a.Outbox.LimitGroups(a.Config.LimitInvitationMails)
	a.guests = invitedguest.NewService(a.DB, invitedguest.Options{
		Outbox: a.Outbox, Passwords: a.accounts, PublicURL: a.Config.PublicURL,
		Organizer: a.Config.MailFrom.Address, ResendRate: a.Config.LimitMailPerAddress,
	})
	return invitedguest.NewAPI(a.guests, cursors)
}

// tellDaily sends the daily mails about answers.
func (a *App) tellDaily(ctx context.Context) error {
	zone := a.Config.TimeZone
	if zone == nil {
		zone = time.UTC
	}
	return a.guests.NotifyDaily(ctx, zone)
}
