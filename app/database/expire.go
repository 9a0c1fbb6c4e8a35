package database

import (
	"context"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// expireBatch is the number of rows deleted per statement; it is small so that nobody waits long for the locks.
const expireBatch = 500

// DeleteAll deletes the rows of a model that meet the condition, in batches, and returns how many. The model's primary
// key must be a single column. Programs that delete the same rows at the same time share the work.
func DeleteAll(ctx context.Context, db *gorm.DB, model any, condition string, values ...any) (int64, error) {
	parsed := &gorm.Statement{DB: db}
	if err := parsed.Parse(model); err != nil {
		return 0, fmt.Errorf("delete expired rows: %w", err)
	}
	key := parsed.Schema.PrioritizedPrimaryField.DBName
	var total int64
	for {
		some := db.Model(model).Unscoped().Select(key).Where(condition, values...).Limit(expireBatch).
			Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked})
		result := db.WithContext(ctx).Unscoped().Where(key+" IN (?)", some).Delete(model)
		total += result.RowsAffected
		if result.Error != nil {
			return total, fmt.Errorf("delete expired rows: %w", result.Error)
		}
		if result.RowsAffected < expireBatch {
			return total, nil
		}
	}
}
