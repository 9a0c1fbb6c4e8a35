package sqlite_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	_ "modernc.org/sqlite"

	"guestlist/migrations/internal/sqlite"
)

// mattn looks like the error of github.com/mattn/go-sqlite3, which is not a pointer.
type mattn struct {
	Code         mattnCode
	ExtendedCode mattnExtended
	text         string
}

type (
	mattnCode     int
	mattnExtended int
)

func (e mattn) Error() string { return e.text }

// ncruces looks like the error of github.com/ncruces/go-sqlite3.
type ncruces struct{ code uint32 }

type (
	ncrucesCode     uint8
	ncrucesExtended uint16
)

func (e *ncruces) Error() string                 { return "sqlite3: constraint failed" }
func (e *ncruces) Code() ncrucesCode             { return ncrucesCode(e.code) }
func (e *ncruces) ExtendedCode() ncrucesExtended { return ncrucesExtended(e.code) }

// glebarez looks like the error of github.com/glebarez/go-sqlite.
type glebarez struct{ code int }

func (e *glebarez) Error() string { return "constraint failed" }
func (e *glebarez) Code() int     { return e.code }

// worded has a Code that is not a number.
type worded struct{}

func (worded) Error() string { return "no" }
func (worded) Code() string  { return "2067" }

func TestCode(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		code int
		ok   bool
	}{
		"none":           {},
		"another":        {err: errors.New("no")},
		"mattn":          {mattn{Code: 19, ExtendedCode: 2067}, 2067, true},
		"mattn, primary": {mattn{Code: 5}, 5, true},
		"mattn, pointer": {&mattn{Code: 5, ExtendedCode: 261}, 261, true},
		"ncruces":        {&ncruces{1299}, 1299, true},
		"glebarez":       {&glebarez{5}, 5, true},
		"wrapped":        {fmt.Errorf("run: %w", mattn{Code: 19, ExtendedCode: 1299}), 1299, true},
		"joined":         {fmt.Errorf("run: %w, %w", errors.New("no"), &glebarez{2067}), 2067, true},
		"not a number":   {err: worded{}},
		"PostgreSQL":     {err: &pgconn.PgError{Code: "23505"}},
		"typed nil":      {err: (*ncruces)(nil)},
		"nil in it":      {err: fmt.Errorf("run: %w", error(nil))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if code, ok := sqlite.Code(test.err); code != test.code || ok != test.ok {
				t.Errorf("got %d, %v, want %d, %v", code, ok, test.code, test.ok)
			}
		})
	}
}

func TestCodeOfModernc(t *testing.T) {
	t.Parallel()
	db, err := sqlite.Memory()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		statement string
		code      int
	}{
		{"CREATE TABLE t (a integer NOT NULL UNIQUE)", 0},
		{"INSERT INTO t VALUES (1)", 0},
		{"INSERT INTO t VALUES (1)", sqlite.ConstraintUnique},
		{"INSERT INTO t VALUES (NULL)", sqlite.ConstraintNotNull},
		{"CREATE TABLE t (a integer)", sqlite.Error},
	} {
		err := db.Exec(test.statement).Error
		text, code, ok := sqlite.Message(err)
		if code != test.code || ok != (err != nil) || ok && text != err.Error() {
			t.Errorf("%s: got %d, %q, %v, want %d (%v)", test.statement, code, text, ok, test.code, err)
		}
	}
}
