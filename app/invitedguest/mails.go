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
	"guestlist/app/mail"
	"guestlist/app/text"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// The kinds of mails that this feature sends. The recipient of the first two is a guest's id; of the last, whose guest
// is gone by then, a user's.
const (
	invitationMail = "invitation"
	reminderMail   = "invitation_reminder"
	withdrawnMail  = "invitation_withdrawn"
)

//go:embed templates
var templateFiles embed.FS

// composer composes the mails of this feature when they are sent.
type composer struct {
	passwords PasswordCodes
	templates *mail.Templates
	publicURL string
}

func newComposer(passwords PasswordCodes, publicURL string) *composer {
	return &composer{passwords, parseTemplates(), publicURL}
}

// register makes the outbox take the mails of this feature.
func (m *composer) register(outbox *mail.Outbox) {
	outbox.Compose(invitationMail, m.compose)
	outbox.Compose(reminderMail, m.compose)
	outbox.Compose(withdrawnMail, m.composeWithdrawn)
	outbox.Follow(invitationMail, follow)
	outbox.Follow(reminderMail, follow)
}

func parseTemplates() *mail.Templates {
	files, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return mail.MustParseTemplates(files)
}

// guestMail is what the templates are given. Whatever is not known is empty.
type guestMail struct {
	Name        string
	Event       string
	Description string
	Begin, End  string
	URL         string
	Link        string // to the page to answer on
	Closes      string // when answers can no longer be given
	Password    string // a link to set one, for a guest who has none
	Until       string // when that link expires
}

// newGuestRequest requests a mail to a guest of the event. It is composed in the language that the guest's user has by
// then, whatever the message's is.
func newGuestRequest(kind string, eventID, guestID int64) mail.Request {
	return mail.Request{
		Kind: kind, Recipient: strconv.FormatInt(guestID, 10), Language: text.DefaultLanguage, Group: mailsOf(eventID),
	}
}

// invitation is the data of an invitationMail.
type invitation struct {
	Again bool `json:"again"` // whether it goes also to a guest who has answered
}

// newInvitationAgain requests a mail that invites the guest, who may have answered, once more.
func newInvitationAgain(g *InvitedGuest) mail.Request {
	request := newGuestRequest(invitationMail, g.EventID, g.ID)
	request.Data = invitation{Again: true}
	return request
}

// mailsOf names the group of all mails to the guests of an event.
func mailsOf(eventID int64) string { return fmt.Sprintf("event:%d", eventID) }

// withdrawn is the data of a withdrawnMail.
type withdrawn struct {
	EventID int64  `json:"event_id"`
	Email   string `json:"email"` // of the user by then
}

func newWithdrawnMail(row *guestRow) mail.Request {
	return mail.Request{
		Kind: withdrawnMail, Recipient: strconv.FormatInt(row.UserID, 10), Language: text.DefaultLanguage,
		Data: withdrawn{row.EventID, row.Email}, Group: mailsOf(row.EventID),
	}
}

// compose is the mail.Composer of invitationMail and reminderMail. It makes a mail that asks for an answer, unless
// there is one already or it would come too late.
func (m *composer) compose(ctx context.Context, tx *gorm.DB, message mail.Message) (mail.Content, error) {
	var asked invitation
	id, err := strconv.ParseInt(message.Recipient, 10, 64)
	if err = errors.Join(err, message.Decode(&asked)); err != nil {
		return mail.Content{}, err
	}
	if err := lockUserOf(ctx, tx, id); err != nil {
		return mail.Content{}, err
	}
	g, err := load(ctx, tx.Where("invited_guests.id = ?", id))
	if errors.Is(err, utils.ErrGuestNotFound) || err == nil && !asked.due(g, tx.NowFunc()) {
		return mail.Content{}, mail.ErrDrop
	}
	if err != nil {
		return mail.Content{}, err
	}
	data := newGuestMail(g.Event, g.User)
	if data.Link, err = issueLink(ctx, tx, m.publicURL, g.ID); err != nil {
		return mail.Content{}, err
	}
	data.Closes = momentOrNever(answersUntil(g.Event))
	if g.User.PasswordHash == "" && g.User.BlockedAt == nil {
		password, err := m.passwords.IssuePasswordCode(ctx, tx, g.User)
		if err != nil {
			return mail.Content{}, err
		}
		data.Password, data.Until = password.Link, moment(password.Until)
	}
	return m.content(message.Kind, g.Event, g.User, data)
}

// due reports whether the mail still asks the guest for something at the time.
func (i invitation) due(g *InvitedGuest, at time.Time) bool {
	return (g.Status == Invited || i.Again) && answerable(g.Event, at)
}

// composeWithdrawn is the mail.Composer of withdrawnMail. A user who was invited again meanwhile gets none.
func (m *composer) composeWithdrawn(ctx context.Context, tx *gorm.DB, message mail.Message) (mail.Content, error) {
	var data withdrawn
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
	if !user.Verified() && user.Email != data.Email { // it was the address that was invited
		return mail.Content{}, mail.ErrDrop
	}
	return m.content(message.Kind, event, user, newGuestMail(event, user))
}

// dropIf returns mail.ErrDrop for an error that says that whom or what the mail is about is gone, else the error.
func dropIf(err, gone error) error {
	if errors.Is(err, gone) {
		return mail.ErrDrop
	}
	return err
}

func newGuestMail(event *events.Event, user *users.User) guestMail {
	return guestMail{
		Name: user.MailName(event.ID), Event: event.Name.In(user.PrimaryLanguage), Description: event.Description.In(user.PrimaryLanguage),
		Begin: moment(event.StartDate), End: momentOrNever(event.EndDate), URL: event.Link(),
	}
}

func (m *composer) content(kind string, event *events.Event, user *users.User, data guestMail) (mail.Content, error) {
	content, err := m.templates.Content(kind, user.PrimaryLanguage, data)
	content.To, content.Name, content.ReplyTo = user.Email, user.MailName(event.ID), event.EmailFrom
	return content, err
}

// moment writes a time for people of any place.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

// momentOrNever is moment for a time that may never come; that is written as nothing.
func momentOrNever(t *time.Time) string {
	if t == nil {
		return ""
	}
	return moment(*t)
}
