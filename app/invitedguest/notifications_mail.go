package invitedguest

import (
	"cmp"
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/mail"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// answersMail is the kind of mail that reports answers to administrators. Its recipient is an answersRecipient.
const answersMail = "invitation_answers"

// maxNamed is the maximum number of guests that a mail names for each answer.
const maxNamed = 50

// answersData is the data of the template of answersMail.
type answersData struct {
	Name               string
	Event              string
	Accepted, Declined answerGroup
	AllAccepted        int64
	AllDeclined        int64
	Open               int64 // not answered
}

// answerGroup are guests with the same answer.
type answerGroup struct {
	Names []string
	More  int // how many are not named
}

func (a *answerGroup) add(name string) {
	if len(a.Names) == maxNamed {
		a.More++
		return
	}
	a.Names = append(a.Names, name)
}

// composeAnswers is the mail.Composer of answersMail. It drops mails to users who no longer administer the event or no
// longer want to be notified.
func (m *composer) composeAnswers(ctx context.Context, tx *gorm.DB, message mail.Message) (mail.Content, error) {
	eventID, userID, err := parseAnswersRecipient(message.Recipient)
	if err != nil {
		return mail.Content{}, err
	}
	n, err := findNotification(ctx, tx, eventID, userID)
	if err != nil {
		return mail.Content{}, dropIf(err, gorm.ErrRecordNotFound)
	}
	user, err := users.Find(ctx, tx, userID)
	if err != nil {
		return mail.Content{}, dropIf(err, utils.ErrUserNotFound)
	}
	if err := events.Admin(ctx, tx, user, eventID); err != nil {
		return mail.Content{}, dropIf(err, utils.ErrForbidden)
	}
	event, err := events.Find(ctx, tx, eventID)
	if err != nil {
		return mail.Content{}, err
	}
	guests, err := claimNews(ctx, tx, &n, message.ID)
	if err != nil {
		return mail.Content{}, err
	}
	if len(guests) == 0 {
		return mail.Content{}, mail.ErrDrop
	}
	language := user.PrimaryLanguage
	data := answersData{Name: user.MailName(eventID), Event: event.Name.In(language)}
	for i := range guests {
		who := cmp.Or(guests[i].User.MailName(eventID), guests[i].User.Email) // an unverified user's name is not shown
		if guests[i].Status == Accepted {
			data.Accepted.add(who)
		} else {
			data.Declined.add(who)
		}
	}
	counts, err := countGuests(ctx, tx, eventID, language)
	if err != nil {
		return mail.Content{}, err
	}
	by := counts.ByStatus
	data.AllAccepted, data.AllDeclined, data.Open = by[Accepted], by[Declined], by[Invited]
	content, err := m.templates.Content(answersMail, language, data)
	content.To, content.Name = user.Email, data.Name
	return content, err
}

// followAnswers is the mail.Follower of answersMail. News that was not sent is left for the next mail.
func followAnswers(ctx context.Context, tx *gorm.DB, results []mail.Result) error {
	for _, r := range results {
		news := tx.WithContext(ctx).Model(&News{}).Where("message_id = ?", r.ID)
		var err error
		if r.End == mail.Sent {
			err = news.Delete(&News{}).Error
		} else {
			err = news.UpdateColumn("message_id", 0).Error
		}
		if err != nil {
			return fmt.Errorf("mark the news of answers: %w", err)
		}
	}
	return nil
}
