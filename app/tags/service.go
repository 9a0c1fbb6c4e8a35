package tags

import (
	"context"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/users"
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

// AuthoriseSome returns nil if there may be an event whose tags the user may see, else utils.ErrForbidden.
func (s *Service) AuthoriseSome(ctx context.Context, user *users.User) error {
	return events.AdminOfSome(ctx, s.db, user)
}

// List returns the tags of the event, the oldest first.
func (s *Service) List(ctx context.Context, eventID int64) ([]Tag, error) {
	return list(ctx, s.db, eventID)
}

// Find returns the tag of the event, or utils.ErrTagNotFound.
func (s *Service) Find(ctx context.Context, eventID, id int64) (*Tag, error) {
	return Find(ctx, s.db, eventID, id)
}

// Create stores a new tag and sets the ID.
func (s *Service) Create(ctx context.Context, tag *Tag) error { return create(ctx, s.db, tag) }

// Update replaces the tag with the ID in its event, or fails with utils.ErrTagNotFound.
func (s *Service) Update(ctx context.Context, tag *Tag) error { return update(ctx, s.db, tag) }

// Delete deletes the tag of the event, or fails with utils.ErrTagNotFound. Guests who have the tag lose it.
func (s *Service) Delete(ctx context.Context, actor audit.Actor, eventID, id int64) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := remove(ctx, tx, eventID, id); err != nil {
			return err
		}
		detail := map[string]any{"event_id": eventID, "tag_id": id}
		return audit.Record(ctx, tx, actor.Event(audit.TagDeleted, actor.UserID).With(detail))
	})
}
