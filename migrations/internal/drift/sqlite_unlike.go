package drift

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/schema"
)

// unlike returns the tables that SQLite does not hold word for word as the history would create them, and those that
// they point at. Of the others there is nothing to compare: all that SQLite knows of a table and its indexes are the
// statements that created them (https://www.sqlite.org/schematab.html), as long as no ALTER TABLE edits these.
func unlike(db *gorm.DB, want schema.Schema) (schema.Schema, error) {
	var rows []struct{ Table, SQL string }
	err := db.Raw(`SELECT tbl_name AS "table", sql FROM sqlite_master
		WHERE type IN ('table', 'index') AND sql IS NOT NULL`).Scan(&rows).Error
	if err != nil {
		return want, fmt.Errorf("describe the database: %w", err)
	}
	there := map[string][]string{}
	for _, r := range rows {
		there[r.Table] = append(there[r.Table], r.SQL)
	}
	var left schema.Schema
	for _, t := range want.Tables() {
		texts, err := creates(t, want)
		if err != nil {
			return want, err
		}
		slices.Sort(texts)
		slices.Sort(there[t.Name])
		if !slices.Equal(texts, there[t.Name]) {
			left = withTargets(left, t, want)
		}
	}
	return left, nil
}

// withTargets returns the schema with a table of all, and with what it points at.
func withTargets(s schema.Schema, t schema.Table, all schema.Schema) schema.Schema {
	if _, known := s.Table(t.Name); known {
		return s
	}
	s = s.With(t)
	for _, k := range t.ForeignKeys {
		if target, ok := all.Table(k.RefTable); ok {
			s = withTargets(s, target, all)
		}
	}
	return s
}

// creates returns the statements that create a table of all and its indexes.
func creates(t schema.Table, all schema.Schema) ([]string, error) {
	var now schema.Schema // with no more than the table needs
	for _, k := range t.ForeignKeys {
		if target, ok := all.Table(k.RefTable); ok && target.Name != t.Name {
			now = now.With(target)
		}
	}
	var texts []string
	for _, o := range operations(schema.SQLite, schema.New(t)) {
		statements, err := ddl.Statements(schema.SQLite, o, now)
		if err == nil {
			now, err = o.Apply(now)
		}
		if err != nil {
			return nil, fmt.Errorf("make the history's schema once more: %w", err)
		}
		for _, s := range statements {
			texts = append(texts, s.SQL)
		}
	}
	return texts, nil
}
