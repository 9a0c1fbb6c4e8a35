package runner_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

func newHistory(t *testing.T, revisions ...revision.Revision) *runner.History {
	t.Helper()
	history, err := runner.NewHistory(runner.DefaultTable, revisions)
	if err != nil {
		t.Fatal(err)
	}
	return history
}

// addNowhere returns a revision that fails to replay: it changes a table that does not exist.
func addNowhere(id string, down ...string) revision.Revision {
	r := create(id, down...)
	r.Upgrade = func(m *op.Migration) { m.AddColumn("nowhere", op.Column("x", op.Text())) }
	return r
}

// tablesOf returns the names of the schema's tables.
func tablesOf(s schema.Schema) (names []string) {
	for _, table := range s.Tables() {
		names = append(names, table.Name)
	}
	return names
}

func TestNewHistoryRefuses(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		table     string
		revisions []revision.Revision
		want      string
	}{
		"the table":    {"", nil, "has no name"},
		"the graph":    {"migrations", []revision.Revision{create("b", "a")}, "a"},
		"a repetition": {"migrations", []revision.Revision{create("a"), create("a")}, "a"},
	} {
		if _, err := runner.NewHistory(c.table, c.revisions); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want one with %q", what, err, c.want)
		}
	}
}

// TestHistoryWith adds a revision, and one in place of others.
func TestHistoryWith(t *testing.T) {
	t.Parallel()
	history := newHistory(t, create("a"), create("b", "a"))
	more, err := history.With(create("c", "b"))
	if err != nil {
		t.Fatal(err)
	}
	squash := create("s")
	squash.Replaces = []string{"a", "b"}
	squashed, err := history.With(squash)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		history *runner.History
		want    []string
	}{{history, []string{"a", "b"}}, {more, []string{"a", "b", "c"}}, {squashed, []string{"s"}}} {
		var got []string
		for _, r := range c.history.Graph.Revisions() {
			got = append(got, r.ID)
			if file := c.history.Revision(r.ID).File; file != r.ID+"_.go" {
				t.Errorf("revision %s: got file %q, want %q", r.ID, file, r.ID+"_.go")
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("got revisions %q, want %q", got, c.want)
		}
	}
	if _, err := history.With(create("d", "no such revision")); err == nil {
		t.Error("got no error for a revision above none of the history, want one")
	}
}

func TestSchemaAt(t *testing.T) {
	t.Parallel()
	history := newHistory(t, create("a"), create("b", "a"), addNowhere("c", "b"))
	for _, c := range []struct{ applied, want []string }{
		{nil, nil}, {[]string{"a"}, []string{"t_a"}}, {[]string{"a", "b"}, []string{"t_a", "t_b"}},
	} {
		got, err := history.SchemaAt(c.applied)
		if err != nil || !slices.Equal(tablesOf(got), c.want) {
			t.Errorf("at %q: got tables %q and error %v, want %q", c.applied, tablesOf(got), err, c.want)
		}
	}
	if got, err := history.SchemaAt([]string{"a", "b", "c"}); err == nil || len(got.Tables()) > 0 {
		t.Errorf("above a revision that fails to replay: got tables %q and error %v, want an error", tablesOf(got), err)
	}
	var unknown *graph.UnknownAppliedError
	if _, err := history.SchemaAt([]string{"unknown"}); !errors.As(err, &unknown) {
		t.Errorf("at an unknown revision: got error %v, want an UnknownAppliedError", err)
	}
}

func TestRehearse(t *testing.T) {
	t.Parallel()
	history := newHistory(t, create("a"), addNowhere("b", "a"), create("c", "b"))
	up := func(id string) graph.Plan {
		return graph.Plan{Steps: []graph.Step{{Kind: graph.Upgrade, Revision: id}}}
	}
	if err := history.Rehearse([]string{"unknown"}, graph.Plan{}); err != nil {
		t.Errorf("a plan without steps: got error %v, want none", err)
	}
	if err := history.Rehearse(nil, up("a")); err != nil {
		t.Errorf("the first revision: got error %v, want none", err)
	}
	for what, err := range map[string]error{
		"a step that fails":      history.Rehearse([]string{"a"}, up("b")),
		"above one that fails":   history.Rehearse([]string{"a", "b"}, up("c")),
		"a step that is applied": history.Rehearse([]string{"a"}, up("a")),
	} {
		var replay *runner.ReplayError
		if !errors.As(err, &replay) || errors.Unwrap(replay) == nil || replay.Operation == nil ||
			!strings.HasPrefix(replay.Hint(), "correct the revision") {
			t.Errorf("%s: got error %v, want a ReplayError with its operation, reason and hint", what, err)
		}
	}
}

