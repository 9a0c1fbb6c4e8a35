package hint

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"guestlist/migrations/internal/sqlite"
)

// known holds the hints for errors of other packages.
var known = []struct {
	is   func(error) bool
	hint string
}{
	{refusesNull, "give the column a Default, or add it nullable, fill it, and then make it NOT NULL"},
	{refusesDuplicates, "existing rows have the same values: change or delete the duplicates first" +
		" (if the revision warns of it, a query there finds them)"},
	{refusesSecond, "if the database has every change of that revision already, {db} stamp records it as applied," +
		" and {db} check --database looks for differences"},
	{same(fs.ErrExist), "remove that file, or choose another --rev-id"},
	{is[*fs.PathError], "the command writes into the source directory: run it there, as a user who may write"},
	{is[*pgconn.ConnectError], "check the address of the database, and that the server runs and accepts you"},
	{state("42501"), "grant the database user the privilege, or migrate as the owner of the schema"},
}

func same(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

// refusesSecond reports whether a table, column, index or constraint already exists. SQLite has no code for that, only
// messages (build.c, alter.c), which are the same in every driver.
func refusesSecond(err error) bool {
	text, code, ok := sqlite.Message(err)
	if !ok {
		return state("42P07")(err) || state("42701")(err) || state("42710")(err)
	}
	return sqlite.Primary(code) == sqlite.Error &&
		(strings.Contains(text, " already exists") || strings.Contains(text, "duplicate column name: "))
}

// SQLState returns the code of a PostgreSQL error (appendix A of the manual) from any driver, or "".
func SQLState(err error) string {
	failure, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err)
	if !ok {
		return ""
	}
	return failure.SQLState()
}

func state(code string) func(error) bool {
	return func(err error) bool { return SQLState(err) == code }
}

// refusesNull reports whether rows lack a value for a NOT NULL column. SQLite has a code for that, except when a column
// is added: then it has a message (alter.c), which is the same in every driver.
func refusesNull(err error) bool {
	text, code, ok := sqlite.Message(err)
	if !ok {
		return state("23502")(err)
	}
	return code == sqlite.ConstraintNotNull ||
		strings.Contains(text, "Cannot add a NOT NULL column with default value NULL")
}

// refusesDuplicates reports whether rows violate a unique index or constraint.
func refusesDuplicates(err error) bool {
	code, ok := sqlite.Code(err)
	return ok && code == sqlite.ConstraintUnique || state("23505")(err)
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
