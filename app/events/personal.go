package events

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/app/users"
)

// PersonalData implements users.PersonalData for roles in events.
type PersonalData struct{}

// roleExport is a role in an export.
type roleExport struct {
	EventID   int64     `json:"event_id"`
	EventKey  string    `json:"event_key"`
	Role      string    `json:"role"`
	CreatedAt time.Time `json:"created_at"`
}

// Sections implements users.PersonalData.
func (PersonalData) Sections(db *gorm.DB, user *users.User) []users.Section {
	read := func(ctx context.Context, _ int64) ([]roleExport, int64, error) {
		var roles []Role
		err := db.WithContext(ctx).InnerJoins("Event").Where("event_roles.user_id = ?", user.ID).Order("event_roles.id").
			Find(&roles).Error
		if err != nil {
			return nil, 0, fmt.Errorf("find the roles of a user: %w", err)
		}
		exported := make([]roleExport, len(roles))
		for i, r := range roles {
			exported[i] = roleExport{r.EventID, r.Event.Key, r.Role, r.CreatedAt}
		}
		return exported, 0, nil
	}
	return []users.Section{users.NewSection("event_roles", read)}
}

// Erase implements users.PersonalData.
func (PersonalData) Erase(ctx context.Context, tx *gorm.DB, e users.Erasure) error {
	if err := tx.WithContext(ctx).Where("user_id = ?", e.UserID).Delete(&Role{}).Error; err != nil {
		return fmt.Errorf("delete the roles of a user: %w", err)
	}
	return nil
}
