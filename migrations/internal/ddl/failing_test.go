package ddl

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/catalogue"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

var errFailed = errors.New("the statement failed")

// failing is a connection on which one statement fails, after some that succeed.
type failing struct {
	gorm.ConnPool

	left   int    // statements that succeed first
	late   bool   // only queries fail, while their rows are read
	failed string // the statement that failed
}

func (f *failing) fails(statement string) bool {
	if f.failed != "" {
		return false
	}
	if f.left--; f.left >= 0 {
		return false
	}
	f.failed = statement
	return true
}

func (f *failing) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if !f.late && f.fails(query) {
		return nil, errFailed
	}
	return f.ConnPool.ExecContext(ctx, query, args...)
}

func (f *failing) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	switch {
	case !f.fails(query):
		return f.ConnPool.QueryContext(ctx, query, args...)
	case f.late:
		return sql.OpenDB(unreadable{}).QueryContext(ctx, query)
	default:
		return nil, errFailed
	}
}

func (f *failing) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if f.fails(query) {
		return sql.OpenDB(unreadable{}).QueryRowContext(ctx, query)
	}
	return f.ConnPool.QueryRowContext(ctx, query, args...)
}

// unreadable is a driver, its connections, and the rows of their queries, which cannot be read.
type unreadable struct{}

func (unreadable) Open(string) (driver.Conn, error)             { return unreadable{}, nil }
func (unreadable) Connect(context.Context) (driver.Conn, error) { return unreadable{}, nil }
func (unreadable) Driver() driver.Driver                        { return unreadable{} }
func (unreadable) Prepare(string) (driver.Stmt, error)          { return nil, errFailed }
func (unreadable) Begin() (driver.Tx, error)                    { return nil, errFailed }
func (unreadable) Close() error                                 { return nil }
func (unreadable) Columns() []string                            { return []string{"unreadable"} }
func (unreadable) Next([]driver.Value) error                    { return errFailed }

func (unreadable) QueryContext(context.Context, string, []driver.NamedValue) (driver.Rows, error) {
	return unreadable{}, nil
}

// failAtEach runs do with each of its statements failing in turn, until it runs without a failure, and checks that do
// returns the error each time. It calls undo after each failure.
func (db testDB) failAtEach(t *testing.T, what any, do func(tx *gorm.DB) error, undo func()) {
	t.Helper()
	for _, late := range []bool{false, true} {
		for n := 0; ; n++ {
			conn := &failing{ConnPool: db.Conn, left: n, late: late}
			tx := db.Session(&gorm.Session{Context: t.Context()})
			tx.Statement.ConnPool = conn
			err := do(tx)
			if conn.failed == "" && err == nil {
				undo()
				break
			}
			if conn.failed == "" || !errors.Is(err, errFailed) {
				t.Errorf("%v: got error %v, want that of statement %d, late %t: %s", what, err, n, late, conn.failed)
			}
			if conn.failed == "" {
				return
			}
			db.checkLegacy(t, conn.failed)
			undo()
		}
	}
}

// checkLegacy checks that a rebuild has switched legacy_alter_table off again, unless just that failed.
func (db testDB) checkLegacy(t *testing.T, failed string) {
	t.Helper()
	if db.Dialect != schema.SQLite {
		return
	}
	if on := db.Ask(t, "PRAGMA legacy_alter_table"); on != "0" && failed != legacyOff {
		t.Errorf("got legacy_alter_table %s after the failure of %s, want 0", on, failed)
	}
	db.Exec(t, legacyOff)
}

// TestFailsAtEveryStatement makes each statement of each change fail in turn: Execute returns its error, and the schema
// before the operation.
func TestFailsAtEveryStatement(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		t.Run("changes", func(t *testing.T) {
			t.Parallel()
			db, before := s.filled(t)
			db.failEverywhere(t, before, changes())
		})
		t.Run("constraints inside types", func(t *testing.T) {
			t.Parallel()
			db := s.open(t)
			before := db.must(t, schema.Schema{}, op.Record(inlineFixture))
			db.failEverywhere(t, before, inlineChanges())
		})
	})
}

