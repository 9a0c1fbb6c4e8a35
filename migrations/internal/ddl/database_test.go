package ddl

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	gormpostgres "gorm.io/driver/postgres"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// testDB is an empty database on one connection, which behaves as the runner's does.
type testDB struct {
	dialect schema.Dialect
	conn    *sql.Conn
	gorm    *gorm.DB
	schema  string // PostgreSQL's
}

// server gives out empty databases of a dialect. On PostgreSQL they are schemas of one database, which are made far
// faster than databases are.
type server struct {
	dialect schema.Dialect
	url     string
	schemas *atomic.Int64
}

// onEach runs the test on SQLite and, where a server is named, on PostgreSQL.
func onEach(t *testing.T, test func(t *testing.T, s server)) {
	t.Helper()
	for _, d := range schema.Dialects() {
		if d == schema.Postgres && !dbtest.Postgres() {
			continue
		}
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			test(t, newServer(t, d))
		})
	}
}

func newServer(t *testing.T, d schema.Dialect) server {
	t.Helper()
	s := server{dialect: d, schemas: new(atomic.Int64)}
	if d == schema.Postgres {
		s.url = dbtest.URL(t)
	}
	return s
}

func (s server) open(t *testing.T) testDB {
	t.Helper()
	if s.dialect == schema.SQLite {
		return connect(t, s.dialect, dbtest.SQLiteURL(t))
	}
	db := connect(t, s.dialect, s.url)
	db.schema = fmt.Sprintf("case_%d", s.schemas.Add(1))
	db.exec(t, "CREATE SCHEMA "+db.schema, "SET search_path = "+db.schema)
	return db
}

func connect(t *testing.T, d schema.Dialect, url string) testDB {
	t.Helper()
	pool, err := dbtest.OpenOne(t, url).DB()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	dialector := gorm.Dialector(&gormsqlite.Dialector{Conn: conn})
	if d == schema.Postgres {
		dialector = gormpostgres.New(gormpostgres.Config{Conn: conn})
	}
	db, err := gorm.Open(dialector, &gorm.Config{Logger: logger.Discard, SkipDefaultTransaction: true})
	if err != nil {
		t.Fatal(err)
	}
	return testDB{dialect: d, conn: conn, gorm: db}
}

func (db testDB) exec(t *testing.T, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.conn.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// migrate executes the operations as one revision and answers the schema after them.
func (db testDB) migrate(t *testing.T, before schema.Schema, operations []op.Operation) (schema.Schema, error) {
	t.Helper()
	if !transactional(db.dialect, operations) {
		return db.executeAll(t.Context(), before, operations)
	}
	begin := "BEGIN"
	if db.dialect == schema.SQLite {
		db.exec(t, "PRAGMA foreign_keys = OFF")
		defer db.exec(t, "PRAGMA foreign_keys = ON")
		begin = "BEGIN IMMEDIATE"
	}
	db.exec(t, begin)
	after, err := db.executeAll(t.Context(), before, operations)
	if err == nil {
		err = db.checkForeignKeys(t.Context())
	}
	if err != nil {
		db.exec(t, "ROLLBACK")
		return before, err
	}
	db.exec(t, "COMMIT")
	return after, nil
}

func transactional(d schema.Dialect, operations []op.Operation) bool {
	return !slices.ContainsFunc(operations, func(o op.Operation) bool { return !Transactional(d, o) })
}

func (db testDB) executeAll(ctx context.Context, s schema.Schema, operations []op.Operation) (schema.Schema, error) {
	for _, o := range operations {
		var err error
		if s, err = Execute(ctx, db.gorm, o, s); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (db testDB) checkForeignKeys(ctx context.Context) error {
	if db.dialect != schema.SQLite {
		return nil
	}
	broken, err := texts(ctx, db.conn, `SELECT "table" FROM pragma_foreign_key_check`)
	if err == nil && len(broken) > 0 {
		err = fmt.Errorf("foreign key check: %v", broken)
	}
	return err
}

// must migrates and fails the test where that fails.
func (db testDB) must(t *testing.T, before schema.Schema, operations []op.Operation) schema.Schema {
	t.Helper()
	after, err := db.migrate(t, before, operations)
	if err != nil {
		t.Fatal(err)
	}
	return after
}

// query answers every row as one text.
func (db testDB) query(t *testing.T, query string, args ...any) []string {
	t.Helper()
	rows, err := db.conn.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	columns, _ := rows.Columns()
	var lines []string
	for rows.Next() {
		values, pointers := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line(values))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

func line(values []any) string {
	var text string
	for i, v := range values {
		if i > 0 {
			text += " | "
		}
		if b, ok := v.([]byte); ok {
			v = string(b)
		}
		text += fmt.Sprintf("%v", v)
	}
	return text
}
