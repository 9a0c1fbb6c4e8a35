package tags

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/database"
	"guestlist/app/events"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// Service does the work of this feature. Its methods do not check permission; call Authorise first.
type Service struct{ db *gorm.DB }

// NewService returns a Service on db.
func NewService(db *gorm.DB) *Service { return &Service{db} }

// Authorise returns nil if the user may see and change the tags of the event, else utils.ErrForbidden or
// utils.ErrEventNotFound.
func (s *Service) Authorise(ctx context.Context, user *users.User, eventID int64) error {
	return events.Admin(ctx, s.db, user, eventID)
}

// AuthoriseSome returns nil if the user may see the tags of any event, else utils.ErrForbidden.
func (s *Service) AuthoriseSome(ctx context.Context, user *users.User) error {
	return events.AdminOfSome(ctx, s.db, user)
}

// List returns the active tags of the event, oldest first.
func (s *Service) List(ctx context.Context, eventID int64) ([]Tag, error) {
	return database.Read(ctx, s.db, func(db *gorm.DB) ([]Tag, error) { return list(ctx, db, eventID) })
}

// Find returns the active tag of the event, or utils.ErrTagNotFound.
func (s *Service) Find(ctx context.Context, eventID, id int64) (*Tag, error) {
	return Find(ctx, s.db, eventID, id)
}

// Create stores a new tag, active or not, and sets the ID. It fails with utils.FieldErrors for an unknown type.
func (s *Service) Create(ctx context.Context, tag *Tag, active bool) error {
	if err := checkType(tag.TagType); err != nil {
		return err
	}
	if !active {
		now := s.db.NowFunc()
		tag.RemovedAt = &now
	}
	return create(ctx, s.db, tag)
}

// Update replaces the tag with the ID in its event, and deactivates or reactivates it as active says; if active is nil,
// the tag must be active and stays so. It fails with utils.ErrTagNotFound, with utils.FieldErrors for an unknown type
// that the tag did not have before, and as utils.CheckIfMatch does.
func (s *Service) Update(ctx context.Context, actor audit.Actor, tag *Tag, active *bool) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		current, err := lockMatching(ctx, tx, tag.EventID, tag.ID)
		if err != nil {
			return err
		}
		switch {
		case active == nil && current.RemovedAt != nil:
			return utils.ErrTagNotFound
		case active == nil || *active:
		case current.RemovedAt != nil:
			tag.RemovedAt = current.RemovedAt
		default:
			now := tx.NowFunc()
			tag.RemovedAt = &now
		}
		if strings.EqualFold(tag.TagType, current.TagType) {
			tag.TagType = current.TagType // perhaps one that only an earlier version allowed
		} else if err := checkType(tag.TagType); err != nil {
			return err
		}
		if err := update(tx, tag); err != nil || current.RemovedAt != nil || tag.RemovedAt == nil {
			return err
		}
		return recordRemoval(ctx, tx, actor, tag.EventID, tag.ID)
	})
}

// Delete deletes the event's tag and removes it from all guests. It fails with utils.ErrTagNotFound, and as
// utils.CheckIfMatch does.
func (s *Service) Delete(ctx context.Context, actor audit.Actor, eventID, id int64) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if _, err := lockMatching(ctx, Active(tx), eventID, id); err != nil {
			return err
		}
		if err := remove(ctx, tx, eventID, id); err != nil {
			return err
		}
		return recordRemoval(ctx, tx, actor, eventID, id)
	})
}

// lockMatching is lock for a request that may have an If-Match header. It also fails as utils.CheckIfMatch does.
func lockMatching(ctx context.Context, tx *gorm.DB, eventID, id int64) (*Tag, error) {
	current, err := lock(tx, eventID, id)
	if err != nil {
		return nil, err
	}
	tag, err := current.ETag()
	if err != nil {
		return nil, err
	}
	return current, utils.CheckIfMatch(ctx, tag)
}

// recordRemoval records in tx that the actor removed a tag. The audit event is about the actor's account.
func recordRemoval(ctx context.Context, tx *gorm.DB, actor audit.Actor, eventID, id int64) error {
	detail := map[string]any{"event_id": eventID, "tag_id": id}
	return audit.Record(ctx, tx, actor.Event(audit.TagDeleted, actor.UserID).With(detail))
}
