package invitedguest

import (
	"context"

	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/text"
	"guestlist/app/users"
)

// languageFor returns the language of mails and pages for a guest: the user's if the program supports it, else one of
// the event's, else text.DefaultLanguage.
func languageFor(user *users.User, event *events.Event) string {
	return text.Spoken(append([]string{user.PrimaryLanguage}, event.Name.Languages()...)...)
}

// textFor returns a text of the event in the user's language, even one that the program does not support, else in
// languageFor.
func textFor(user *users.User, event *events.Event, t text.Translations) string {
	return t.In(user.PrimaryLanguage, languageFor(user, event))
}

// languageOfNew returns the language of an account created for a guest of the event without a language.
func languageOfNew(ctx context.Context, tx *gorm.DB, eventID int64) (string, error) {
	event, err := events.Find(ctx, tx, eventID)
	if err != nil {
		return "", err
	}
	return text.Spoken(event.Name.Languages()...), nil
}
