package runner

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// Table is where gormigrate records the ids of applied revisions, one a row. It is the only state there is.
const Table = "migrations"

// Applied returns the ids recorded as applied, sorted; none where the table does not exist. It takes two queries.
func Applied(ctx context.Context, db *gorm.DB) ([]string, error) {
	tx := db.WithContext(ctx)
	exists, err := hasTable(tx)
	if err != nil || !exists {
		return nil, err
	}
	var ids []string
	if err := tx.Raw("SELECT id FROM " + Table).Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("read the applied revisions: %w", err)
	}
	slices.Sort(ids) // here, since databases sort by different rules
	return ids, nil
}

// hasTable looks for the table where gormigrate does. GORM's own HasTable takes a database that does not answer for one
// without the table.
func hasTable(tx *gorm.DB) (bool, error) {
	query := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
	if dialect(tx) == schema.Postgres {
		query = "SELECT count(*) FROM information_schema.tables" +
			" WHERE table_schema = CURRENT_SCHEMA() AND table_type = 'BASE TABLE' AND table_name = ?"
	}
	var count int64
	if err := tx.Raw(query, Table).Scan(&count).Error; err != nil {
		return false, fmt.Errorf("look for the table %s: %w", Table, err)
	}
	return count > 0, nil
}

func dialect(db *gorm.DB) schema.Dialect { return schema.Dialect(db.Name()) }
