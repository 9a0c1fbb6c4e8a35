package app

import (
	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/users"
)

// NewAccounts returns the service for accounts, which learns here what other features store of users.
func NewAccounts(db *gorm.DB, o users.Options) *users.Service {
	o.EventRoles = events.NewService(db, events.Options{})
	o.Belongings = []users.Belongings{
		events.Belongings{},
		invitedguest.Belongings{},
	}
	o.PersonalData = PersonalData()
	return users.NewService(db, o)
}

// PersonalData returns what features store of users, beside package users itself.
func PersonalData() []users.PersonalData {
	return []users.PersonalData{
		events.PersonalData{},
		invitedguest.PersonalData{},
	}
}
