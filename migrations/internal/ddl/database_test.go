package ddl

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"guestlist/migrations/internal/catalogue"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// testDB is an empty database that executes operations as the runner does.
type testDB struct{ *catalogue.Database }

// server gives out empty databases of a dialect.
type server struct{ *catalogue.Server }

// onEach runs the test on SQLite and, if a server is configured, on PostgreSQL.
func onEach(t *testing.T, test func(t *testing.T, s server)) {
	t.Helper()
	catalogue.Each(t, func(t *testing.T, s *catalogue.Server) { test(t, server{s}) })
}

func newServer(t *testing.T, d schema.Dialect) server {
	t.Helper()
	return server{catalogue.NewServer(t, d)}
}

func (s server) open(t *testing.T) testDB {
	t.Helper()
	return testDB{s.Open(t)}
}

// migrate executes the operations as one revision and returns the schema after them.
func (db testDB) migrate(t *testing.T, before schema.Schema, operations []op.Operation) (schema.Schema, error) {
	t.Helper()
	if !transactional(db.Dialect, operations) {
		return db.executeAll(t.Context(), before, operations)
	}
	begin := "BEGIN"
	if db.Dialect == schema.SQLite {
		db.Exec(t, "PRAGMA foreign_keys = OFF")
		defer db.Exec(t, "PRAGMA foreign_keys = ON")
		begin = "BEGIN IMMEDIATE"
	}
	db.Exec(t, begin)
	after, err := db.executeAll(t.Context(), before, operations)
	if err == nil {
		err = db.checkForeignKeys(t.Context())
	}
	if err != nil {
		db.Exec(t, "ROLLBACK")
		return before, err
	}
	db.Exec(t, "COMMIT")
	return after, nil
}

func transactional(d schema.Dialect, operations []op.Operation) bool {
	return !slices.ContainsFunc(operations, func(o op.Operation) bool { return !Transactional(d, o) })
}

func (db testDB) executeAll(ctx context.Context, s schema.Schema, operations []op.Operation) (schema.Schema, error) {
	for _, o := range operations {
		var err error
		if s, err = Execute(ctx, db.DB, o, s); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (db testDB) checkForeignKeys(ctx context.Context) error {
	if db.Dialect != schema.SQLite {
		return nil
	}
	broken, err := texts(ctx, db.Conn, `SELECT "table" FROM pragma_foreign_key_check`)
	if err == nil && len(broken) > 0 {
		err = fmt.Errorf("foreign key check: %v", broken)
	}
	return err
}

// must migrates, and stops the test on an error.
func (db testDB) must(t *testing.T, before schema.Schema, operations []op.Operation) schema.Schema {
	t.Helper()
	after, err := db.migrate(t, before, operations)
	if err != nil {
		t.Fatal(err)
	}
	return after
}
