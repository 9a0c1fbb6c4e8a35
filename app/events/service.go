package events

import (
	"cmp"
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/database"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// Service does the work of this feature.
type Service struct {
	db     *gorm.DB
	roles  []string // those that can be granted
	guests Guests
	zone   *time.Location // of new events without a time zone
}

// Options are the options of a Service. The zero value is valid.
type Options struct {
	Roles  []string       // in addition to BuiltInRoles
	Guests Guests         // nil: events have no guests
	Zone   *time.Location // of new events without a time zone; nil: UTC
}

// Guests looks up the guests of events. The feature that stores guests implements it.
type Guests interface {
	// IsGuest reports whether the user is a guest of the event.
	IsGuest(ctx context.Context, db *gorm.DB, eventID, userID int64) (bool, error)
	// EventsOf returns a query for the ids of the events that the user is a guest of.
	EventsOf(db *gorm.DB, userID int64) *gorm.DB
	// Attendances returns the user's attendance of each of the events that the user is a guest of, by event id.
	Attendances(ctx context.Context, db *gorm.DB, userID int64, eventIDs []int64) (map[int64]*Attendance, error)
}

// Attendance is a guest's role and answer for an event.
type Attendance struct {
	Role     string
	Answered bool
	Accepted bool
}

// NewService returns a Service on db.
func NewService(db *gorm.DB, o Options) *Service {
	if o.Guests == nil {
		o.Guests = noGuests{}
	}
	return &Service{
		db: db, roles: append(BuiltInRoles(), o.Roles...), guests: o.Guests, zone: cmp.Or(o.Zone, time.UTC),
	}
}

// Create stores a new event, sets its ID, and makes the actor's user its administrator. It fails with
// utils.ErrEventKeyInUse.
func (s *Service) Create(ctx context.Context, actor audit.Actor, event *Event) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := create(tx, event); err != nil {
			return err
		}
		return errors.Join(
			recordEvent(ctx, tx, actor, audit.EventCreated, event.ID),
			storeRole(ctx, tx, actor, &Role{EventID: event.ID, UserID: actor.UserID, Role: Administrator}),
		)
	})
}

// recordEvent records in tx the actor's change to an event. The audit event is about the actor's account.
func recordEvent(ctx context.Context, tx *gorm.DB, actor audit.Actor, kind audit.Kind, eventID int64) error {
	return audit.Record(ctx, tx, actor.Event(kind, actor.UserID).With(map[string]any{"event_id": eventID}))
}

// Find returns the event with the id, or utils.ErrEventNotFound.
func (s *Service) Find(ctx context.Context, id int64) (*Event, error) { return Find(ctx, s.db, id) }

// FindByKey returns the event with the key, or utils.ErrEventNotFound.
func (s *Service) FindByKey(ctx context.Context, key string) (*Event, error) {
	return FindByKey(ctx, s.db, key)
}

// Administered returns the ids of the given events that the user may administer.
func (s *Service) Administered(ctx context.Context, user *users.User, events ...Event) (map[int64]bool, error) {
	ids := make([]int64, len(events))
	for i := range events {
		ids[i] = events[i].ID
	}
	if !user.InEffect() {
		return nil, nil //nolint:nilnil // none
	}
	if !user.Administers() {
		var err error
		if ids, err = administeredAmong(ctx, s.db, user.ID, ids); err != nil {
			return nil, err
		}
	}
	administered := make(map[int64]bool, len(ids))
	for _, id := range ids {
		administered[id] = true
	}
	return administered, nil
}

// Standing is a user's relation to events at a time.
type Standing struct {
	at           time.Time
	administered map[int64]bool
	attended     map[int64]*Attendance
}

