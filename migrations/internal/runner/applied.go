package runner

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/migrations/schema"
)

// DefaultTable is the usual name of the table in which gormigrate records the ids of applied revisions, one per row.
// The engine keeps no other state.
const DefaultTable = "migrations"

// checkTable rejects names that GORM would not take for a single name, or that PostgreSQL would truncate.
func checkTable(name string) error {
	unsound := func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(".\"'`", r)
	}
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("the table of applied revisions has no name")
	case strings.ContainsFunc(name, unsound):
		return fmt.Errorf("the table of applied revisions cannot be named %q: choose a name without dots, quotes or spaces",
			name)
	case len(name) > schema.MaxName:
		return fmt.Errorf("the table of applied revisions cannot be named %q: the name has %d bytes, and "+
			"PostgreSQL allows %d", name, len(name), schema.MaxName)
	}
	return nil
}

// applied returns the ids in the history's table, sorted; none if the table does not exist.
func (h *History) applied(tx *gorm.DB) ([]string, error) {
	exists, err := h.hasTable(tx)
	if err != nil || !exists {
		return nil, err
	}
	var ids []string
	if err := tx.Raw("SELECT id FROM ?", clause.Table{Name: h.table}).Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("read the applied revisions: %w", err)
	}
	slices.Sort(ids) // here, since databases sort by different rules
	return ids, nil
}

// hasTable looks for the table where gormigrate does. GORM's own HasTable returns false if its query fails.
func (h *History) hasTable(tx *gorm.DB) (bool, error) {
	if dialect(tx) == schema.Postgres {
		return h.hasTablePostgres(tx)
	}
	var count int64
	err := tx.Raw("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE", h.table).
		Scan(&count).Error
	if err != nil {
		return false, fmt.Errorf("look for the table %s: %w", h.table, err)
	}
	return count > 0, nil
}

func dialect(db *gorm.DB) schema.Dialect { return schema.Dialect(db.Name()) }
