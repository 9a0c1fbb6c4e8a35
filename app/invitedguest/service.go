package invitedguest

import (
	"context"
	"errors"
	"strconv"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/tags"
	"guestlist/app/turns"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// Service manages the guests of events, for handlers and commands. It does not check permissions; call Authorise first.
type Service struct {
	db        *gorm.DB
	outbox    *mail.Outbox
	publicURL string
	bulks     *turns.Queue

	resendRate limits.Rate
}

// Options are what a Service needs beside the database. Commands, which neither answer codes nor send mails, need the
// outbox only.
type Options struct {
	Outbox    *mail.Outbox // NewService registers the mails of this feature there
	Passwords PasswordCodes
	PublicURL string // what links in mails begin with

	ResendRate limits.Rate // of the invitations that are mailed to one guest again; zero: no limit
}

// PasswordCodes issues the codes by which guests without a password set one.
type PasswordCodes interface {
	// IssuePasswordCode returns a new code for the user in tx, which replaces the last one.
	IssuePasswordCode(ctx context.Context, tx *gorm.DB, user *users.User) (users.PasswordCode, error)
}

// NewService returns a Service on db.
func NewService(db *gorm.DB, o Options) *Service {
	newComposer(o.Passwords, o.PublicURL).register(o.Outbox)
	return &Service{
		db: db, outbox: o.Outbox, publicURL: o.PublicURL, bulks: turns.NewQueue(bulksAtOnce, waitingBulks),
		resendRate: o.ResendRate,
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

// Invitation is the event, role and tags that a person is invited with.
type Invitation struct {
	EventID int64
	Role    string
	TagIDs  []int64 // of the event

	newAccount bool // whether the person got an account for it
}

// Invite invites the user with the canonical address and returns the guest with its user. It fails with
// utils.ErrEventNotFound, utils.ErrRegistrationClosed, utils.ErrUserNotFound, utils.ErrTagNotFound or
// utils.ErrGuestExists.
func (s *Service) Invite(ctx context.Context, actor audit.Actor, email string, to Invitation) (*InvitedGuest, error) {
	return s.inEvent(ctx, to.EventID, func(tx *gorm.DB) (*InvitedGuest, error) {
		user, err := users.LockByEmail(ctx, tx, email)
		if err != nil {
			return nil, err
		}
		return s.store(ctx, tx, actor, user, to)
	})
}

// Create creates an account for a valid person, who sets a password by a mailed code, and invites them. It returns and
// fails as Invite does, but with utils.ErrEmailInUse if there is an account.
func (s *Service) Create(ctx context.Context, actor audit.Actor, p users.Person, to Invitation) (*InvitedGuest, error) {
	to.newAccount = true
	return s.inEvent(ctx, to.EventID, func(tx *gorm.DB) (g *InvitedGuest, err error) {
		err = users.Create(ctx, tx, p, func(tx *gorm.DB, user *users.User) (err error) {
			g, err = s.store(ctx, tx, actor, user, to)
			return err
		})
		return g, err
	})
}

// inEvent runs do in a transaction that has locked the event, unless its registration has closed. The event is locked before the user, the same order as in
// InviteMany.
func (s *Service) inEvent(
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

// transaction runs do in a transaction, and after its commit lets the mails that do has enqueued go out.
func (s *Service) transaction(ctx context.Context, do func(tx *gorm.DB) error) error {
	if err := s.db.WithContext(ctx).Transaction(do); err != nil {
		return err
	}
	s.outbox.Wake()
	return nil
}

// store stores the guest with the tags, the mail and the audit event in tx. The user must be locked.
func (s *Service) store(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, user *users.User, to Invitation,
) (*InvitedGuest, error) {
	if err := checkTagsOf(ctx, tx, to.EventID, to.TagIDs); err != nil {
		return nil, err
	}
	g := newInvitedGuest(to.EventID, user.Reference(), to.Role, s.asked())
	if err := insert(ctx, tx, &g, to.TagIDs); err != nil {
		return nil, err
	}
	g.User = user
	return &g, errors.Join(
		s.outbox.Enqueue(ctx, tx, newGuestRequest(invitationMail, to.EventID, g.ID)),
		record(ctx, tx, actor, audit.GuestInvited, g.UserID, invitedDetail(to.EventID, to.newAccount)),
	)
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

// Read returns the guest of the event with its tags in the language, or utils.ErrGuestNotFound.
func (s *Service) Read(ctx context.Context, eventID, guestID int64, language string) (Guest, error) {
	row, err := find(ctx, s.db, eventID, guestID)
	if err != nil {
		return Guest{}, err
	}
	found, err := withTags(ctx, s.db, []guestRow{*row}, language)
	if err != nil {
		return Guest{}, err
	}
	return found[0], nil
}

// FindOfUser returns the user as a guest of an event that the caller may administer, without tags. It fails with
// utils.ErrUserNotFound, and takes as long for a guest of other events as for nobody.
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

// Remove withdraws an invitation and mails the guest, unless the invitation still waits to be mailed. It fails with
// utils.ErrGuestNotFound.
func (s *Service) Remove(ctx context.Context, actor audit.Actor, eventID, guestID int64) error {
	return s.transaction(ctx, func(tx *gorm.DB) error {
		row, err := find(ctx, tx, eventID, guestID)
		if err != nil {
			return err
		}
		// Mails before guests, as where a worker marks a mail.
		recalled, err := s.outbox.Recall(ctx, tx, invitationMail, strconv.FormatInt(guestID, 10))
		if err != nil {
			return err
		}
		if err := remove(ctx, tx, eventID, guestID); err != nil {
			return err
		}
		if !recalled { // else the guest never heard of the invitation
			err = s.outbox.Enqueue(ctx, tx, newWithdrawnMail(row))
		}
		return errors.Join(
			err,
			record(ctx, tx, actor, audit.GuestRemoved, row.UserID, map[string]any{"event_id": row.EventID}),
		)
	})
}

// IsGuest reports whether the user is a guest of the event and has proved to own the address that was invited: others
// learn nothing of it.
func (s *Service) IsGuest(ctx context.Context, eventID int64, user *users.User) (bool, error) {
	found, err := IsGuest(ctx, s.db, eventID, user.ID)
	return found && user.Verified(), err
}

// FindTag returns the tag if both it and the guest are of the event. It fails with utils.ErrGuestNotFound or
// utils.ErrTagNotFound.
func (s *Service) FindTag(ctx context.Context, eventID, guestID, tagID int64) (*tags.Tag, error) {
	if _, err := find(ctx, s.db, eventID, guestID); err != nil {
		return nil, err
	}
	return tags.Find(ctx, s.db, eventID, tagID)
}

// AddTag gives a guest a tag that FindTag has found, which the guest may have already. It fails as FindTag does, if one
// of the two was deleted since.
func (s *Service) AddTag(ctx context.Context, actor audit.Actor, eventID, guestID, tagID int64) error {
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		row, err := find(ctx, tx, eventID, guestID)
		if err != nil {
			return err
		}
		added, err := attach(ctx, tx, guestTags(guestID, []int64{tagID}))
		if err != nil || added == 0 {
			return err
		}
		return recordTag(ctx, tx, actor, audit.GuestTagged, eventID, row.UserID, tagID)
	})
	if errors.Is(err, utils.ErrTagNotFound) {
		if _, gone := find(ctx, s.db, eventID, guestID); gone != nil {
			return gone
		}
	}
	return err
}

// RemoveTag takes a tag from a guest, who may not have it. It fails as FindTag does.
func (s *Service) RemoveTag(ctx context.Context, actor audit.Actor, eventID, guestID, tagID int64) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		row, err := find(ctx, tx, eventID, guestID)
		if err != nil {
			return err
		}
		if _, err := tags.Find(ctx, tx, eventID, tagID); err != nil {
			return err
		}
		removed, err := detach(ctx, tx, guestID, tagID)
		if err != nil || !removed {
			return err
		}
		return recordTag(ctx, tx, actor, audit.GuestUntagged, eventID, row.UserID, tagID)
	})
}

// CheckTag fails with utils.ErrTagNotFound unless the tag is the event's.
func (s *Service) CheckTag(ctx context.Context, eventID, tagID int64) error {
	return checkTagsOf(ctx, s.db, eventID, []int64{tagID})
}

// Count returns how many guests the event has, with the names of its tags in the language.
func (s *Service) Count(ctx context.Context, eventID int64, language string) (Counts, error) {
	return count(ctx, s.db, eventID, language)
}
