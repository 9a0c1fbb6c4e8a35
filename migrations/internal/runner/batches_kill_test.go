package runner_test

import (
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// killedBatches returns the history whose run is killed at every statement: it has operations that cannot be repeated,
// and steps whose repetition would show.
func killedBatches() []revision.Revision {
	return counted(7, func(m *op.Migration) {
		m.AddColumn("t_rows", op.Column("more", op.Int(64)).NotNull().Default(0))
		m.BatchesSQL("t_rows", 3, "UPDATE t_rows SET more = more + 1 WHERE {rows}")
		m.Run(func(tx *gorm.DB) error { return tx.Exec("UPDATE t_rows SET n = n + more - 1").Error })
		addOne(m)
		m.DropColumn("t_rows", "more")
	})
}

func TestKilledAtEveryStatementOfBatches(t *testing.T) {
	t.Parallel()
	seen := map[int64]bool{}
	address := dbtest.URL(t)
	db := dbtest.Open(t, address)
	for statements := 0; ; statements++ {
		if _, err := newRunner(t, db, killedBatches()...).Upgrade(t.Context(), "rows"); err != nil {
			t.Fatal(err)
		}
		out, err := helper(t, address, fmt.Sprintf("kill batches: %d", statements)).CombinedOutput()
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.Exited()) {
			t.Fatalf("after %d statements: got %v, want it killed or no error\n%s", statements, err, out)
		}
		var treated int64
		if db.Raw("SELECT coalesce(sum(n), 0) FROM t_rows").Scan(&treated); err == nil && treated != 7 {
			t.Errorf("got %d rows updated by the helper, want 7", treated)
		}
		seen[treated] = true
		if _, err := newRunner(t, db, killedBatches()...).Upgrade(t.Context(), "head"); err != nil {
			t.Errorf("the run after %d statements: %v", statements, err)
		}
		wantApplied(t, db, "rows", "walk")
		wantCounted(t, db, "t_rows", 7, 1)
		if err == nil {
			t.Logf("killed at %d statements", statements)
			break
		}
		startOver(t, db, killedBatches())
	}
	if want := map[int64]bool{0: true, 4: true, 7: true}; !maps.Equal(seen, want) {
		t.Errorf("got updated rows %v, want %v", seen, want)
	}
}

// TestBatchesOfEightProcesses walks a table from eight processes at the same time: on SQLite, each may do some of the
// batches.
func TestBatchesOfEightProcesses(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{"usual": dbtest.URL(t), "plain": dbtest.SQLiteURL(t) + "?"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			commands := make([]*exec.Cmd, 8)
			outputs := make([]strings.Builder, len(commands))
			for i := range commands {
				commands[i] = helper(t, address, "batches")
				commands[i].Stdout, commands[i].Stderr = &outputs[i], &outputs[i]
				if err := commands[i].Start(); err != nil {
					t.Fatal(err)
				}
			}
			for i, c := range commands {
				if err := c.Wait(); err != nil {
					t.Errorf("process %d: %v\n%s", i, err, outputs[i].String())
				}
			}
			db := dbtest.Open(t, address)
			wantApplied(t, db, "rows", "walk")
			wantCounted(t, db, "t_rows", 400, 1)
		})
	}
}
