package drift

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/schema"
)

// atOnce is how many tables are made in one database: SQLite looks through its whole catalogue at each CREATE.
const atOnce = 50

func inspectSQLite(db *gorm.DB, want schema.Schema) (i inspector, err error) {
	i = inspector{describe: describeSQLite, foldsCase: true}
	if i.tables, err = unlike(db, want); err != nil {
		return i, err
	}
	i.expected = func(ctx context.Context, got objects) (objects, error) {
		return expected(i.tables, got, func(tables []string) (objects, error) { return inMemory(ctx, db, want, tables) })
	}
	return i, nil
}

// inMemory makes tables and describes them. It needs not make what they point at, as SQLite does not look for that.
func inMemory(ctx context.Context, db *gorm.DB, want schema.Schema, tables []string) (objects, error) {
	all := objects{}
	for some := range slices.Chunk(tables, atOnce) {
		err := scratchSQLite(ctx, db, func(tx *gorm.DB) error {
			for _, name := range some {
				if err := create(ctx, tx, name, want); err != nil {
					return err
				}
			}
			described, err := describeSQLite(tx, some)
			maps.Copy(all, described)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// create makes a table with its indexes.
func create(ctx context.Context, tx *gorm.DB, name string, want schema.Schema) error {
	t, _ := want.Table(name)
	texts, err := creates(t, want)
	if err != nil {
		return err
	}
	for _, text := range texts {
		if _, err := tx.Statement.ConnPool.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("create table %s: %w", name, err)
		}
	}
	return nil
}

// unlike returns the tables that SQLite does not hold word for word as the history would create them. Of the others
// there is nothing to compare: all that SQLite knows of a table and its indexes are the statements that created them
// (https://www.sqlite.org/schematab.html), which ALTER TABLE edits.
func unlike(db *gorm.DB, want schema.Schema) ([]string, error) {
	var rows []struct{ Table, SQL string }
	err := db.Raw(`SELECT tbl_name AS "table", sql FROM sqlite_master
		WHERE type IN ('table', 'index') AND sql IS NOT NULL`).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("describe the database: %w", err)
	}
	there := map[string][]string{}
	for _, r := range rows {
		there[r.Table] = append(there[r.Table], r.SQL)
	}
	var names []string
	for _, t := range want.Tables() {
		texts, err := creates(t, want)
		if err != nil {
			return nil, fmt.Errorf("make the history's schema once more: %w", err)
		}
		slices.Sort(texts)
		slices.Sort(there[t.Name])
		if !slices.Equal(texts, there[t.Name]) {
			names = append(names, t.Name)
		}
	}
	return names, nil
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
			return nil, err
		}
		for _, s := range statements {
			texts = append(texts, s.SQL)
		}
	}
	return texts, nil
}
