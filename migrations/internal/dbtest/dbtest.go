// Package dbtest gives each test of the engine its own empty database: a SQLite file, or, when the environment variable
// TEST_DATABASE_URL names a PostgreSQL server, a new database there. A server that is named but cannot be reached fails
// the test.
//
// The databases are opened with GORM's own drivers, as in any program.
package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// ServerVariable is the environment variable that names the PostgreSQL server to test on. Its user must be allowed to
// create databases.
const ServerVariable = "TEST_DATABASE_URL"

// Application is the application_name of the connections to PostgreSQL.
const Application = "migrations test"

// New returns an empty database, closed and removed when the test ends.
func New(t testing.TB) *gorm.DB {
	t.Helper()
	return Open(t, URL(t))
}

// Open opens the database at address and closes it when the test ends.
func Open(t testing.TB, address string) *gorm.DB {
	t.Helper()
	db, err := Connect(address)
	if err != nil {
		t.Fatalf("open the test database: %v", err)
	}
	t.Cleanup(func() {
		if err := Close(db); err != nil {
			t.Errorf("close the test database: %v", err)
		}
	})
	return db
}

// OpenOne is like Open, with at most one connection.
func OpenOne(t testing.TB, address string) *gorm.DB {
	t.Helper()
	db := Open(t, address)
	pool, err := db.DB()
	if err != nil {
		t.Fatalf("open the test database: %v", err)
	}
	pool.SetMaxOpenConns(1)
	return db
}

// options are the usual options of SQLite connections.
const options = "_time_format=sqlite&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)"

// Connect opens the database at address: postgres://…, sqlite:///relative or sqlite:////absolute. A query after a
// SQLite path replaces the usual options. The caller must close the database.
func Connect(address string) (*gorm.DB, error) {
	config := &gorm.Config{TranslateError: true, DisableAutomaticPing: true, Logger: logger.Discard}
	if path, ok := strings.CutPrefix(address, "sqlite:///"); ok {
		if !strings.Contains(path, "?") {
			path += "?" + options
		}
		pool, err := sql.Open("sqlite", "file:"+path)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(path, ":memory:") { // each connection is a separate database
			pool.SetMaxOpenConns(1)
		}
		return gorm.Open(&sqlite.Dialector{Conn: pool}, config)
	}
	server, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	server.RuntimeParams["application_name"] = Application
	pool := stdlib.OpenDB(*server)
	pool.SetMaxOpenConns(10)
	return gorm.Open(postgres.New(postgres.Config{Conn: pool}), config)
}

// Close closes every connection of db.
func Close(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return pool.Close()
}

// URL returns the address of an empty database, removed when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	if server := os.Getenv(ServerVariable); server != "" {
		return createPostgres(t, server)
	}
	return SQLiteURL(t)
}

// SQLiteURL returns the address of an empty SQLite database, whichever database the tests run on.
func SQLiteURL(t testing.TB) string {
	t.Helper()
	return "sqlite:///" + filepath.Join(t.TempDir(), "test.db")
}

// Postgres reports whether the tests run on PostgreSQL.
func Postgres() bool { return os.Getenv(ServerVariable) != "" }

func createPostgres(t testing.TB, server string) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text())
	administer(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { administer(t, server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	return Server(t, name)
}

// Server returns the address of the database called name on the server of ServerVariable.
func Server(t testing.TB, name string) string {
	t.Helper()
	address, err := url.Parse(os.Getenv(ServerVariable))
	if err != nil {
		t.Fatalf("%s is not a URL", ServerVariable)
	}
	address.Path = "/" + name
	return address.String()
}

// administer runs one statement on the server's own database, on a separate connection.
func administer(t testing.TB, server, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("%s: %v", ServerVariable, err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %s: %v", ServerVariable, statement, err)
	}
}

// Program returns the path of a program. If it is not installed, Program skips the test, or fails it if the variable CI
// is set, as it is on GitHub and in .ci/run: a test that nobody runs proves nothing. The message names the Debian
// package that contains the program.
func Program(t testing.TB, name, debianPackage string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		complain := t.Skipf
		if os.Getenv("CI") != "" {
			complain = t.Fatalf
		}
		complain("%s is not installed: apt-get install %s", name, debianPackage)
	}
	return path
}
