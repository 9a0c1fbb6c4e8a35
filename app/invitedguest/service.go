package invitedguest

import (
	"context"
	"errors"
	"strconv"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/database"
	"guestlist/app/events"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/turns"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// Service manages the guests of events, for handlers and commands. It does not check permissions; call Authorise first.
type Service struct {
	db        *gorm.DB
	outbox    *mail.Outbox
	composer  *composer
	publicURL string
	calendars calendars
	bulks     *turns.Queue

	resendRate limits.Rate
}

// Options are what a Service needs besides the database. Commands, which neither check codes nor send mails, set only
// Outbox.
type Options struct {
	Outbox    *mail.Outbox // NewService registers this feature's mails with it
	Passwords PasswordLinks
	PublicURL string // the prefix of links in mails
	Organizer string // the address in calendar files of events without one

	ResendRate limits.Rate // of repeated invitations to one guest, and of previews to one user; zero: no limit
}

// PasswordLinks returns links with which guests without a password can set one.
type PasswordLinks interface {
	// PasswordLink returns the URL of the page that mails a password link to the address.
	PasswordLink(email string) string
}

// NewService returns a Service on db.
func NewService(db *gorm.DB, o Options) *Service {
	in := calendars{o.Organizer}
	composer := newComposer(o.Passwords, o.PublicURL, in)
	composer.register(o.Outbox)
	return &Service{
		db: db, outbox: o.Outbox, composer: composer, publicURL: o.PublicURL, calendars: in,
		bulks: turns.NewQueue(maxActiveBulks, maxWaitingBulks), resendRate: o.ResendRate,
	}
}

// Authorise returns nil if the user may manage the guests of the event, else utils.ErrForbidden or
// utils.ErrEventNotFound.
func (s *Service) Authorise(ctx context.Context, user *users.User, eventID int64) error {
	return events.Admin(ctx, s.db, user, eventID)
}

// AuthoriseSome returns nil if there may be an event whose guests the user may manage, else utils.ErrForbidden.
func (s *Service) AuthoriseSome(ctx context.Context, user *users.User) error {
	return events.AdminOfSome(ctx, s.db, user)
}

// Invitation is the event that a person is invited to, with the role and the tags.
type Invitation struct {
	EventID int64
	Role    string
	TagIDs  []int64 // of the event

	newAccount bool // whether the account is created with it
}

// Invite invites the user with the canonical address and returns the guest with its user. It fails with
// utils.ErrEventNotFound, utils.ErrEventCancelled, utils.ErrRegistrationClosed, utils.ErrUserNotFound,
// utils.ErrTagNotFound or utils.ErrGuestExists.
func (s *Service) Invite(ctx context.Context, actor audit.Actor, email string, to Invitation) (*InvitedGuest, error) {
	return s.withEventLock(ctx, to.EventID, func(tx *gorm.DB) (*InvitedGuest, error) {
		user, err := users.LockByEmail(ctx, tx, email)
		if err != nil {
			return nil, err
		}
		return s.store(ctx, tx, actor, user, to)
	})
}

// Create creates an account for a valid person, who sets a password by a mailed code, and invites them. Without a
// language, the account gets one of the event's. Create returns and fails as Invite does, except that it fails with
// utils.ErrEmailInUse if the account exists.
func (s *Service) Create(ctx context.Context, actor audit.Actor, p users.Person, to Invitation) (*InvitedGuest, error) {
	to.newAccount = true
	return s.withEventLock(ctx, to.EventID, func(tx *gorm.DB) (g *InvitedGuest, err error) {
		if p.Language == "" {
			if p.Language, err = languageOfNew(ctx, tx, to.EventID); err != nil {
				return nil, err
			}
		}
		err = users.Create(ctx, tx, p, func(tx *gorm.DB, user *users.User) (err error) {
			g, err = s.store(ctx, tx, actor, user, to)
			return err
		})
		return g, err
	})
}

// withEventLock runs do in a transaction that has locked the event. The event is locked before the user, as in
// InviteMany. It fails as lockOpenEvent does.
func (s *Service) withEventLock(
	ctx context.Context, eventID int64, do func(tx *gorm.DB) (*InvitedGuest, error),
) (g *InvitedGuest, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) (err error) {
		if err = lockOpenEvent(ctx, tx, eventID, forKeyShare); err == nil {
			g, err = do(tx)
		}
		return err
	})
	return g, err
}

// transaction runs do in a transaction and, after the commit, wakes the outbox.
func (s *Service) transaction(ctx context.Context, do func(tx *gorm.DB) error) error {
	if err := s.db.WithContext(ctx).Transaction(do); err != nil {
		return err
	}
	s.outbox.Wake()
	return nil
}

