package invitedguest

import (
	"context"
	"fmt"

	"gorm.io/gorm"
)

// Unsubscribe ends the reminders of a guest that ByCode returned. The invitation stays valid.
func (s *Service) Unsubscribe(ctx context.Context, g *InvitedGuest) error {
	if g.UnsubscribedAt != nil {
		return nil
	}
	now := s.db.NowFunc()
	guest := s.db.WithContext(ctx).Model(&InvitedGuest{}).Where("id = ?", g.ID)
	if err := guest.UpdateColumn("unsubscribed_at", now).Error; err != nil {
		return fmt.Errorf("end the reminders of a guest: %w", err)
	}
	g.UnsubscribedAt = &now
	return nil
}

// countUnsubscribed counts the guests of the event who have not answered and have ended reminders.
func countUnsubscribed(ctx context.Context, tx *gorm.DB, eventID int64) (int, error) {
	var count int64
	err := tx.WithContext(ctx).Model(&InvitedGuest{}).
		Where("event_id = ? AND status = ? AND unsubscribed_at IS NOT NULL", eventID, Invited).Count(&count).Error
	if err != nil {
		return 0, fmt.Errorf("count the guests without reminders: %w", err)
	}
	return int(count), nil
}
