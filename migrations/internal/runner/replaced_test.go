package runner_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestReplacedRevisions continues a history, of which two revisions were squashed into one, on a database that has only
// the rows of these two: the squash counts as applied, and its downgrade forgets them.
func TestReplacedRevisions(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if _, err := newRunner(t, db, create("a"), create("b", "a")).Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	squash := create("s")
	squash.Replaces = []string{"a", "b"}
	squash.Upgrade = func(m *op.Migration) {
		m.CreateTable("t_a", op.Column("id", op.Int(64)).PrimaryKey())
		m.CreateTable("t_b", op.Column("id", op.Int(64)).PrimaryKey())
	}
	squash.Downgrade = func(m *op.Migration) { m.DropTable("t_b"); m.DropTable("t_a") }
	r := newRunner(t, db, squash, create("c", "s"))
	plan, err := r.Upgrade(t.Context(), "head")
	if err != nil || len(plan.Steps) != 1 || plan.Steps[0].Revision != "c" {
		t.Fatalf("got steps %v and error %v, want only c", plan.Steps, err)
	}
	wantApplied(t, db, "a", "b", "c")
	down, err := r.History.Graph.Downgrade(plan.Applied, "base")
	if err != nil {
		t.Fatal(err)
	}
	script, err := r.History.Script(schema.Postgres, plan.Applied, down)
	const want = `DELETE FROM "migrations" WHERE id IN ('s', 'a', 'b');`
	if err != nil || !strings.Contains(script.Text, want) {
		t.Errorf("got error %v and the script\n%s\nwant it to contain %s", err, script.Text, want)
	}
	if _, err := r.Downgrade(t.Context(), "base"); err != nil {
		t.Fatal(err)
	}
	wantApplied(t, db)
	if db.Migrator().HasTable("t_a") {
		t.Error("got table t_a after the downgrade, want none")
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	wantApplied(t, db, "c", "s")
}

// TestStampOfReplacedRevisions stamps a squash on a database with the rows of what it replaces: they stay for programs
// that still have these revisions, and a purge removes them.
func TestStampOfReplacedRevisions(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if _, err := newRunner(t, db, create("a"), create("b", "a")).Stamp(t.Context(), false, "head"); err != nil {
		t.Fatal(err)
	}
	squash := create("s")
	squash.Replaces = []string{"a", "b"}
	r := newRunner(t, db, squash, create("c", "s"))
	for _, c := range []struct {
		purge  bool
		target string
		want   []string
	}{
		{false, "s", []string{"a", "b"}}, {false, "c", []string{"a", "b", "c"}}, {false, "s", []string{"a", "b"}},
		{true, "c", []string{"c", "s"}}, {false, "base", nil},
	} {
		if _, err := r.Stamp(t.Context(), c.purge, c.target); err != nil {
			t.Errorf("stamp %s, purge %t: %v", c.target, c.purge, err)
		}
		wantApplied(t, db, c.want...)
	}
}
