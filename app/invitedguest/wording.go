package invitedguest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/events"
	"guestlist/app/mail"
	"guestlist/app/text"
	"guestlist/app/users"
)

// WordingKind is a kind of mail that organisers can word themselves.
type WordingKind string

// The kinds of wordings.
const (
	WordingInvitation   WordingKind = "invitation"
	WordingReminder     WordingKind = "reminder"
	WordingChange       WordingKind = WordingKind(Change)
	WordingCancellation WordingKind = WordingKind(Cancellation)
)

// Wording replaces the program's words in one kind of mail of an event, in one language.
type Wording struct {
	ID      int64         `gorm:"primaryKey"`
	EventID int64         `gorm:"not null;uniqueIndex:idx_invited_guest_wordings_event_id_kind_language"`
	Event   *events.Event `gorm:"constraint:OnDelete:CASCADE"`
	Kind    WordingKind   `gorm:"size:20;not null;uniqueIndex:idx_invited_guest_wordings_event_id_kind_language"`
	// one of text.Languages
	Language  string    `gorm:"size:35;not null;uniqueIndex:idx_invited_guest_wordings_event_id_kind_language"`
	Subject   string    `gorm:"size:200;not null"`
	Body      string    `gorm:"not null"` // mail.Wording.Text
	CreatedAt time.Time `gorm:"not null"`
	UpdatedAt time.Time `gorm:"not null"`
}

// TableName implements GORM's Tabler.
func (Wording) TableName() string { return "invited_guest_wordings" }

// words returns the wording for package mail.
func (w *Wording) words() mail.Wording { return mail.Wording{Subject: w.Subject, Text: w.Body} }

// wordingMails maps kinds of wordings to kinds of mails in the outbox.
var wordingMails = map[WordingKind]string{
	WordingInvitation: invitationMail, WordingReminder: reminderMail,
	WordingChange: changeMail, WordingCancellation: cancellationMail,
}

// wordingKinds is the reverse of wordingMails.
var wordingKinds = map[string]WordingKind{
	invitationMail: WordingInvitation, reminderMail: WordingReminder,
	changeMail: WordingChange, cancellationMail: WordingCancellation,
}

// placeholders returns the placeholders that a wording of the kind may use.
func (k WordingKind) placeholders() []mail.Placeholder {
	known := []mail.Placeholder{
		{Name: "name", Field: "Name", Optional: true},
		{Name: "first_name", Field: "FirstName", Optional: true},
		{Name: "event", Field: "Event"},
		{Name: "when", Field: "When"},
		{Name: "description", Field: "Description", Is: mail.Paragraphs, Optional: true},
		{Name: "url", Field: "URL", Is: mail.Address, Optional: true},
	}
	link := mail.Placeholder{Name: "link", Field: mail.AnswerField, Is: mail.Address}
	note := mail.Placeholder{Name: "note", Field: mail.NoteField, Is: mail.Paragraphs, Optional: true}
	switch k {
	case WordingChange:
		return append(known, note, link)
	case WordingCancellation:
		return append(known, note)
	default:
		until := mail.Placeholder{Name: "answer_until", Field: "Closes", Optional: true}
		return append(known, until, link)
	}
}

// sampleData returns the data of a preview: a mail of the kind to the user as if they were a guest.
func (m *composer) sampleData(
	kind WordingKind, event *events.Event, user *users.User, language string, now time.Time,
) (data guestMail) {
	link := m.publicURL + placeholderLink
	if kind == WordingInvitation || kind == WordingReminder {
		data = m.newQuestion(&InvitedGuest{Event: event, User: user}, link, language, now)
		data.Password = "" // most guests have one
		return data
	}
	data = newGuestMail(event, user, language)
	data.Note = "…"
	if kind == WordingChange {
		data.Link = link
	}
	return data
}

// wordingChoice is the language of a mail and whose words it uses.
type wordingChoice struct {
	language string
	own      *Wording // nil: the program's words
}

// chooseWording returns the words for a mail about the event to the user, given the stored wordings. A wording in the
// user's language comes first; then, if the event is not in that language, a wording in a language of the event; then
// the program's words.
func chooseWording(stored []Wording, user *users.User, event *events.Event) wordingChoice {
	language := languageFor(user, event)
	if own := inLanguage(stored, language); own != nil {
		return wordingChoice{language, own}
	}
	if !event.Name.Has(language) {
		for _, other := range event.Name.Languages() {
			if own := inLanguage(stored, other); own != nil {
				return wordingChoice{own.Language, own}
			}
		}
	}
	return wordingChoice{language, nil}
}

// inLanguage returns the wording in the language or the nearest wider one (pt for pt-BR), or nil.
func inLanguage(stored []Wording, language string) *Wording {
	for tag := range text.Wider(language) {
		i := slices.IndexFunc(stored, func(w Wording) bool { return strings.EqualFold(w.Language, tag) })
		if i >= 0 {
			return &stored[i]
		}
	}
	return nil
}

// wordingsOf returns the wordings of an event, of the given kinds or of all.
func wordingsOf(ctx context.Context, db *gorm.DB, eventID int64, kinds ...WordingKind) (found []Wording, err error) {
	query := db.WithContext(ctx).Where("event_id = ?", eventID)
	if len(kinds) > 0 {
		query = query.Where("kind IN ?", kinds)
	}
	if err := query.Order("kind, language").Find(&found).Error; err != nil {
		return nil, fmt.Errorf("find the wordings of an event: %w", err)
	}
	return found, nil
}

// storeWording inserts a wording, or replaces the one of the same kind and language.
func storeWording(ctx context.Context, tx *gorm.DB, w *Wording) error {
	err := tx.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "event_id"}, {Name: "kind"}, {Name: "language"}},
		DoUpdates: clause.AssignmentColumns([]string{"subject", "body", "updated_at"}),
	}).Create(w).Error
	if err != nil {
		return fmt.Errorf("store a wording: %w", err)
	}
	return nil
}

// deleteWording deletes the wording of the kind in the language, and reports whether there was one.
func deleteWording(ctx context.Context, tx *gorm.DB, eventID int64, kind WordingKind, language string) (bool, error) {
	deleted := tx.WithContext(ctx).Where("event_id = ? AND kind = ? AND language = ?", eventID, kind, language).
		Delete(&Wording{})
	if deleted.Error != nil {
		return false, fmt.Errorf("delete a wording: %w", deleted.Error)
	}
	return deleted.RowsAffected > 0, nil
}
