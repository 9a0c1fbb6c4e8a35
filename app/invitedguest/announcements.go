package invitedguest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/mail"
	"guestlist/app/text"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// AnnouncementKind is the kind of an announcement.
type AnnouncementKind string

// The kinds of announcements.
const (
	Change       AnnouncementKind = "change"       // the event has changed
	Cancellation AnnouncementKind = "cancellation" // cancels the event
)

// Announcement is a mail to the guests of an event who have not declined.
type Announcement struct {
	ID      int64         `gorm:"primaryKey"`
	EventID int64         `gorm:"not null;uniqueIndex:idx_invited_guest_announcements_event_id_digest"`
	Event   *events.Event `gorm:"constraint:OnDelete:CASCADE"`
	// digest
	Digest     string            `gorm:"size:64;not null;uniqueIndex:idx_invited_guest_announcements_event_id_digest"`
	Kind       AnnouncementKind  `gorm:"size:20;not null"`
	Note       text.Translations `gorm:"type:text;serializer:json;not null"` // from the organisers, may be empty
	Recipients int               `gorm:"not null"`
	CreatedAt  time.Time         `gorm:"not null"`
}

// TableName implements GORM's Tabler.
func (Announcement) TableName() string { return "invited_guest_announcements" }

// digest identifies what is announced, so that a second click does not mail it again: a cancellation is announced once,
// and each state of the event once per note.
func (a *Announcement) digest(event *events.Event) (string, error) {
	what := []any{a.Kind}
	if a.Kind == Change {
		what = append(what, event.UpdatedAt.UnixMicro(), a.Note)
	}
	data, err := json.Marshal(what) // with sorted languages
	if err != nil {
		return "", fmt.Errorf("identify an announcement: %w", err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// Preview returns what Announce would mail now, and to how many guests. It fails as Announce does.
func (s *Service) Preview(ctx context.Context, a Announcement) (AnnouncementReport, error) {
	event, err := events.Find(ctx, s.db, a.EventID)
	if err != nil {
		return AnnouncementReport{}, err
	}
	earlier, err := findEarlier(ctx, s.db, &a, event)
	if err != nil {
		return AnnouncementReport{}, err
	}
	result, err := s.preview(ctx, s.db, &a, event)
	if earlier != nil {
		result.Recipients, result.Already = earlier.Recipients, true
	}
	result.DryRun = true
	return result, err
}

// Announce mails the guests of an event who have not declined, except those whose address was refused for good. A
// cancellation also cancels the event. The same announcement is mailed only once. Guests whose invitation is still in
// the outbox get no other mail: the invitation shows the event as it is when it goes out, or is dropped. Announce fails
// with utils.ErrEventNotFound, and with utils.ErrEventCancelled for a change of a cancelled event.
func (s *Service) Announce(ctx context.Context, actor audit.Actor, a Announcement) (result AnnouncementReport,
	err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		event, err := events.Lock(ctx, tx, a.EventID)
		if err != nil {
			return err
		}
		earlier, err := findEarlier(ctx, tx, &a, event)
		if err != nil {
			return err
		}
		if result, err = s.preview(ctx, tx, &a, event); err != nil {
			return err
		}
		if earlier != nil {
			result.Recipients, result.Already = earlier.Recipients, true
			return nil
		}
		result.LastMailAt, err = s.announce(ctx, tx, actor, &a, event)
		return err
	})
	return result, err
}

// announce stores the announcement, whose digest is set, and enqueues its mails.
func (s *Service) announce(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, a *Announcement, event *events.Event,
) (lastMailAt *time.Time, err error) {
	if a.Kind == Cancellation {
		if err := events.Cancel(ctx, tx, actor, event); err != nil {
			return nil, err
		}
	}
	ids, err := s.recipients(ctx, tx, a.EventID)
	if err != nil {
		return nil, err
	}
	a.Recipients = len(ids)
	if err := tx.WithContext(ctx).Create(a).Error; err != nil {
		return nil, fmt.Errorf("store an announcement: %w", err)
	}
	mails := make([]mail.Request, len(ids))
	for i, id := range ids {
		mails[i] = newGuestRequest(announcementMails[a.Kind], a.EventID, id)
		mails[i].Data = announcementData{a.ID}
	}
	detail := map[string]any{"event_id": a.EventID, "announced": a.Kind, "guests": len(ids)}
	if err := record(ctx, tx, actor, audit.GuestsMailed, actor.UserID, detail); err != nil {
		return nil, err
	}
	return s.enqueue(ctx, tx, a.EventID, mails)
}

// findEarlier sets the announcement's digest and returns the stored announcement with the same digest, or nil. It fails
// with utils.ErrEventCancelled for a change of a cancelled event.
func findEarlier(ctx context.Context, db *gorm.DB, a *Announcement, event *events.Event) (*Announcement, error) {
	if a.Kind == Change && event.CancelledAt != nil {
		return nil, utils.ErrEventCancelled
	}
	var err error
	if a.Digest, err = a.digest(event); err != nil {
		return nil, err
	}
	var found []Announcement
	err = db.WithContext(ctx).Where("event_id = ? AND digest = ?", a.EventID, a.Digest).Find(&found).Error
	if err != nil {
		return nil, fmt.Errorf("find an announcement: %w", err)
	}
	if len(found) == 0 {
		return nil, nil //nolint:nilnil // none
	}
	return &found[0], nil
}

// recipientsQuery starts a query for the guests to mail: those who have not declined, whose address was not refused for
// good, and whose invitation is not still in the outbox.
func (s *Service) recipientsQuery(ctx context.Context, db *gorm.DB, eventID int64) *gorm.DB {
	return db.WithContext(ctx).Model(&InvitedGuest{}).Joins(joinUsers).
		Where("invited_guests.event_id = ? AND invited_guests.status <> ?", eventID, Declined).
		Where(mailStatusSQL+" <> ?", MailRefused).
		Where("CAST(invited_guests.id AS text) NOT IN (?)", s.outbox.Waiting(db, invitationMail))
}

func (s *Service) recipients(ctx context.Context, db *gorm.DB, eventID int64) (ids []int64, err error) {
	err = s.recipientsQuery(ctx, db, eventID).Order("invited_guests.id").Pluck("invited_guests.id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("find the recipients of an announcement: %w", err)
	}
	return ids, nil
}

// maxShown is the maximum number of mails in a preview: one language can have many language tags.
const maxShown = 20

// preview returns the number of recipients and the mail in each of their languages, the most frequent first.
func (s *Service) preview(
	ctx context.Context, db *gorm.DB, a *Announcement, event *events.Event,
) (result AnnouncementReport, err error) {
	var languages []struct {
		PrimaryLanguage string
		Guests          int
	}
	err = s.recipientsQuery(ctx, db, a.EventID).Select("users.primary_language, COUNT(*) AS guests").
		Group("users.primary_language").Order("guests DESC, users.primary_language").Scan(&languages).Error
	if err != nil {
		return AnnouncementReport{}, fmt.Errorf("find the languages of guests: %w", err)
	}
	kind := announcementMails[a.Kind]
	stored, err := wordingsOf(ctx, db, a.EventID, wordingKinds[kind])
	if err != nil {
		return AnnouncementReport{}, err
	}
	result = AnnouncementReport{EventID: a.EventID, Kind: a.Kind, Mails: []AnnouncedMail{}}
	found := map[[4]string]int{} // indexes of Mails by their texts
	for _, l := range languages {
		result.Recipients += l.Guests
		reader := &users.User{PrimaryLanguage: l.PrimaryLanguage}
		in := chooseWording(stored, reader, event)
		data := announcementMail(a, event, reader, in.language)
		data.Link = s.publicURL + placeholderLink
		texts := [4]string{in.language, data.Event, data.Description, data.Note}
		if i, ok := found[texts]; ok {
			result.Mails[i].Recipients += l.Guests
			continue
		}
		if len(result.Mails) == maxShown {
			continue
		}
		content, err := s.composer.content(kind, event, reader, in, data)
		if err != nil {
			return AnnouncementReport{}, err
		}
		found[texts] = len(result.Mails)
		result.Mails = append(result.Mails, AnnouncedMail{texts[0], l.Guests, content.Subject, content.Text, content.HTML})
	}
	return result, nil
}

// announcementData is the data of the mails of an announcement.
type announcementData struct {
	ID int64 `json:"announcement_id"`
}

// announcementMails are the kinds of mails by kind of announcement. Their recipients are guest IDs.
var announcementMails = map[AnnouncementKind]string{Change: changeMail, Cancellation: cancellationMail}

// placeholderLink is the path of the answer page in previews, which have no guest.
const placeholderLink = "/invitation/…"

// announcementMail returns the data of the mail to the user in the language, without the link.
func announcementMail(a *Announcement, event *events.Event, user *users.User, language string) guestMail {
	data := newGuestMail(event, user, language)
	if len(a.Note) > 0 {
		data.Note = a.Note.In(user.PrimaryLanguage, language)
	}
	return data
}

// composeAnnouncement is the mail.Composer of changeMail and cancellationMail. The mail and its calendar file show the
// event as it is when the mail is sent. It drops mails to guests who have declined since, and changes of events
// cancelled since.
func (m *composer) composeAnnouncement(ctx context.Context, tx *gorm.DB, message mail.Message) (mail.Content, error) {
	var data announcementData
	if err := message.Decode(&data); err != nil {
		return mail.Content{}, err
	}
	id, err := strconv.ParseInt(message.Recipient, 10, 64)
	if err != nil {
		return mail.Content{}, err
	}
	g, err := load(ctx, tx.Where("invited_guests.id = ?", id))
	if err != nil {
		return mail.Content{}, dropIf(err, utils.ErrGuestNotFound)
	}
	var a Announcement
	if err := tx.WithContext(ctx).Take(&a, data.ID).Error; err != nil {
		return mail.Content{}, dropIf(err, gorm.ErrRecordNotFound)
	}
	if g.Status == Declined || a.Kind == Change && g.Event.CancelledAt != nil {
		return mail.Content{}, mail.ErrDrop
	}
	in, err := loadChoice(ctx, tx, message.Kind, g.User, g.Event)
	if err != nil {
		return mail.Content{}, err
	}
	said := announcementMail(&a, g.Event, g.User, in.language)
	if a.Kind == Change {
		if said.Link, err = issueLink(ctx, tx, m.publicURL, g.ID); err != nil {
			return mail.Content{}, err
		}
	}
	content, err := m.content(message.Kind, g.Event, g.User, in, said)
	content.Files = attachment(g.Event, m.calendars.current(g.Event, g.invitationID(), g.User, tx.NowFunc()))
	return content, err
}