// store inserts the guest with its tags, its mail and its audit event. The user must be locked.
func (s *Service) store(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, user *users.User, to Invitation,
) (*InvitedGuest, error) {
	if err := checkTagsOf(ctx, tx, to.EventID, to.TagIDs); err != nil {
		return nil, err
	}
	g := newInvitedGuest(to.EventID, user.Reference(), to.Role, s.enqueuedStatus())
	if err := insertWithTags(ctx, tx, &g, to.TagIDs); err != nil {
		return nil, err
	}
	g.User = user
	err := errors.Join(
		s.outbox.Enqueue(ctx, tx, newGuestRequest(invitationMail, to.EventID, g.ID)),
		record(ctx, tx, actor, audit.GuestInvited, g.UserID, invitedDetail(to.EventID, to.newAccount)),
	)
	if err != nil {
		return nil, err
	}
	row, err := find(ctx, tx, to.EventID, g.ID)
	if err == nil {
		g.entityTag, err = entityTag(ctx, tx, row)
	}
	return &g, err
}

// invitedDetail is the detail of the audit event of an invitation.
func invitedDetail(eventID int64, newAccount bool) map[string]any {
	detail := map[string]any{"event_id": eventID}
	if newAccount {
		detail["account"] = "created"
	}
	return detail
}

// record stores an audit event of this feature in tx.
func record(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, kind audit.Kind, userID int64, detail map[string]any,
) error {
	return audit.Record(ctx, tx, actor.Event(kind, userID).With(detail))
}

// Read returns the guest of the event, with its tags in the language, and its entity tag. It fails with
// utils.ErrGuestNotFound.
func (s *Service) Read(ctx context.Context, eventID, guestID int64, language string) (g Guest, tag string, err error) {
	return read(ctx, s.db, eventID, guestID, language)
}

func read(
	ctx context.Context, db *gorm.DB, eventID, guestID int64, language string,
) (g Guest, tag string, err error) {
	row, err := find(ctx, db, eventID, guestID)
	if err != nil {
		return Guest{}, "", err
	}
	found, err := tagsOf(ctx, db, []int64{guestID})
	if err != nil {
		return Guest{}, "", err
	}
	tag, err = row.entityTag(found[guestID])
	return newGuest(row, newTags(found[guestID], language)), tag, err
}

// FindOfUser returns the user, without tags, as a guest of an event that the caller administers, or
// utils.ErrUserNotFound. It takes as long for guests of other events as for users who are not guests, so that timing
// reveals nothing.
func (s *Service) FindOfUser(ctx context.Context, caller *users.User, userID int64) (Guest, error) {
	rows, err := findOfUser(ctx, s.db, userID)
	if err != nil {
		return Guest{}, err
	}
	ids := make([]int64, len(rows))
	for i := range rows {
		ids[i] = rows[i].EventID
	}
	seen, err := events.AdministersAny(ctx, s.db, caller, ids)
	switch {
	case err != nil:
		return Guest{}, err
	case !seen:
		return Guest{}, utils.ErrUserNotFound
	}
	return newGuest(&rows[0], nil), nil
}

// Remove withdraws an invitation and mails the guest, unless the invitation had not gone out yet. It fails with
// utils.ErrGuestNotFound, and as utils.CheckIfMatch does for the guest.
func (s *Service) Remove(ctx context.Context, actor audit.Actor, eventID, guestID int64) error {
	return s.transaction(ctx, func(tx *gorm.DB) error {
		// Lock order: mails before guests, as in a worker that marks a mail.
		recalled, err := s.outbox.Recall(ctx, tx, invitationMail, strconv.FormatInt(guestID, 10))
		if err != nil {
			return err
		}
		row, err := lockIfMatch(ctx, tx, eventID, guestID) // an error also rolls back the recall
		if err != nil {
			return err
		}
		if err := deleteGuest(ctx, tx, eventID, guestID); err != nil {
			return err
		}
		if !recalled { // otherwise the guest never received the invitation
			err = s.outbox.Enqueue(ctx, tx, newWithdrawnMail(row))
		}
		return errors.Join(
			err,
			record(ctx, tx, actor, audit.GuestRemoved, row.UserID, map[string]any{"event_id": row.EventID}),
		)
	})
}

// IsGuest reports whether the user is a guest of the event and has verified the invited address. An unverified address
// reveals nothing.
func (s *Service) IsGuest(ctx context.Context, eventID int64, user *users.User) (bool, error) {
	found, err := IsGuest(ctx, s.db, eventID, user.ID)
	return found && user.Verified(), err
}

// Count returns the numbers of the event's guests, with the names of its tags in the language.
func (s *Service) Count(ctx context.Context, eventID int64, language string) (Counts, error) {
	return database.Read(ctx, s.db, func(db *gorm.DB) (Counts, error) { return countGuests(ctx, db, eventID, language) })
}
