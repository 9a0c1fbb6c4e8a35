package migrations

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/sqlite"
)

// hinted is an error in two lines: what is wrong, and what to do about it.
type hinted struct {
	error

	hint string
}

func (e *hinted) Error() string {
	lines := strings.Split(e.error.Error(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	line := strings.Join(lines, " ")
	if e.hint == "" {
		return line
	}
	return line + "\n" + e.hint
}

func (e *hinted) Unwrap() error { return e.error }

// withHint adds the second line.
func withHint(err error) error {
	if _, done := err.(*hinted); err == nil || done { //nolint:errorlint // the outermost error is meant
		return err
	}
	return &hinted{err, hintFor(err)}
}

func hintFor(err error) string {
	var hinter graph.Hinter
	if errors.As(err, &hinter) && hinter.Hint() != "" {
		return hinter.Hint()
	}
	for _, known := range hints {
		if known.is(err) {
			return known.hint
		}
	}
	return ""
}

// hints are what to do about errors that cannot say so themselves, since they are not ours.
var hints = []struct {
	is   func(error) bool
	hint string
}{
	{refusesNull, "give the column a Default, or add it nullable, fill it, and then make it NOT NULL"},
	{refusesDuplicates, "rows share what must be unique: change or delete some first (a revision warns of it, with a query that finds them)"},
	{refusesSecond, "if the database has all of that revision already, db stamp notes it as applied, and db check --database looks for differences"},
	{same(fs.ErrExist), "take that file away, or choose another --rev-id"},
	{kind[*fs.PathError], "the command writes among the sources: run it there, as somebody who may"},
	{kind[*pgconn.ConnectError], "check DATABASE_URL, and that the server runs and lets you in"},
	{state("42501"), "grant the user of DATABASE_URL the right, or migrate as the owner of the schema"},
}

func same(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

// refusesSecond is a table, a column, an index or a constraint that is there already. SQLite has no code for that, but words of
// its own (build.c, alter.c), whichever driver reports them.
func refusesSecond(err error) bool {
	text, code, ok := sqlite.Message(err)
	if !ok {
		return state("42P07")(err) || state("42701")(err) || state("42710")(err)
	}
	return sqlite.Primary(code) == sqlite.Error &&
		(strings.Contains(text, " already exists") || strings.Contains(text, "duplicate column name: "))
}

// state is an error of PostgreSQL, whichever driver reports it: its manual, appendix A.
func state(code string) func(error) bool {
	type stater interface {
		error
		SQLState() string
	}
	return func(err error) bool {
		failure, ok := errors.AsType[stater](err)
		return ok && failure.SQLState() == code
	}
}

// refusesNull is rows without a value for a column that must have one. SQLite has a code for that, but not where the
// column is only added: there it says so in words of its own (alter.c), whichever driver reports them.
func refusesNull(err error) bool {
	text, code, ok := sqlite.Message(err)
	if !ok {
		return state("23502")(err)
	}
	return code == sqlite.ConstraintNotNull || strings.Contains(text, "Cannot add a NOT NULL column with default value NULL")
}

// refusesDuplicates is rows that share what a new index or constraint wants to be unique.
func refusesDuplicates(err error) bool {
	code, ok := sqlite.Code(err)
	return ok && code == sqlite.ConstraintUnique || state("23505")(err)
}

func kind[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