// Standing returns the user's relation to the events now.
func (s *Service) Standing(ctx context.Context, user *users.User, events ...Event) (to Standing, err error) {
	to.at = s.db.NowFunc()
	if to.administered, err = s.Administered(ctx, user, events...); err != nil {
		return Standing{}, err
	}
	if !user.InEffect() { // the user may not be the invited person
		return to, nil
	}
	ids := make([]int64, len(events))
	for i := range events {
		ids[i] = events[i].ID
	}
	to.attended, err = s.guests.Attendances(ctx, s.db, user.ID, ids)
	return to, err
}

// List returns a page of the events that the user may see, plus one event if there are more: those that have not ended,
// and past ones of which the user, if in effect, is a guest or an administrator.
func (s *Service) List(ctx context.Context, user *users.User, page utils.Page) ([]Event, error) {
	if !user.Administers() { // the query decides about permissions, so it must not read from a replica
		return list(s.seenBy(s.db.WithContext(ctx), user), page)
	}
	return database.Read(ctx, s.db, func(db *gorm.DB) ([]Event, error) { return list(s.seenBy(db, user), page) })
}

// seenBy restricts a query to the events that List returns to the user.
func (s *Service) seenBy(db *gorm.DB, user *users.User) *gorm.DB {
	query := db.Model(&Event{})
	switch {
	case user.Administers():
		return query
	case !user.InEffect():
		return query.Where("end_date IS NULL OR end_date >= ?", db.NowFunc())
	}
	own := db.Model(&Role{}).Select("event_id").Where("user_id = ? AND role = ?", user.ID, Administrator)
	return query.Where("end_date IS NULL OR end_date >= ? OR id IN (?) OR id IN (?)",
		db.NowFunc(), s.guests.EventsOf(db, user.ID), own)
}

// authoriseUpdate returns nil if the caller may update the event, else utils.ErrForbidden or utils.ErrEventNotFound.
func (s *Service) authoriseUpdate(ctx context.Context, caller *users.User, id int64) error {
	return Admin(ctx, s.db, caller, id)
}

// authoriseSomeUpdate returns nil if there may be an event that the caller may update, else utils.ErrForbidden.
func (s *Service) authoriseSomeUpdate(ctx context.Context, caller *users.User) error {
	return AdminOfSome(ctx, s.db, caller)
}

// Update replaces the event with the ID, except its times of creation and cancellation, if the caller is its
// administrator. It first calls complete, which may set fields that depend on the stored event, and returns its error.
// It also fails with utils.ErrEventNotFound, utils.ErrForbidden and utils.ErrEventKeyInUse, and as utils.CheckIfMatch
// does.
func (s *Service) Update(
	ctx context.Context, actor audit.Actor, caller *users.User, event *Event, complete func(current *Event) error,
) error {
	for attempt := 1; ; attempt++ {
		err := s.update(ctx, actor, caller, event, complete)
		err = keyError(ctx, s.db, event, err) // outside the transaction, which the error has aborted
		freed := errors.Is(err, gorm.ErrDuplicatedKey) && !errors.Is(err, utils.ErrEventKeyInUse)
		if !freed || attempt == maxAttempts { // the duplicate may be in a fork's own column
			return err
		}
	}
}

// maxAttempts limits the attempts of Update to store a key that another event has just given up.
const maxAttempts = 3

func (s *Service) update(
	ctx context.Context, actor audit.Actor, caller *users.User, event *Event, complete func(current *Event) error,
) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		current, err := lock(tx, event.ID)
		if err != nil {
			return err
		}
		if err := Admin(ctx, tx, caller, event.ID); err != nil {
			return err
		}
		tag, err := current.ETag()
		if err == nil {
			err = utils.CheckIfMatch(ctx, tag)
		}
		if err != nil {
			return err
		}
		if err := complete(current); err != nil {
			return err
		}
		event.CreatedAt, event.CancelledAt = current.CreatedAt, current.CancelledAt
		if err := update(tx, event); err != nil {
			return err
		}
		return recordEvent(ctx, tx, actor, audit.EventUpdated, event.ID)
	})
}
