package users

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/database"
)

var errBulkEmail = errors.New("many addresses cannot be corrected at once")

// CorrectMany applies corrections, keyed by user id, to the accounts of many guests of the event, as Correct does; they
// must not correct addresses. It skips the users for whom Correct would fail, and returns them as refused.
func CorrectMany(
	ctx context.Context, tx *gorm.DB, eventID int64, corrections map[int64]Correction, elsewhere Elsewhere,
) (refused map[int64]bool, err error) {
	ids := slices.Sorted(maps.Keys(corrections))
	var found []User
	lock := clause.Locking{Strength: clause.LockingStrengthUpdate, Table: clause.Table{Name: "users"}}
	locked := tx.WithContext(ctx).Clauses(lock)
	if err := database.WhereIn(locked, "users.id", ids).Order("users.id").Find(&found).Error; err != nil {
		return nil, fmt.Errorf("lock users: %w", err)
	}
	shared, err := elsewhere(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	refused = make(map[int64]bool, len(ids))
	for _, id := range ids { // deleted users too, who are not found
		refused[id] = true
	}
	var changed []User
	for i := range found {
		user, c := &found[i], corrections[found[i].ID]
		if c.Email != nil {
			return nil, errBulkEmail
		}
		own := user.correctableBy(eventID) && !shared[user.ID]
		if differs := len(c.apply(user)) > 0; differs && own {
			user.UpdatedAt = tx.NowFunc()
			changed = append(changed, *user)
		} else if differs {
			continue
		}
		delete(refused, user.ID)
	}
	return refused, storeNames(ctx, tx, changed)
}

// storeNames updates the names and languages of users.
func storeNames(ctx context.Context, tx *gorm.DB, users []User) error {
	if len(users) == 0 {
		return nil
	}
	err := tx.WithContext(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "id"}},
		DoUpdates: clause.AssignmentColumns([]string{
			"firstname", "lastname", "user_title", "primary_language", "search_key", "lastname_key", "updated_at",
		}),
	}).CreateInBatches(users, insertBatch).Error
	if err != nil {
		return fmt.Errorf("store the names of users: %w", err)
	}
	return nil
}
