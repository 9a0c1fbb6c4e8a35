package runner_test

import (
	"errors"
	"slices"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// create returns a revision that creates the table t_<id>.
func create(id string, down ...string) revision.Revision {
	return revision.Revision{
		ID: id, DownRevision: down, File: id + "_.go",
		Upgrade:   func(m *op.Migration) { m.CreateTable("t_"+id, op.Column("id", op.Int(64)).PrimaryKey()) },
		Downgrade: func(m *op.Migration) { m.DropTable("t_" + id) },
	}
}

func newRunner(t *testing.T, db *gorm.DB, revisions ...revision.Revision) *runner.Runner {
	t.Helper()
	history, err := runner.NewHistory(runner.DefaultTable, revisions)
	if err != nil {
		t.Fatal(err)
	}
	return &runner.Runner{DB: db, History: history}
}

// applied returns the recorded ids of any history.
func applied(t *testing.T, db *gorm.DB) ([]string, error) {
	t.Helper()
	none, err := runner.NewHistory(runner.DefaultTable, nil)
	if err != nil {
		t.Fatal(err)
	}
	return (&runner.Runner{DB: db, History: none}).Applied(t.Context())
}

func wantApplied(t *testing.T, db *gorm.DB, want ...string) {
	t.Helper()
	got, err := applied(t, db)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got applied ids %q, want %q", got, want)
	}
}

func TestUpAndDown(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	r := newRunner(t, db, create("a"), create("b", "a"), create("c", "a"), create("d", "b", "c"))
	wantApplied(t, db)
	plan, err := r.Upgrade(t.Context(), "head")
	if err != nil || len(plan.Steps) != 4 {
		t.Fatalf("got %d steps and error %v, want 4", len(plan.Steps), err)
	}
	wantApplied(t, db, "a", "b", "c", "d")
	if plan, err = r.Upgrade(t.Context(), "head"); err != nil || len(plan.Steps) != 0 {
		t.Errorf("the second time: got %d steps and error %v, want 0", len(plan.Steps), err)
	}
	if _, err := r.Downgrade(t.Context(), "c"); err != nil {
		t.Fatal(err)
	}
	wantApplied(t, db, "a", "b", "c")
	if hasC, hasD := db.Migrator().HasTable("t_c"), db.Migrator().HasTable("t_d"); !hasC || hasD {
		t.Errorf("got tables t_c: %v and t_d: %v, want true and false", hasC, hasD)
	}
	if _, err := r.Downgrade(t.Context(), "base"); err != nil {
		t.Fatal(err)
	}
	wantApplied(t, db)
}

func TestFailedRevisionLeavesNothing(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	failure := errors.New("no such luck")
	broken := create("b", "a")
	broken.Upgrade = func(m *op.Migration) {
		m.CreateTable("halves", op.Column("id", op.Int(64)).PrimaryKey())
		m.Run(func(tx *gorm.DB) error { return tx.Exec("INSERT INTO t_a (id) VALUES (1)").Error })
		m.Run(func(*gorm.DB) error { return failure })
	}
	r := newRunner(t, db, create("a"), broken)
	if _, err := r.Upgrade(t.Context(), "head"); !errors.Is(err, failure) {
		t.Errorf("got error %v, want %v", err, failure)
	}
	wantApplied(t, db, "a")
	var rows int64
	err := db.Table("t_a").Count(&rows).Error
	if hasTable := db.Migrator().HasTable("halves"); err != nil || rows != 0 || hasTable {
		t.Errorf("got %d rows, error %v, table halves: %v, want none of them", rows, err, hasTable)
	}
}

func TestForeignKeysAreCheckedAndBackOn(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	broken := create("b", "a")
	broken.Upgrade = func(m *op.Migration) {
		m.CreateTable("children", op.Column("parent_id", op.Int(64)),
			op.ForeignKey("fk_children_parent", "parent_id").References("t_a", "id"))
		m.SQL("INSERT INTO children (parent_id) VALUES (7)")
	}
	r := newRunner(t, db, create("a"), broken)
	if _, err := r.Upgrade(t.Context(), "head"); err == nil {
		t.Error("got no error for a dangling reference, want one")
	}
	wantApplied(t, db, "a")
	if db.Migrator().HasTable("children") {
		t.Error("got table children, want none")
	}
	if db.Name() == "sqlite" {
		var on int
		if db.Raw("PRAGMA foreign_keys").Scan(&on); on != 1 {
			t.Errorf("got foreign_keys %d, want 1", on)
		}
	}
}

