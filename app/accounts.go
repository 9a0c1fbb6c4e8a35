package app

import (
	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/users"
)

// NewAccounts returns the service for accounts, connected to the features that store data about users.
func NewAccounts(db *gorm.DB, o users.Options) *users.Service {
	o.EventRoles = events.NewService(db, events.Options{})
	o.Belongings = []users.Belongings{
		events.Belongings{},
		invitedguest.Belongings{},
	}
	o.PersonalData = PersonalData()
	return users.NewService(db, o)
}

// PersonalData returns the features that store data about users, except package users.
func PersonalData() []users.PersonalData {
	return []users.PersonalData{
		events.PersonalData{},
		invitedguest.PersonalData{},
	}
}