// TestFork returns the two sides of a history above their common revisions.
func TestFork(t *testing.T) {
	t.Parallel()
	history := newHistory(t, create("a"), create("b", "a"), create("left", "b"), create("more", "left"),
		create("right", "b"))
	fork, err := history.Fork("more", "right")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := tablesOf(fork.Base), []string{"t_a", "t_b"}; !slices.Equal(got, want) {
		t.Errorf("got tables %q before the fork, want %q", got, want)
	}
	var sides []string
	for _, side := range fork.Sides {
		for n, step := range side.Steps {
			sides = append(sides, side.Head+": "+step.Revision+": "+side.Operations[n][0].String())
		}
	}
	if want := []string{
		"more: left: create table t_left", "more: more: create table t_more", "right: right: create table t_right",
	}; !slices.Equal(sides, want) {
		t.Errorf("got sides %q, want %q", sides, want)
	}
	batches := create("right", "b")
	batches.Upgrade = addOne // in one transaction, which is refused
	for what, broken := range map[string]*runner.History{
		"before the fork": newHistory(t, addNowhere("b"), create("left", "b"), create("right", "b")),
		"on a side":       newHistory(t, create("b"), create("left", "b"), addNowhere("right", "b")),
		"operations":      newHistory(t, create("b"), create("left", "b"), batches),
	} {
		if fork, err := broken.Fork("left", "right"); err == nil || len(fork.Sides) > 0 {
			t.Errorf("%s: got %d sides and error %v, want none and an error", what, len(fork.Sides), err)
		}
	}
	if _, err := history.Fork("left", "nowhere"); err == nil {
		t.Error("got no error for an unknown head, want one")
	}
}

func TestInTransaction(t *testing.T) {
	t.Parallel()
	index := create("index", "a")
	index.Upgrade = func(m *op.Migration) { m.CreateIndex("idx", "t_a", "id").Concurrently() }
	without := create("without", "index")
	without.NoTransaction = true
	stuck := create("stuck", "without")
	stuck.Downgrade = nil
	history := newHistory(t, create("a"), index, without, stuck)
	for _, c := range []struct {
		id                 string
		onSQLite, onServer bool
	}{{"a", true, true}, {"index", true, false}, {"without", true, false}} {
		step := graph.Step{Kind: graph.Upgrade, Revision: c.id}
		onSQLite, err := history.InTransaction(schema.SQLite, step)
		onServer, err2 := history.InTransaction(schema.Postgres, step)
		if err != nil || err2 != nil || onSQLite != c.onSQLite || onServer != c.onServer {
			t.Errorf("revision %s: got %t on SQLite and %t on PostgreSQL, errors %v and %v; want %t and %t", c.id,
				onSQLite, onServer, err, err2, c.onSQLite, c.onServer)
		}
	}
	down := graph.Step{Kind: graph.Downgrade, Revision: "stuck"}
	var irreversible *runner.IrreversibleError
	if _, err := history.InTransaction(schema.SQLite, down); !errors.As(err, &irreversible) {
		t.Errorf("got error %v, want an IrreversibleError", err)
	} else if got, want := irreversible.Error(), "revision stuck (stuck_.go) has no Downgrade"; got != want {
		t.Errorf("got error %q, want %q", got, want)
	} else if want := "write one, or restore a backup"; !strings.HasPrefix(irreversible.Hint(), want) {
		t.Errorf("got hint %q, want it to begin with %q", irreversible.Hint(), want)
	}
}

// TestHints checks the texts of errors that have no test of their own with a database.
func TestHints(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want string
	}{
		{&runner.DanglingError{Table: "it's"}, "PRAGMA foreign_key_check('it''s') lists them: correct or delete them"},
		{&runner.MismatchError{Table: "pets"},
			"give the columns a unique index, or drop the foreign key: SQLite rejects writes to pets"},
		{&runner.UnreadableError{Table: "migrations", Role: "ann"},
			"GRANT SELECT ON migrations TO ann, or connect as the role that migrates"},
		{&runner.UnreadableError{Table: "migrations", Role: "ann", Schema: "app"},
			"GRANT USAGE ON SCHEMA app TO ann and GRANT SELECT ON migrations TO ann, " +
				"or connect as the role that migrates"},
		{&runner.PoolerError{}, "connect migrations to the server itself, or use the pooler's session mode"},
		{&runner.LockError{}, "wait for it to end, or set a longer --lock-timeout"},
	} {
		if got := hint.Of(c.err); got != c.want {
			t.Errorf("%T: got hint %q, want %q", c.err, got, c.want)
		}
	}
}

// TestPace checks that a log gets one event in ten seconds of a walk, and that each walk starts its own count.
func TestPace(t *testing.T) {
	t.Parallel()
	var pace runner.Pace
	for n, c := range []struct {
		seconds int
		due     bool
	}{{9, false}, {10, true}, {11, false}, {19, false}, {20, true}, {31, true}, {40, false}, {5, false}, {10, true},
		{19, false}, {10, false}} {
		if got := pace.Due(runner.Event{Took: time.Duration(c.seconds) * time.Second}); got != c.due {
			t.Errorf("event %d, after %d seconds: got %t, want %t", n, c.seconds, got, c.due)
		}
	}
}
