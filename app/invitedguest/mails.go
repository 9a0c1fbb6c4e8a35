package invitedguest

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"time"

	"gorm.io/gorm"

	"guestlist/app/events"
	"guestlist/app/localtime"
	"guestlist/app/mail"
	"guestlist/app/text"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// The kinds of mails that this feature sends. The recipient is a guest ID, except of withdrawnMail, whose guest is
// deleted: there it is a user ID.
const (
	invitationMail = "invitation"
	reminderMail   = "invitation_reminder"
	withdrawnMail  = "invitation_withdrawn"

	// Announcements.
	changeMail       = "event_change"
	cancellationMail = "event_cancellation"
)

//go:embed templates
var templateFiles embed.FS

// composer composes the mails of this feature at the moment of sending.
type composer struct {
	passwords PasswordLinks
	templates *mail.Templates
	publicURL string
	calendars calendars
}

func newComposer(passwords PasswordLinks, publicURL string, in calendars) *composer {
	return &composer{passwords, parseTemplates(), publicURL, in}
}

// register registers this feature's mails with the outbox.
func (m *composer) register(outbox *mail.Outbox) {
	outbox.Compose(invitationMail, m.compose)
	outbox.Compose(reminderMail, m.compose)
	outbox.Compose(withdrawnMail, m.composeWithdrawn)
	outbox.Compose(changeMail, m.composeAnnouncement)
	outbox.Compose(cancellationMail, m.composeAnnouncement)
	outbox.Follow(invitationMail, followInvitations)
	outbox.Follow(reminderMail, followInvitations)
	outbox.Compose(answersMail, m.composeAnswers)
	outbox.Compose(previewMail, m.composePreview)
	outbox.Follow(answersMail, followAnswers)
}

func parseTemplates() *mail.Templates {
	files, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return mail.MustParseTemplates(files)
}

// guestMail is the data of the templates. Unknown values are empty.
type guestMail struct {
	Name        string
	FirstName   string // empty if Name is
	Event       string
	Description string
	When        string // of the event
	URL         string
	Link        string // URL of the page to answer on
	Opens       string // when registration opens, if in the future
	Unsubscribe string // URL of the page that ends reminders
	Closes      string // when answers close
	Note        string // from the organisers
	Password    string // URL to set a password, for a guest without one
}

// newGuestRequest returns the request for a mail to a guest of the event. The mail's language is not the request's:
// languageFor decides it when the mail is composed.
func newGuestRequest(kind string, eventID, guestID int64) mail.Request {
	return mail.Request{
		Kind: kind, Recipient: strconv.FormatInt(guestID, 10), Language: text.DefaultLanguage, Group: mailGroup(eventID),
	}
}

// invitationData is the data of an invitationMail.
type invitationData struct {
	Again bool `json:"again"` // whether to mail a guest who has answered
}

// newInvitationAgain returns the request for another invitation to the guest, who may have answered.
func newInvitationAgain(eventID, guestID int64) mail.Request {
	request := newGuestRequest(invitationMail, eventID, guestID)
	request.Data = invitationData{Again: true}
	return request
}

// mailGroup names the group of all mails to the guests of an event.
func mailGroup(eventID int64) string { return fmt.Sprintf("event:%d", eventID) }

// withdrawnData is the data of a withdrawnMail.
type withdrawnData struct {
	EventID   int64     `json:"event_id"`
	Email     string    `json:"email"` // of the user at the time
	GuestID   int64     `json:"invited_guest_id"`
	InvitedAt time.Time `json:"invited_at"`
}

func newWithdrawnMail(row *guestRow) mail.Request {
	return mail.Request{
		Kind: withdrawnMail, Recipient: strconv.FormatInt(row.UserID, 10), Language: text.DefaultLanguage,
		Data: withdrawnData{row.EventID, row.Email, row.ID, row.CreatedAt}, Group: mailGroup(row.EventID),
	}
}

// compose is the mail.Composer of invitationMail and reminderMail. It drops mails that ask for an answer already given
// or no longer possible, and unwanted reminders.
func (m *composer) compose(ctx context.Context, tx *gorm.DB, message mail.Message) (mail.Content, error) {
	var asked invitationData
	id, err := strconv.ParseInt(message.Recipient, 10, 64)
	if err = errors.Join(err, message.Decode(&asked)); err != nil {
		return mail.Content{}, err
	}
	if err := lockUserOf(ctx, tx, id); err != nil {
		return mail.Content{}, err
	}
	g, err := load(ctx, tx.Where("invited_guests.id = ?", id))
	if err != nil {
		return mail.Content{}, dropIf(err, utils.ErrGuestNotFound)
	}
	unwanted := message.Kind == reminderMail && g.UnsubscribedAt != nil || g.Status != Invited && !asked.Again
	if unwanted || checkInvitable(g.Event, tx.NowFunc()) != nil {
		return mail.Content{}, mail.ErrDrop
	}
	link, err := issueLink(ctx, tx, m.publicURL, g.ID)
	if err != nil {
		return mail.Content{}, err
	}
	in, err := loadChoice(ctx, tx, message.Kind, g.User, g.Event)
	if err != nil {
		return mail.Content{}, err
	}
	content, err := m.content(message.Kind, g.Event, g.User, in, m.newQuestion(g, link, in.language, tx.NowFunc()))
	if message.Kind == invitationMail {
		content.Files = attachment(g.Event, m.calendars.newEvent(g.Event, g.invitationID(), g.User, tx.NowFunc()))
	}
	return content, err
}

