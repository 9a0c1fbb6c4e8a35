package app

import (
	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/secrets"
)

// NewEvents returns the service for events, connected to the features that build on it.
func NewEvents(db *gorm.DB, config Config) *events.Service {
	return events.NewService(db, events.Options{
		Roles:  config.EventRoles,
		Guests: invitedguest.Guests{},
		Zone:   config.TimeZone,
	})
}

func (a *App) newEvents(cursors *secrets.Cursors) *events.API {
	organisation := events.Organisation{ID: a.Config.Organisation.ID, Name: a.Config.Organisation.Name}
	return events.NewAPI(NewEvents(a.DB, a.Config), cursors, organisation)
}
