package dbtest

import (
	"os"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"guestlist/app/database"
)

// NewSchema is New with the program's schema.
func NewSchema(t testing.TB) *gorm.DB {
	t.Helper()
	return Open(t, SchemaURL(t), database.Options{})
}

// SchemaURL returns the address of a database with the program's schema, which is removed when the test ends. It is a
// copy of one that the first call created: with the race detector, running all revisions takes twenty times as long.
func SchemaURL(t testing.TB) string {
	t.Helper()
	template.Lock()
	defer template.Unlock()
	if server := os.Getenv(ServerVariable); server != "" {
		return template.copyPostgres(t, server)
	}
	return template.copySQLite(t)
}

// template is what SchemaURL copies.
var template schema

type schema struct {
	sync.Mutex

	file []byte // of SQLite
	name string // of the database on the PostgreSQL server, which exists as long as a test uses a copy
	uses int
}

func (s *schema) copySQLite(t testing.TB) string {
	t.Helper()
	address := SQLiteURL(t)
	path := strings.TrimPrefix(address, "sqlite:///")
	if s.file != nil {
		if err := os.WriteFile(path, s.file, 0o600); err != nil {
			t.Fatalf("copy the schema: %v", err)
		}
		return address
	}
	UpgradeAt(t, address)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("copy the schema: %v", err)
	}
	s.file = file
	return address
}

func (s *schema) copyPostgres(t testing.TB, server string) string {
	t.Helper()
	if s.uses == 0 {
		s.name = "test_" + randomName()
		administer(t, server, "CREATE DATABASE "+s.name)
		UpgradeAt(t, Server(t, s.name))
	}
	s.uses++
	t.Cleanup(func() {
		s.Lock()
		defer s.Unlock()
		if s.uses--; s.uses == 0 {
			administer(t, server, "DROP DATABASE "+s.name)
		}
	})
	return createPostgres(t, server, " TEMPLATE "+s.name)
}

// UpgradeAt is Upgrade for the database at address. It leaves no connection open.
func UpgradeAt(t testing.TB, address string) {
	t.Helper()
	db, err := database.Open(address, database.Options{})
	if err != nil {
		t.Fatalf("open the test database: %v", err)
	}
	Upgrade(t, db)
	if err := database.Close(db); err != nil {
		t.Fatalf("close the test database: %v", err)
	}
}