// newQuestion returns the data of a mail that asks the guest to answer at the link.
func (m *composer) newQuestion(g *InvitedGuest, link, language string, now time.Time) guestMail {
	data := newGuestMail(g.Event, g.User, language)
	data.Link, data.Unsubscribe = link, link+unsubscribePath
	zone := g.Event.Zone()
	if open := g.Event.RegistrationOpen; open != nil && now.Before(*open) {
		data.Opens = localtime.FormatBegin(*open, zone, language)
	}
	if until := answersUntil(g.Event); until != nil {
		data.Closes = localtime.FormatEnd(*until, zone, language)
	}
	if g.User.PasswordHash == "" && g.User.BlockedAt == nil {
		data.Password = m.passwords.PasswordLink(g.User.Email)
	}
	return data
}

// composeWithdrawn is the mail.Composer of withdrawnMail. It drops mails to users who were invited again meanwhile.
func (m *composer) composeWithdrawn(ctx context.Context, tx *gorm.DB, message mail.Message) (mail.Content, error) {
	var data withdrawnData
	id, err := strconv.ParseInt(message.Recipient, 10, 64)
	if err = errors.Join(err, message.Decode(&data)); err != nil {
		return mail.Content{}, err
	}
	if again, err := IsGuest(ctx, tx, data.EventID, id); err != nil || again {
		return mail.Content{}, errors.Join(err, mail.ErrDrop)
	}
	event, err := events.Find(ctx, tx, data.EventID)
	if err != nil {
		return mail.Content{}, dropIf(err, utils.ErrEventNotFound)
	}
	user, err := users.Find(ctx, tx, id)
	if err != nil {
		return mail.Content{}, dropIf(err, utils.ErrUserNotFound)
	}
	if !user.Verified() && user.Email != data.Email { // an unverified new address: it may be another person's
		return mail.Content{}, mail.ErrDrop
	}
	in := wordingChoice{languageFor(user, event), nil}
	content, err := m.content(message.Kind, event, user, in, newGuestMail(event, user, in.language))
	if data.GuestID != 0 { // 0: enqueued by an earlier version of the program
		of := invitationID{data.GuestID, data.InvitedAt}
		content.Files = attachment(event, m.calendars.cancelled(event, of, user, tx.NowFunc()))
	}
	return content, err
}

// dropIf returns mail.ErrDrop if err is gone, else err.
func dropIf(err, gone error) error {
	if errors.Is(err, gone) {
		return mail.ErrDrop
	}
	return err
}

// newGuestMail returns the data that all mails to the user about the event have, in the language.
func newGuestMail(event *events.Event, user *users.User, language string) guestMail {
	data := guestMail{
		Name: user.MailName(event.ID), Event: event.Name.In(user.PrimaryLanguage, language),
		Description: event.Description.In(user.PrimaryLanguage, language),
		When:        localtime.FormatSpan(event.StartDate, event.EndDate, event.Zone(), language),
		URL:         event.Link(),
	}
	if data.Name != "" {
		data.FirstName = user.Firstname
	}
	return data
}

// loadChoice is chooseWording with the stored wordings for a kind of mail.
func loadChoice(
	ctx context.Context, tx *gorm.DB, kind string, user *users.User, event *events.Event,
) (wordingChoice, error) {
	stored, err := wordingsOf(ctx, tx, event.ID, wordingKinds[kind])
	return chooseWording(stored, user, event), err
}

func (m *composer) content(
	kind string, event *events.Event, user *users.User, in wordingChoice, data guestMail,
) (content mail.Content, err error) {
	if in.own == nil {
		content, err = m.templates.Content(kind, in.language, data)
	} else {
		content, err = m.templates.Reworded(kind, in.language, in.own.words(), wordingKinds[kind].placeholders(), data)
	}
	content.To, content.Name, content.ReplyTo = user.Email, user.MailName(event.ID), event.EmailFrom
	content.Unsubscribe = data.Unsubscribe
	return content, err
}
