package invitedguest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/tags"
	"guestlist/app/utils"
)

// FindTag returns the tag if both it and the guest belong to the event. It fails with utils.ErrGuestNotFound or
// utils.ErrTagNotFound.
func (s *Service) FindTag(ctx context.Context, eventID, guestID, tagID int64) (*tags.Tag, error) {
	if _, err := find(ctx, s.db, eventID, guestID); err != nil {
		return nil, err
	}
	return tags.Find(ctx, s.db, eventID, tagID)
}

// AddTag assigns a tag that FindTag found to the guest, who may have it already. It fails as FindTag does if either was
// deleted meanwhile, and as utils.CheckIfMatch does for the guest.
func (s *Service) AddTag(ctx context.Context, actor audit.Actor, eventID, guestID, tagID int64) error {
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		row, err := lockIfMatch(ctx, tx, eventID, guestID)
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

// RemoveTag takes a tag from a guest, if the guest has it. It fails as FindTag does, and as utils.CheckIfMatch does for
// the guest.
func (s *Service) RemoveTag(ctx context.Context, actor audit.Actor, eventID, guestID, tagID int64) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		row, err := lockIfMatch(ctx, tx, eventID, guestID)
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

// CheckTag fails with utils.ErrTagNotFound unless the tag belongs to the event.
func (s *Service) CheckTag(ctx context.Context, eventID, tagID int64) error {
	return checkTagsOf(ctx, s.db, eventID, []int64{tagID})
}

// replaceTags sets the tags of a locked guest, or fails with utils.ErrTagNotFound.
func replaceTags(ctx context.Context, tx *gorm.DB, actor audit.Actor, g *InvitedGuest, ids []int64) error {
	if err := checkTagsOf(ctx, tx, g.EventID, ids); err != nil {
		return err
	}
	var held []int64
	err := tx.WithContext(ctx).Model(&GuestTag{}).Where("invited_guest_id = ?", g.ID).Order("tag_id").
		Pluck("tag_id", &held).Error
	if err != nil {
		return fmt.Errorf("find the tags of a guest: %w", err)
	}
	lost, got := tagsToReplace(held, ids)
	for _, id := range lost {
		if _, err := detach(ctx, tx, g.ID, id); err != nil {
			return err
		}
		if err := recordTag(ctx, tx, actor, audit.GuestUntagged, g.EventID, g.UserID, id); err != nil {
			return err
		}
	}
	if _, err := attach(ctx, tx, guestTags(g.ID, got)); err != nil {
		return err
	}
	for _, id := range got {
		if err := recordTag(ctx, tx, actor, audit.GuestTagged, g.EventID, g.UserID, id); err != nil {
			return err
		}
	}
	return nil
}

// tagsToReplace returns which tags to remove and to add so that a guest with the tags held has those wanted.
func tagsToReplace(held, wanted []int64) (lost, got []int64) {
	for _, id := range held {
		if !slices.Contains(wanted, id) {
			lost = append(lost, id)
		}
	}
	for _, id := range distinct(wanted) {
		if !slices.Contains(held, id) {
			got = append(got, id)
		}
	}
	return lost, got
}

// recordTag stores in tx the audit event of a tag that was added or removed.
func recordTag(
	ctx context.Context, tx *gorm.DB, actor audit.Actor, kind audit.Kind, eventID, userID, tagID int64,
) error {
	return record(ctx, tx, actor, kind, userID, map[string]any{"event_id": eventID, "tag_id": tagID})
}
