package users

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// deletedWith returns the ids of the deleted, not yet erased accounts with the canonical address, in order.
func deletedWith(ctx context.Context, db *gorm.DB, email string) (ids []int64, err error) {
	err = db.WithContext(ctx).Unscoped().Model(&User{}).
		Where("email = ? AND deleted_at IS NOT NULL AND erased_at IS NULL", email).
		Order("id").Pluck("id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("find deleted users: %w", err)
	}
	return ids, nil
}

// currentFirst orders the accounts of an address: the one that has it now first, then the deleted ones, newest first.
const currentFirst = "deleted_at IS NOT NULL, id DESC"

// allWith returns the accounts with the canonical address that are not erased, in the order of currentFirst.
func allWith(ctx context.Context, db *gorm.DB, email string) (found []User, err error) {
	err = db.WithContext(ctx).Unscoped().Where("email = ?", email).Order(currentFirst).Find(&found).Error
	if err != nil {
		return nil, fmt.Errorf("find users: %w", err)
	}
	return found, nil
}

// deletedBefore returns, in order, up to limit ids greater than after, of accounts that were deleted at the time before
// or earlier and are not erased.
func deletedBefore(
	ctx context.Context, db *gorm.DB, before time.Time, after int64, limit int,
) (ids []int64, err error) {
	if err := deletedQuery(db.WithContext(ctx), before, after, limit).Find(&ids).Error; err != nil {
		return nil, fmt.Errorf("find users to erase: %w", err)
	}
	return ids, nil
}

func deletedQuery(db *gorm.DB, before time.Time, after int64, limit int) *gorm.DB {
	return db.Unscoped().Model(&User{}).Select("id").
		Where("deleted_at <= ? AND erased_at IS NULL AND id > ?", before.UTC(), after).Order("id").Limit(limit)
}

// lockDeleted locks and returns the account if it is deleted and not erased. It returns nil if not, or if another
// transaction has locked it.
func lockDeleted(tx *gorm.DB, id int64) (*User, error) {
	var found []User
	lock := clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked}
	err := tx.Unscoped().Clauses(lock).Where("id = ? AND deleted_at IS NOT NULL AND erased_at IS NULL", id).
		Find(&found).Error
	if err != nil {
		return nil, fmt.Errorf("lock a deleted user: %w", err)
	}
	if len(found) == 0 {
		return nil, nil //nolint:nilnil // as documented
	}
	return &found[0], nil
}

// inUse reports whether an account has the canonical address now.
func inUse(tx *gorm.DB, email string) (bool, error) {
	var count int64
	if err := tx.Model(&User{}).Where("email = ?", email).Count(&count).Error; err != nil {
		return false, fmt.Errorf("find the holder of an address: %w", err)
	}
	return count > 0, nil
}

// eraseRow empties every column of a deleted user, including future ones, except those that hold no personal data.
func eraseRow(tx *gorm.DB, user *User) error {
	now := tx.NowFunc()
	erased := User{
		ID: user.ID, TokenGeneration: user.TokenGeneration, CreatedAt: user.DeletedAt.Time, DeletedAt: user.DeletedAt,
		ErasedAt: &now,
	}
	if err := tx.Unscoped().Select("*").Updates(&erased).Error; err != nil {
		return fmt.Errorf("erase a user: %w", err)
	}
	return nil
}
