package apptest

import (
	"testing"
	"time"

	"guestlist/app/events"
	"guestlist/app/text"
)

// CreateEvent stores an event with the key, in English and French, a month from now.
func (a *App) CreateEvent(t testing.TB, key string) *events.Event {
	t.Helper()
	begin := a.Clock.Now().AddDate(0, 1, 0)
	end := begin.Add(48 * time.Hour)
	event := &events.Event{
		Key:         key,
		Name:        text.Translations{"en": "The " + key, "fr": "Le " + key},
		Description: text.Translations{"en": "About " + key, "fr": "Sur " + key},
		StartDate:   begin,
		EndDate:     &end,
		EventType:   "event",
	}
	if err := a.DB.Create(event).Error; err != nil {
		t.Fatal(err)
	}
	return event
}

// Grant stores a role of the user in the event.
func (a *App) Grant(t testing.TB, eventID, userID int64, role string) {
	t.Helper()
	if err := a.DB.Create(&events.Role{EventID: eventID, UserID: userID, Role: role}).Error; err != nil {
		t.Fatal(err)
	}
}

// RegisterWithRole registers a user with a verified address and a role in the event, such as events.Administrator.
func (a *App) RegisterWithRole(t testing.TB, email string, eventID int64, role string) User {
	t.Helper()
	user := a.RegisterVerified(t, email)
	a.Grant(t, eventID, user.ID, role)
	return user
}
