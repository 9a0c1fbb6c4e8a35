package invitedguest

import (
	"context"

	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/text"
	"guestlist/app/users"
)

// languageFor returns the language in which a guest of the event is written to: the user's, if the program has words in
// it, else one of the event's, else text.DefaultLanguage.
func languageFor(user *users.User, event *events.Event) string {
	return text.Spoken(append([]string{user.PrimaryLanguage}, event.Name.Languages()...)...)
}

// textFor returns a text of the event in the user's language, even if the program has no words in that, else in
// languageFor.
func textFor(user *users.User, event *events.Event, t text.Translations) string {
	return t.In(user.PrimaryLanguage, languageFor(user, event))
}

// languageOfNew returns the language of an account that is made for a guest of the event, where none is named.
func languageOfNew(ctx context.Context, tx *gorm.DB, eventID int64) (string, error) {
	event, err := events.Find(ctx, tx, eventID)
	if err != nil {
		return "", err
	}
	return text.Spoken(event.Name.Languages()...), nil
}
