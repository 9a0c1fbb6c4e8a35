package invitedguest

import (
	"context"
	"errors"
	"strconv"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/mail"
	"guestlist/app/text"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// Wordings returns the wordings of an event, by kind and language.
func (s *Service) Wordings(ctx context.Context, eventID int64) ([]Wording, error) {
	return wordingsOf(ctx, s.db, eventID)
}

// SetWording stores a valid wording in place of the one of the same kind and language. Mails still in the outbox are
// sent in the new words. It fails with utils.ErrEventNotFound.
func (s *Service) SetWording(ctx context.Context, actor audit.Actor, w *Wording) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := lockEvent(ctx, tx, w.EventID, forKeyShare); err != nil {
			return err
		}
		detail := map[string]any{"event_id": w.EventID, "wording": w.Kind, "language": w.Language}
		return errors.Join(
			storeWording(ctx, tx, w),
			record(ctx, tx, actor, audit.EventUpdated, actor.UserID, detail),
		)
	})
}

// RemoveWording deletes the wording of the kind in the language, if there is one.
func (s *Service) RemoveWording(
	ctx context.Context, actor audit.Actor, eventID int64, kind WordingKind, language string,
) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		deleted, err := deleteWording(ctx, tx, eventID, kind, language)
		if err != nil || !deleted {
			return err
		}
		detail := map[string]any{"event_id": eventID, "wording": kind, "language": language, "removed": true}
		return record(ctx, tx, actor, audit.EventUpdated, actor.UserID, detail)
	})
}

// previewMail is the kind of mail that shows a PreviewedWording. Its recipient is a user's ID.
const previewMail = "wording_preview"

// PreviewedWording identifies the mail that a preview shows to an administrator of the event. It is the data of a
// previewMail.
type PreviewedWording struct {
	EventID  int64       `json:"event_id"`
	Kind     WordingKind `json:"kind"`
	Language string      `json:"language"`          // of the guest
	Subject  string      `json:"subject,omitempty"` // of a wording that need not be stored
	Body     string      `json:"body,omitempty"`    // likewise; empty: the current mail
}

// WordingPreview is the mail that a preview shows.
type WordingPreview struct {
	EventID  int64       `json:"event_id"`
	Kind     WordingKind `json:"kind"`
	Language string      `json:"language"`
	BuiltIn  bool        `json:"built_in"`
	Subject  string      `json:"subject"`
	Text     string      `json:"text"`
	HTML     string      `json:"html"`
	Sent     bool        `json:"sent"`
}

// PreviewWording returns the mail as a guest with the user's name would get it, with a link that leads nowhere. It
// fails with utils.ErrEventNotFound.
func (s *Service) PreviewWording(ctx context.Context, user *users.User, t PreviewedWording) (WordingPreview, error) {
	content, in, err := s.composer.preview(ctx, s.db, user, t)
	return WordingPreview{t.EventID, t.Kind, in.language, in.own == nil, content.Subject, content.Text, content.HTML,
		false}, err
}

// SendPreview mails the preview to the user. It fails with utils.ErrTooManyRequests over the limit for one recipient.
func (s *Service) SendPreview(ctx context.Context, userID int64, t PreviewedWording) error {
	return s.transaction(ctx, func(tx *gorm.DB) error {
		// A concurrent call waits here, and then sees this one's mail.
		lock := tx.WithContext(ctx).Clauses(clause.Locking{Strength: forNoKeyUpdate})
		if _, err := users.Find(ctx, lock, userID); err != nil {
			return err
		}
		recipient := strconv.FormatInt(userID, 10)
		last, err := mail.Newest(ctx, tx, previewMail, recipient, max(1, s.resendRate.Count))
		if err != nil {
			return err
		}
		if wait := s.cooldown(last, tx.NowFunc()); wait > 0 {
			return utils.TooManyRequests(wait)
		}
		// No group: the user is waiting for it.
		return s.outbox.Enqueue(ctx, tx, mail.Request{
			Kind: previewMail, Recipient: recipient, Language: text.DefaultLanguage, Data: t,
		})
	})
}

// composePreview is the mail.Composer of previewMail. It drops mails to users who no longer administer the event.
func (m *composer) composePreview(ctx context.Context, tx *gorm.DB, message mail.Message) (mail.Content, error) {
	var t PreviewedWording
	id, err := strconv.ParseInt(message.Recipient, 10, 64)
	if err = errors.Join(err, message.Decode(&t)); err != nil {
		return mail.Content{}, err
	}
	user, err := users.Find(ctx, tx, id)
	if err != nil {
		return mail.Content{}, dropIf(err, utils.ErrUserNotFound)
	}
	if err := events.Admin(ctx, tx, user, t.EventID); err != nil {
		return mail.Content{}, dropIf(dropIf(err, utils.ErrForbidden), utils.ErrEventNotFound)
	}
	content, _, err := m.preview(ctx, tx, user, t)
	return content, err
}

// preview returns the mail that the preview shows to the user, and how it was worded.
func (m *composer) preview(
	ctx context.Context, db *gorm.DB, user *users.User, t PreviewedWording,
) (content mail.Content, in wordingChoice, err error) {
	event, err := events.Find(ctx, db, t.EventID)
	if err != nil {
		return content, in, err
	}
	guest := *user
	guest.PrimaryLanguage = t.Language
	kind := wordingMails[t.Kind]
	if in = (wordingChoice{t.Language, &Wording{Subject: t.Subject, Body: t.Body}}); t.Body == "" {
		if in, err = loadChoice(ctx, db, kind, &guest, event); err != nil {
			return content, in, err
		}
	}
	content, err = m.content(kind, event, &guest, in, m.sampleData(t.Kind, event, &guest, in.language, db.NowFunc()))
	content.Unsubscribe = "" // the user gets no reminders
	return content, in, err
}
