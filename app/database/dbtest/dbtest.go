// Package dbtest gives each test its own empty database: a SQLite file or, if the environment variable
// TEST_DATABASE_URL names a PostgreSQL server, a new database there. If that server cannot be reached, the test fails.
package dbtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/migrations"
	"guestlist/migrations/versions"
)

// ServerVariable is the environment variable that names the PostgreSQL server to test on. The user in it must be
// allowed to create databases.
const ServerVariable = "TEST_DATABASE_URL"

// New returns an empty database, which is closed and removed when the test ends.
func New(t testing.TB) *gorm.DB {
	t.Helper()
	return Open(t, URL(t), database.Options{})
}

// Open opens the database at address and closes it when the test ends.
func Open(t testing.TB, address string, options database.Options) *gorm.DB {
	t.Helper()
	db, err := database.Open(address, options)
	if err != nil {
		t.Fatalf("open the test database: %v", err)
	}
	t.Cleanup(func() {
		if err := database.Close(db); err != nil {
			t.Errorf("close the test database: %v", err)
		}
	})
	return db
}

// Upgrade creates the program's schema in an empty database.
func Upgrade(t testing.TB, db *gorm.DB) {
	t.Helper()
	env := &migrations.Environment{Revisions: versions.Revisions}
	if err := migrations.Upgrade(t.Context(), env, db, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatalf("create the schema: %v", err)
	}
}

// URL returns the address of an empty database, which is removed when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	if server := os.Getenv(ServerVariable); server != "" {
		return createPostgres(t, server, "")
	}
	return SQLiteURL(t)
}

// SQLiteURL returns the address of an empty SQLite database, whatever the suite runs on.
func SQLiteURL(t testing.TB) string {
	t.Helper()
	return "sqlite:///" + filepath.Join(t.TempDir(), "test.db")
}

// Postgres reports whether the suite runs on PostgreSQL.
func Postgres() bool { return os.Getenv(ServerVariable) != "" }

func createPostgres(t testing.TB, server, options string) string {
	t.Helper()
	name := "test_" + randomName()
	administer(t, server, "CREATE DATABASE "+name+options)
	t.Cleanup(func() { administer(t, server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	return Server(t, name)
}

// Server returns the address of the database with the name on the server that ServerVariable names.
func Server(t testing.TB, name string) string {
	t.Helper()
	address, err := url.Parse(os.Getenv(ServerVariable))
	if err != nil {
		t.Fatalf("%s is not a URL", ServerVariable)
	}
	address.Path = "/" + name
	return address.String()
}

// administer runs one statement on the database that ServerVariable names, on a new connection.
func administer(t testing.TB, server, statement string) {
	t.Helper()
	db, err := database.Open(server, database.Options{PoolSize: 1})
	if err != nil {
		t.Fatalf("%s: %v", ServerVariable, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := db.WithContext(ctx).Exec(statement).Error; err != nil {
		t.Fatalf("%s: %s: %v", ServerVariable, statement, err)
	}
	if err := database.Close(db); err != nil {
		t.Fatalf("%s: %v", ServerVariable, err)
	}
}

func randomName() string {
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails: https://pkg.go.dev/crypto/rand#Read
	return hex.EncodeToString(random[:])
}
