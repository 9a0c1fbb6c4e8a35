package migrations

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"guestlist/migrations/internal/graph"
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
	if unknown, ok := errors.AsType[*graph.UnknownRevisionError](err); ok {
		return hintUnknown(unknown)
	}
	if unknown, ok := errors.AsType[*graph.UnknownAppliedError](err); ok {
		return hintUnknownApplied(unknown)
	}
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

// hintUnknown says where the names are; why a name was not found is said only where it is more than that there is none.
func hintUnknown(err *graph.UnknownRevisionError) string {
	hint := "db history lists them"
	if alike(err.Argument, err.Nearest) {
		hint = "did you mean " + err.Nearest + "? " + hint
	}
	if strings.HasPrefix(err.Reason, "No such ") {
		return hint
	}
	return strings.TrimRight(err.Reason, ".") + "; " + hint
}

func hintUnknownApplied(err *graph.UnknownAppliedError) string {
	hint := "the database says it is applied, but no revision file declares it"
	if alike(err.ID, err.Nearest) {
		hint += " (did you mean '" + err.Nearest + "'?)"
	}
	if len(err.Others) > 0 {
		hint += ", nor " + list(err.Others)
	}
	return hint + ": get the file back, or db stamp the revision that the database is really at"
}

// alike tells whether two names differ in one place only, of no more than a third of their length.
func alike(a, b string) bool {
	longer, shorter := len(a), min(len(a), len(b))
	longer = max(longer, len(b))
	start := 0
	for start < shorter && a[start] == b[start] {
		start++
	}
	end := 0
	for end < shorter-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return 3*(longer-start-end) <= longer && shorter > 0
}

// hints are what to do about errors that do not say so themselves.
var hints = []struct {
	is   func(error) bool
	hint string
}{
	{same(graph.ErrDuplicateHeads), "name each head once"},
	{same(graph.ErrRangeForm), "as in -r 8f0c:head, -r 8f0c: or -r :8f0c"},
	{same(graph.ErrOfflineDowngrade), "SQL is written without looking at the database: say where it stands, as in head:-1"},
	{same(graph.ErrNotAtHeads), "run db upgrade heads, or db current to see where the database stands"},
	{same(graph.ErrNotBelowHeads), "name a revision or a branch that is applied; db current shows them"},
	{kind[*graph.RelativeError], "there are not that many revisions in that direction; db history -i shows where the database stands"},
	{kind[*graph.InvalidIDError], "use letters, digits and underscores"},
	{kind[*graph.InvalidLabelError], "use letters, digits and underscores"},
	{kind[*graph.DuplicateRevisionError], "give one of them another id: in its name, its comment and its code"},
	{kind[*graph.DuplicateLabelError], "take the label out of one of them"},
	{kind[*graph.MissingRevisionError], "get the missing file back, or name a revision that exists"},
	{refusesNull, "give the column a Default, or add it nullable, fill it, and then make it NOT NULL"},
	{same(fs.ErrExist), "take that file away, or choose another --rev-id"},
	{kind[*fs.PathError], "the command writes among the sources: run it there, as somebody who may"},
	{kind[*pgconn.ConnectError], "check DATABASE_URL, and that the server runs and lets you in"},
	{state("42501"), "grant the user of DATABASE_URL the right, or migrate as the owner of the schema"},
}

func same(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

// state is an error of PostgreSQL: its manual, appendix A.
func state(code string) func(error) bool {
	return func(err error) bool {
		failure, ok := errors.AsType[*pgconn.PgError](err)
		return ok && failure.Code == code
	}
}

// refusesNull is rows without a value for a column that must have one. SQLite has a code for that, but not where the
// column is only added: there it says so in words of its own (alter.c), whichever driver reports them.
func refusesNull(err error) bool {
	failure, ok := errors.AsType[interface {
		error
		Code() int
	}](err)
	if !ok {
		return state("23502")(err)
	}
	return failure.Code() == 1299 || strings.Contains(failure.Error(), "Cannot add a NOT NULL column with default value NULL")
}

func kind[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
