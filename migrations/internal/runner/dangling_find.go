package runner

import (
	"encoding/json"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/internal/sqlite"
)

// danglingRow is a row of PRAGMA foreign_key_check.
type danglingRow struct {
	Table, Parent string
	Row           int64
}

const foreignKeyCheck = `SELECT "table", parent, coalesce("rowid", 0) AS "row" FROM pragma_foreign_key_check`

// numberedTables queries the tables whose rowids stay with their rows.
const numberedTables = `SELECT lower(m.name) FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.pk > 0
    WHERE m.type = 'table' GROUP BY m.name HAVING count(*) = 1 AND lower(max(c.type)) = 'integer'`

// findViolations checks all foreign keys. A single key that does not match fails the whole check; then it checks each
// table separately.
func findViolations(tx *gorm.DB) (violations, error) {
	found := violations{}
	var rows []danglingRow
	err := tx.Raw(foreignKeyCheck).Scan(&rows).Error
	if isMismatch(err) {
		rows, err = checkEach(tx, found)
	}
	if err != nil {
		return nil, fmt.Errorf("check the foreign keys: %w", err)
	}
	return found, found.add(tx, rows)
}

// isMismatch reports whether the error is that of a foreign key that does not match. SQLite has no code for it, only a
// text (fkey.c, sqlite3FkLocateIndex).
func isMismatch(err error) bool {
	text, code, ok := sqlite.Message(err)
	return ok && sqlite.Primary(code) == sqlite.Error && strings.Contains(text, "foreign key mismatch")
}

// add adds rows with missing references, with their rowids if those stay when a table is rebuilt.
func (b violations) add(tx *gorm.DB, rows []danglingRow) error {
	if len(rows) == 0 {
		return nil
	}
	var numbered []string
	err := tx.Raw(numberedTables).Scan(&numbered).Error
	if err != nil {
		return fmt.Errorf("check the foreign keys: %w", err)
	}
	isNumbered := map[string]bool{}
	for _, table := range numbered {
		isNumbered[table] = true
	}
	for _, r := range rows {
		found := violation{table: strings.ToLower(r.Table), parent: strings.ToLower(r.Parent)}
		if isNumbered[found.table] {
			found.row = r.Row
		}
		b[found]++
	}
	return nil
}

// checkEach checks table by table, and adds foreign keys that do not match to found.
func checkEach(tx *gorm.DB, found violations) ([]danglingRow, error) {
	var tables []string
	if err := tx.Raw("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").Scan(&tables).Error; err != nil {
		return nil, err
	}
	var all []danglingRow
	for _, table := range tables {
		var rows []danglingRow
		err := tx.Raw(foreignKeyCheck+"(?)", table).Scan(&rows).Error
		if isMismatch(err) {
			rows, err = checkKeys(tx, table, found)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// foreignKey is a foreign key of a SQLite table.
type foreignKey struct {
	table, parent string
	from, to      []string
}

// checkKeys checks a table key by key, because one of its foreign keys does not match.
func checkKeys(tx *gorm.DB, table string, found violations) ([]danglingRow, error) {
	keys, err := keysOf(tx, table)
	if err != nil {
		return nil, err
	}
	var all []danglingRow
	for _, k := range keys {
		matches, err := k.matches(tx)
		if err != nil {
			return nil, err
		}
		if !matches {
			found[violation{table: strings.ToLower(table), parent: strings.ToLower(k.parent), mismatch: true}]++
			continue
		}
		rows, err := k.check(tx)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

func keysOf(tx *gorm.DB, table string) ([]foreignKey, error) {
	var columns []struct {
		ID               int
		Parent, From, To string
	}
	err := tx.Raw(`SELECT k.id, k."table" AS parent, k."from", coalesce(k."to", p.name, '') AS "to"
		FROM pragma_foreign_key_list(?) k LEFT JOIN pragma_table_info(k."table") p ON p.pk = k.seq + 1
		ORDER BY k.id, k.seq`, table).Scan(&columns).Error
	var keys []foreignKey
	for n, c := range columns {
		if n == 0 || columns[n-1].ID != c.ID {
			keys = append(keys, foreignKey{table: table, parent: c.Parent})
		}
		last := &keys[len(keys)-1]
		last.from, last.to = append(last.from, c.From), append(last.to, c.To)
	}
	return keys, err
}

// matches reports whether the key references a primary key or unique columns, in any order.
func (k foreignKey) matches(tx *gorm.DB) (bool, error) {
	var unique int64
	err := tx.Raw(`WITH wanted AS (SELECT lower(value) AS name FROM json_each(?)),
		keys AS (
			SELECT 'primary key' AS "key", lower(name) AS name FROM pragma_table_info(?) WHERE pk > 0
			UNION ALL
			SELECT i.name, lower(c.name) FROM pragma_index_list(?) i JOIN pragma_index_info(i.name) c
				WHERE i."unique" AND NOT i.partial)
		SELECT count(*) FROM (SELECT "key" FROM keys GROUP BY "key"
			HAVING count(*) = (SELECT count(*) FROM wanted)
				AND sum(name IN (SELECT name FROM wanted)) = (SELECT count(*) FROM wanted))`,
		jsonList(k.to), k.parent, k.parent).Scan(&unique).Error
	return unique > 0, err
}

// check finds the rows that reference a missing row.
func (k foreignKey) check(tx *gorm.DB) ([]danglingRow, error) {
	quote := func(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
	var isSet, matches []string
	for n, from := range k.from {
		isSet = append(isSet, "c."+quote(from)+" IS NOT NULL")
		matches = append(matches, "p."+quote(k.to[n])+" = c."+quote(from))
	}
	var found int
	err := tx.Raw("SELECT count(*) FROM " + quote(k.table) + " c WHERE " + strings.Join(isSet, " AND ") +
		" AND NOT EXISTS (SELECT 1 FROM " + quote(k.parent) + " p WHERE " + strings.Join(matches, " AND ") + ")").
		Scan(&found).Error
	rows := make([]danglingRow, found)
	for n := range rows {
		rows[n] = danglingRow{Table: k.table, Parent: k.parent}
	}
	return rows, err
}

func jsonList(names []string) string {
	text, err := json.Marshal(names)
	if err != nil {
		return "[]" // not reached: strings always marshal
	}
	return string(text)
}
