package runner_test

import (
	"errors"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
)

func TestRemainsOfAConcurrentIndex(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite builds every index in the revision's transaction")
	}
	db := dbtest.New(t)
	index := create("b", "a")
	index.Upgrade = func(m *op.Migration) { m.CreateIndex("idx_b", "t_a", "id").Concurrently() }
	index.Downgrade = func(m *op.Migration) { m.DropIndex("idx_b", "t_a").Concurrently() }
	r := newRunner(t, db, create("a"), index)
	if _, err := r.Upgrade(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	var notes []string
	r.Report = func(e runner.Event) {
		if e.Kind == runner.Noted {
			notes = append(notes, e.Text)
		}
	}
	for _, statement := range []string{
		"CREATE INDEX idx_b ON t_a (id)",
		"UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'idx_b'::regclass", // as an interrupted build leaves it
	} {
		if err := db.Exec(statement).Error; err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	var valid bool
	if db.Raw("SELECT indisvalid FROM pg_index WHERE indexrelid = 'idx_b'::regclass").Scan(&valid); !valid {
		t.Error("got an invalid index, want a valid one")
	}
	if err := db.Exec("DROP INDEX idx_b").Error; err != nil {
		t.Fatal(err)
	}
	if _, err := r.Downgrade(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	wantApplied(t, db, "a")
	if len(notes) != 2 || !strings.Contains(notes[0], "it was rebuilt") ||
		!strings.Contains(notes[1], "is already dropped") {
		t.Errorf("got notes %q, want one of a rebuild and one of a dropped index", notes)
	}
}

func TestHalfDoneRevision(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	failure := errors.New("no such luck")
	half := create("a")
	half.NoTransaction = true
	half.Upgrade = func(m *op.Migration) {
		m.CreateTable("t_a", op.Column("id", op.Int(64)).PrimaryKey())
		m.Run(func(*gorm.DB) error { return failure })
	}
	_, err := newRunner(t, db, half).Upgrade(t.Context(), "head")
	if !errors.Is(err, failure) {
		t.Fatalf("got error %v, want %v", err, failure)
	}
	var halfDone *runner.HalfDoneError
	isHalfDone, hasTable, want := errors.As(err, &halfDone), db.Migrator().HasTable("t_a"), db.Name() == "postgres"
	if isHalfDone != want || hasTable != want {
		t.Errorf("got HalfDoneError %v and table t_a %v, want both %v", isHalfDone, hasTable, want)
	}
	if isHalfDone && !strings.Contains(halfDone.Hint(), "1 of its 2 operations") {
		t.Errorf("got %+v (%s), want 1 of 2 operations", halfDone, halfDone.Hint())
	}
	wantApplied(t, db)
}