// failEverywhere makes each statement of the changes fail, apart from those that need no transaction.
func (db testDB) failEverywhere(t *testing.T, before schema.Schema, changes []change) {
	t.Helper()
	if db.Dialect == schema.SQLite {
		db.Exec(t, "PRAGMA foreign_keys = OFF")
	}
	db.Exec(t, "BEGIN")
	for _, c := range changes {
		operations := op.Record(c.up)
		if !transactional(db.Dialect, operations) {
			continue
		}
		db.Exec(t, "SAVEPOINT change")
		now := before
		for _, o := range operations {
			db.Exec(t, "SAVEPOINT operation")
			db.failAtEach(t, o, func(tx *gorm.DB) error {
				after, err := Execute(t.Context(), tx, o, now)
				if err != nil && !schema.Equal(after, now) {
					t.Errorf("%s: got the schema %v after a failure, want that before", o, after)
				}
				return err
			}, func() { db.Exec(t, "ROLLBACK TO operation") })
			var err error
			if now, err = Execute(t.Context(), db.DB, o, now); err != nil {
				t.Fatalf("%s: got error %v after the failures, want none", o, err)
			}
		}
		db.Exec(t, "ROLLBACK TO change")
	}
	db.Exec(t, "ROLLBACK")
}

// TestFailingConcurrentIndex makes each statement of a concurrent build fail, first while an invalid index is there,
// and each statement of the concurrent drop. Both are repeated until they succeed.
func TestFailingConcurrentIndex(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		if s.Dialect != schema.Postgres {
			return // SQLite builds no index concurrently
		}
		db, before := s.filled(t)
		up := op.Record(func(m *op.Migration) { m.CreateIndex("Uni", "logs", "line").Unique().Concurrently() })
		down := op.Record(func(m *op.Migration) { m.DropIndex("Uni", "logs").Concurrently() })
		if _, err := db.migrate(t, before, up); err == nil {
			t.Fatal("got no error for rows that are not unique, want one")
		}
		db.Exec(t, "DELETE FROM logs")
		fail := func(o op.Operation, before schema.Schema) {
			t.Helper()
			db.failAtEach(t, o, func(tx *gorm.DB) error {
				_, err := Execute(t.Context(), tx, o, before)
				return err
			}, func() {})
		}
		fail(up[0], before)
		after, err := op.ApplyAll(before, up)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := managed(db.Catalogue(t)), db.fresh(t, after); got != want {
			t.Errorf("the build left a different catalogue:%s", catalogue.Difference(want, got))
		}
		fail(down[0], after)
		if got, want := managed(db.Catalogue(t)), db.fresh(t, before); got != want {
			t.Errorf("the drop left a different catalogue:%s", catalogue.Difference(want, got))
		}
	})
}

// TestFailingLookups makes the queries about batches, defaults and indexes fail.
func TestFailingLookups(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		db := s.open(t)
		before := pairs(t, db)
		few := &op.Batches{Table: "pairs", Size: 3, Text: schema.Both("DELETE FROM pairs WHERE {rows}; SELECT 1")}
		many := &op.Batches{Table: "pairs", Size: 30}
		add := op.Record(func(m *op.Migration) { m.AddColumn("pairs", op.Column("x", op.Text()).Default(op.Expr("(1)"))) })[0]
		for name, look := range map[string]func(tx *gorm.DB) error{
			"a full batch": func(tx *gorm.DB) error {
				_, _, err := NextBatch(t.Context(), tx, few, before, nil)
				return err
			},
			"the last batch": func(tx *gorm.DB) error {
				_, rows, err := NextBatch(t.Context(), tx, many, before, nil)
				if err == nil && rows != 7 {
					t.Errorf("got %d rows in the last batch, want 7", rows)
				}
				return err
			},
			"execute": func(tx *gorm.DB) error {
				return ExecuteBatch(t.Context(), tx, few, op.Batch{Table: "pairs", Key: []string{"a", "b"}, UpTo: []any{0, 0}})
			},
			"keys": func(tx *gorm.DB) error { return CheckKeys(t.Context(), tx, few, before) },
			"estimate": func(tx *gorm.DB) error {
				_, err := EstimateRows(t.Context(), tx, few)
				return err
			},
			"defaults": func(tx *gorm.DB) error { return CheckDefaults(t.Context(), tx, add) },
			"index": func(tx *gorm.DB) error {
				if s.Dialect != schema.Postgres {
					return nil
				}
				_, err := FindIndex(t.Context(), tx.Statement.ConnPool, "pairs", "pairs_pkey")
				return err
			},
		} {
			db.failAtEach(t, name, look, func() {})
		}
	})
}

// TestTextsRefuseNull checks that NULL does not pass for a text.
func TestTextsRefuseNull(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		db := s.open(t)
		if got, err := texts(t.Context(), db.Conn, "SELECT 'a' UNION ALL SELECT NULL"); err == nil || got != nil {
			t.Errorf("got the texts %q and error %v, want an error", got, err)
		}
		if got, err := texts(t.Context(), db.Conn, "SELECT 'a' UNION ALL SELECT 'b'"); err != nil || len(got) != 2 {
			t.Errorf("got the texts %q and error %v afterwards, want both", got, err)
		}
	})
}
