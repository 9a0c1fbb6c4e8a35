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

// tablesPerScratch is how many tables are built in one database: SQLite searches its whole catalogue at each CREATE.
const tablesPerScratch = 50

func inspectSQLite(db *gorm.DB, want schema.Schema) (i inspector, err error) {
	i = inspector{describe: describeSQLite, foldsCase: true}
	if i.tables, err = changedTables(db, want); err != nil {
		return i, err
	}
	i.expected = func(ctx context.Context, got objects) (objects, error) {
		return expected(i.tables, got, func(tables []string) (objects, error) { return inMemory(ctx, db, want, tables) })
	}
	return i, nil
}

// inMemory builds tables in memory and describes them. SQLite does not check that referenced tables exist.
func inMemory(ctx context.Context, db *gorm.DB, want schema.Schema, tables []string) (objects, error) {
	all := objects{}
	for some := range slices.Chunk(tables, tablesPerScratch) {
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

// create creates a table and its indexes.
func create(ctx context.Context, tx *gorm.DB, name string, want schema.Schema) error {
	t, _ := want.Table(name)
	texts, err := createStatements(t, want)
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

// changedTables returns the tables whose CREATE statements differ from those of the history. The others need no
// comparison: those statements are all that SQLite stores of a table and its indexes
// (https://www.sqlite.org/schematab.html), and ALTER TABLE edits them.
func changedTables(db *gorm.DB, want schema.Schema) ([]string, error) {
	var rows []struct{ Table, SQL string }
	err := db.Raw(`SELECT tbl_name AS "table", sql FROM sqlite_master
		WHERE type IN ('table', 'index') AND sql IS NOT NULL`).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("describe the database: %w", err)
	}
	stored := map[string][]string{}
	for _, r := range rows {
		stored[r.Table] = append(stored[r.Table], r.SQL)
	}
	var names []string
	for _, t := range want.Tables() {
		texts, err := createStatements(t, want)
		if err != nil {
			return nil, fmt.Errorf("build the schema of the history: %w", err)
		}
		slices.Sort(texts)
		slices.Sort(stored[t.Name])
		if !slices.Equal(texts, stored[t.Name]) {
			names = append(names, t.Name)
		}
	}
	return names, nil
}

// createStatements returns the statements that create a table of all and its indexes.
func createStatements(t schema.Table, all schema.Schema) ([]string, error) {
	var now schema.Schema // with only the tables that it references
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
