package runner_test

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// killed returns the history whose run is killed at every statement: tables, rows, a data step, and last an index built
// outside a transaction.
func killed() []revision.Revision {
	second := create("k2", "k1")
	second.Upgrade = func(m *op.Migration) {
		m.CreateTable("t_k2", op.Column("id", op.Int(64)).PrimaryKey())
		m.SQL("INSERT INTO t_k1 (id) VALUES (1)")
		m.Run(func(tx *gorm.DB) error { return tx.Exec("INSERT INTO t_k2 (id) VALUES (1)").Error })
		m.AddColumn("t_k2", op.Column("note", op.Text()))
	}
	index := create("k3", "k2")
	index.Upgrade = func(m *op.Migration) { m.CreateIndex("idx_k3", "t_k2", "note").Concurrently() }
	index.Downgrade = func(m *op.Migration) { m.DropIndex("idx_k3", "t_k2") }
	return []revision.Revision{create("k1"), second, index}
}

// state lists the tables that the revisions create, with their rows.
func state(t *testing.T, db *gorm.DB) []string {
	t.Helper()
	count := func(query string) int {
		var n int
		if err := db.Raw(query).Scan(&n).Error; err != nil {
			t.Fatal(err)
		}
		return n
	}
	m := db.Migrator()
	var marks []string
	if m.HasTable("t_k1") {
		marks = append(marks, fmt.Sprintf("t_k1 %d", count("SELECT count(*) FROM t_k1")))
	}
	if m.HasTable("t_k2") {
		marks = append(marks, fmt.Sprintf("t_k2 %d %v", count("SELECT count(*) FROM t_k2"), m.HasColumn("t_k2", "note")))
	}
	return marks
}

func TestKilledAtEveryStatement(t *testing.T) {
	t.Parallel()
	whole := map[string][]string{
		"":         nil,
		"k1":       {"t_k1 0"},
		"k1 k2":    {"t_k1 1", "t_k2 1 true"},
		"k1 k2 k3": {"t_k1 1", "t_k2 1 true"},
	}
	seen := map[string]bool{}
	address := dbtest.URL(t)
	db := dbtest.Open(t, address)
	for statements := 0; ; statements++ {
		out, err := helper(t, address, fmt.Sprintf("kill: %d", statements)).CombinedOutput()
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.Exited()) {
			t.Fatalf("after %d statements: got %v, want it killed or no error\n%s", statements, err, out)
		}
		applied, appliedErr := applied(t, db)
		if appliedErr != nil {
			t.Fatal(appliedErr)
		}
		key := strings.Join(applied, " ")
		seen[key] = true
		if got := state(t, db); !slices.Equal(got, whole[key]) {
			t.Errorf("killed after %d statements: got tables %q with %q applied, want %q", statements, got, key, whole[key])
		}
		if _, err := newRunner(t, db, killed()...).Upgrade(t.Context(), "head"); err != nil {
			t.Errorf("the run after %d statements: %v", statements, err)
		}
		wantApplied(t, db, "k1", "k2", "k3")
		if got := state(t, db); !slices.Equal(got, whole["k1 k2 k3"]) || !db.Migrator().HasIndex("t_k2", "idx_k3") {
			t.Errorf("completed after %d statements: got %q, want %q and index idx_k3", statements, got, whole["k1 k2 k3"])
		}
		if err == nil {
			t.Logf("killed at %d statements", statements)
			break
		}
		startOver(t, db, killed())
	}
	if len(seen) != len(whole) {
		t.Errorf("got applied ids %v, want each of %v", seen, whole)
	}
}

// startOver reverts all revisions and leaves the database as it was before the first run.
func startOver(t *testing.T, db *gorm.DB, revisions []revision.Revision) {
	t.Helper()
	if _, err := newRunner(t, db, revisions...).Downgrade(t.Context(), "base"); err != nil {
		t.Fatal(err)
	}
	execute(t, db, "DROP TABLE migrations")
}
