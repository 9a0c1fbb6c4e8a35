package session_test

import (
	"io"
	"log"
	"strings"
	"testing"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/utils/tests"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/session"
)

func TestLogger(t *testing.T) {
	t.Parallel()
	own := logger.New(log.New(io.Discard, "", 0), logger.Config{})
	for name, test := range map[string]struct{ has, want logger.Interface }{
		"GORM's": {logger.Default, logger.Discard},
		"own":    {own, own},
	} {
		if got := session.Logger(&gorm.DB{Config: &gorm.Config{Logger: test.has}}); got != test.want {
			t.Errorf("%s: got logger %v, want %v", name, got, test.want)
		}
	}
}

// TestPluginsDoNotApply checks that a program's callbacks, which fail every statement here, do not apply to the
// session.
func TestPluginsDoNotApply(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if err := db.Callback().Raw().Before("gorm:raw").Register("refuse", func(tx *gorm.DB) {
		_ = tx.AddError(gorm.ErrInvalidDB)
	}); err != nil {
		t.Fatal(err)
	}
	own, err := session.New(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if err := own.Exec("SELECT 1").Error; err != nil {
		t.Error(err)
	}
}

func TestOtherDatabases(t *testing.T) {
	t.Parallel()
	db, err := gorm.Open(tests.DummyDialector{}, &gorm.Config{Logger: logger.Discard})
	if err != nil {
		t.Fatal(err)
	}
	_, err = session.New(t.Context(), db)
	if want := "migrations run on PostgreSQL and SQLite"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
}
