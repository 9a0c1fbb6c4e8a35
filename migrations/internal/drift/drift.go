// Package drift reports how a database differs from the history of its revisions.
//
// The same server builds the schema of the history once more, without rows: in a schema that is rolled back on
// PostgreSQL, in memory on SQLite. The same catalogue queries then describe both, so that the server normalises
// expressions and types in both the same way:
//
//	history ─replay─▶ schema ─ddl─▶ scratch ──catalogue──▶ objects ─┐
//	                                database ─catalogue──▶ objects ─┴▶ differences
//
// Tables that the history does not know are ignored.
package drift

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"guestlist/migrations/internal/session"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Difference is an object that differs between the database and the history.
type Difference struct {
	Object string // such as "column users.email"
	Want   string // in the history; empty if it has none
	Got    string // in the database; empty if it has none
}

func (d Difference) String() string {
	switch {
	case d.Got == "":
		return d.Object + " is missing"
	case d.Want == "":
		return d.Object + " is not in the history"
	default:
		return fmt.Sprintf("%s is %s, not %s", d.Object, d.Got, d.Want)
	}
}

// Compare returns the differences between the database and the schema of its history, sorted by object. If that schema
// cannot be built there, the error is an UncheckedError.
func Compare(ctx context.Context, db *gorm.DB, want schema.Schema) ([]Difference, error) {
	db, err := session.New(ctx, db)
	if err != nil {
		return nil, err
	}
	i, err := inspect(db, want)
	if err != nil {
		return nil, err
	}
	got, err := i.describe(db, i.tables)
	if err != nil {
		return nil, fmt.Errorf("describe the database: %w", err)
	}
	wanted, err := i.expected(ctx, got)
	if err != nil {
		return nil, fmt.Errorf("build the schema of the history: %w", err)
	}
	if i.foldsCase {
		foldCase(wanted, got)
	}
	adopt(want, wanted, got)
	ignoreNumbers(want, wanted, got)
	return compare(wanted, got), nil
}

// inspector describes both sides on one dialect.
type inspector struct {
	tables   []string // to be compared
	describe func(db *gorm.DB, tables []string) (objects, error)
	// expected builds the tables from the history and describes them.
	expected func(ctx context.Context, got objects) (objects, error)
	// foldsCase is set if names that differ only in case are equal.
	foldsCase bool
}

func inspect(db *gorm.DB, want schema.Schema) (inspector, error) {
	if schema.Dialect(db.Name()) == schema.SQLite {
		return inspectSQLite(db, want)
	}
	s, err := newSpaces(db, want)
	i := inspector{tables: want.Names()}
	i.describe = func(db *gorm.DB, tables []string) (objects, error) { return s.describe(db, tables, false) }
	i.expected = func(ctx context.Context, got objects) (wanted objects, err error) {
		err = s.scratchPostgres(ctx, db, func(tx *gorm.DB) error {
			if err := buildPostgres(ctx, tx, s.inScratch(want)); err != nil {
				return err
			}
			wanted, err = expected(i.tables, got, func(tables []string) (objects, error) { return s.describe(tx, tables, true) })
			return err
		})
		return wanted, err
	}
	return i, err
}

// expected describes the tables as they should be. A table that the database lacks is described without its columns and
// constraints: they are missing too.
func expected(tables []string, got objects, describe func(tables []string) (objects, error)) (objects, error) {
	var present, missing []string
	for _, table := range tables {
		if got["table "+table] == "" {
			missing = append(missing, table)
		} else {
			present = append(present, table)
		}
	}
	want, err := describe(present)
	if err != nil {
		return nil, err
	}
	whole, err := describe(missing)
	for _, table := range missing {
		if text, ok := whole["table "+table]; ok {
			want["table "+table] = text
		}
	}
	return want, err
}

// objects maps the names of objects in a database to their descriptions.
type objects map[string]string

func compare(want, got objects) []Difference {
	var different []Difference
	for object, text := range want {
		if got[object] != text {
			different = append(different, Difference{Object: object, Want: text, Got: got[object]})
		}
	}
	for object, text := range got {
		if _, known := want[object]; !known {
			different = append(different, Difference{Object: object, Got: text})
		}
	}
	slices.SortFunc(different, func(a, b Difference) int {
		if a.Object < b.Object {
			return -1
		}
		return 1
	})
	return different
}

// operations returns the operations that build a schema: tables, then indexes, then foreign keys.
func operations(d schema.Dialect, s schema.Schema) []op.Operation {
	var tables, keys, indexes []op.Operation
	for _, t := range order(s) {
		made := t.Clone()
		made.Indexes = nil
		if d == schema.Postgres {
			made.ForeignKeys = nil
			for _, k := range t.ForeignKeys {
				keys = append(keys, &op.AddForeignKey{Table: t.Name, Key: k})
			}
		}
		tables = append(tables, &op.CreateTable{Table: made})
		for _, i := range t.Indexes {
			indexes = append(indexes, &op.CreateIndex{Table: t.Name, Index: i})
		}
	}
	return slices.Concat(tables, indexes, keys) // a key may reference columns that only a unique index makes unique
}

// order lists tables after the tables they reference, as far as cycles allow.
func order(s schema.Schema) []schema.Table {
	var ordered []schema.Table
	seen := map[string]bool{}
	var visit func(t schema.Table)
	visit = func(t schema.Table) {
		if seen[t.Name] {
			return
		}
		seen[t.Name] = true
		for _, k := range t.ForeignKeys {
			if target, ok := s.Table(k.RefTable); ok {
				visit(target)
			}
		}
		for _, name := range t.Targets() {
			if target, ok := s.Table(name); ok {
				visit(target)
			}
		}
		ordered = append(ordered, t)
	}
	for _, t := range s.Tables() {
		visit(t)
	}
	return ordered
}
