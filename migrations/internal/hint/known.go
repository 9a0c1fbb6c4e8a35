package hint

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"guestlist/migrations/internal/sqlite"
)

// known lists what to do about errors that cannot say so themselves, since they are not ours.
var known = []struct {
	is   func(error) bool
	hint string
}{
	{refusesNull, "give the column a Default, or add it nullable, fill it, and then make it NOT NULL"},
	{refusesDuplicates, "existing rows have the same values: change or delete the duplicates first" +
		" (where the revision warns of it, a query there finds them)"},
	{refusesSecond, "if the database has all of that revision already, {db} stamp notes it as applied," +
		" and {db} check --database looks for differences"},
	{same(fs.ErrExist), "take that file away, or choose another --rev-id"},
	{is[*fs.PathError], "the command writes among the sources: run it there, as somebody who may"},
	{is[*pgconn.ConnectError], "check the address of the database, and that the server runs and lets you in"},
	{state("42501"), "grant the user of the database the right, or migrate as the owner of the schema"},
}

func same(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

// refusesSecond is a table, a column, an index or a constraint that is there already. SQLite has no code for that, but
// words of its own (build.c, alter.c), whichever driver reports them.
func refusesSecond(err error) bool {
	text, code, ok := sqlite.Message(err)
	if !ok {
		return state("42P07")(err) || state("42701")(err) || state("42710")(err)
	}
	return sqlite.Primary(code) == sqlite.Error &&
		(strings.Contains(text, " already exists") || strings.Contains(text, "duplicate column name: "))
}

// SQLState returns the code of an error of PostgreSQL, whichever driver reports it (the manual, appendix A), or an
// empty string.
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

// refusesNull is rows without a value for a column that must have one. SQLite has a code for that, but not where the
// column is only added: there it says so in words of its own (alter.c), whichever driver reports them.
func refusesNull(err error) bool {
	text, code, ok := sqlite.Message(err)
	if !ok {
		return state("23502")(err)
	}
	return code == sqlite.ConstraintNotNull ||
		strings.Contains(text, "Cannot add a NOT NULL column with default value NULL")
}

// refusesDuplicates is rows that share what a new index or constraint wants to be unique.
func refusesDuplicates(err error) bool {
	code, ok := sqlite.Code(err)
	return ok && code == sqlite.ConstraintUnique || state("23505")(err)
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