func TestIrreversible(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	stuck := create("a")
	stuck.Downgrade = nil
	r := newRunner(t, db, stuck)
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	var irreversible *runner.IrreversibleError
	if _, err := r.Downgrade(t.Context(), "base"); !errors.As(err, &irreversible) {
		t.Errorf("got error %v, want an IrreversibleError", err)
	}
	wantApplied(t, db, "a")
}

func TestConcurrentIndexHasNoTransaction(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	index := create("b", "a")
	index.Upgrade = func(m *op.Migration) { m.CreateIndex("idx_b", "t_a", "id").Concurrently() }
	index.Downgrade = func(m *op.Migration) { m.DropIndex("idx_b", "t_a") }
	var events []runner.EventKind
	r := newRunner(t, db, create("a"), index)
	r.Report = func(e runner.Event) { events = append(events, e.Kind) }
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	wantApplied(t, db, "a", "b")
	want := []runner.EventKind{runner.Started, runner.Finished, runner.Started, runner.Finished}
	if !slices.Equal(events, want) {
		t.Errorf("got events %v, want %v", events, want)
	}
}

// TestRestartIsReportedOnce runs a revision that SQLite starts over with foreign keys off.
func TestRestartIsReportedOnce(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	drop := create("b", "a")
	runs := 0
	drop.Upgrade = func(m *op.Migration) {
		m.Run(func(tx *gorm.DB) error {
			runs++
			return tx.Exec("DROP TABLE t_a").Error
		})
	}
	var events []runner.EventKind
	r := newRunner(t, db, create("a"), drop)
	r.Report = func(e runner.Event) { events = append(events, e.Kind) }
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	want := []runner.EventKind{runner.Started, runner.Finished, runner.Started, runner.Finished}
	if !slices.Equal(events, want) {
		t.Errorf("got events %v, want %v", events, want)
	}
	if wanted := map[string]int{"sqlite": 2, "postgres": 1}[db.Name()]; runs != wanted {
		t.Errorf("the step ran %d times, want %d", runs, wanted)
	}
}

func TestUnknownIDInTheDatabase(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if _, err := newRunner(t, db, create("a"), create("dead", "a")).Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	var unknown *graph.UnknownAppliedError
	_, err := newRunner(t, db, create("a")).Upgrade(t.Context(), "head")
	if !errors.As(err, &unknown) || unknown.ID != "dead" {
		t.Errorf("got error %v, want an UnknownAppliedError of dead", err)
	}
}

func TestEmptyRevisionWarns(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	empty := revision.Revision{ID: "b", DownRevision: []string{"a"}, File: "b_.go"}
	merge := revision.Revision{ID: "d", DownRevision: []string{"b", "c"}, File: "d_.go"}
	var warnings []string
	r := newRunner(t, db, create("a"), empty, create("c", "a"), merge)
	r.Report = func(e runner.Event) {
		if e.Kind == runner.Warned {
			warnings = append(warnings, e.Text)
		}
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Downgrade(t.Context(), "base"); err != nil {
		t.Fatal(err)
	}
	if want := []string{"revision b is empty: nothing was changed"}; !slices.Equal(warnings, want) {
		t.Errorf("got warnings %q, want %q", warnings, want)
	}
}

// TestPlanIsReplayedFirst upgrades two revisions, of which the second fails to replay: neither runs.
func TestPlanIsReplayedFirst(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	broken := create("b", "a")
	broken.Upgrade = func(m *op.Migration) { m.AddColumn("nowhere", op.Column("x", op.Text())) }
	r := newRunner(t, db, create("a"), broken)
	_, err := r.Upgrade(t.Context(), "head")
	if err == nil {
		t.Fatal("got no error, want one of revision b")
	}
	wantApplied(t, db)
	plan, planErr := r.History.Graph.Upgrade(nil, "head")
	if planErr != nil {
		t.Fatal(planErr)
	}
	if rehearsed := r.History.Rehearse(nil, plan); rehearsed == nil || rehearsed.Error() != err.Error() {
		t.Errorf("got %v from Rehearse, want %v", rehearsed, err)
	}
}
