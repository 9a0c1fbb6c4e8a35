package runner_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

var (
	errFailed  = errors.New("the statement failed")
	errRefused = errors.New("the revision is refused")
)

// mixed returns revisions with tables that reference each other, with SQL, with Go code that leaves the session
// changed, and with a table that SQLite rebuilds.
func mixed() []revision.Revision {
	tables := create("tables")
	tables.Upgrade = func(m *op.Migration) {
		m.CreateTable("t_tables", op.Column("id", op.Int(64)).PrimaryKey())
		m.CreateTable("children", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("parent_id", op.Int(64)),
			op.ForeignKey("fk_children_parent", "parent_id").References("t_tables", "id"))
		m.SQL("INSERT INTO t_tables (id) VALUES (1), (2)")
		m.Run(func(tx *gorm.DB) error {
			leave := "PRAGMA cache_size = 100; CREATE TEMP TABLE leftover (id integer)"
			if tx.Name() == "postgres" {
				leave = "LISTEN leftovers; CREATE TEMP TABLE leftover (id integer)"
			}
			return tx.Exec(leave + "; INSERT INTO children (id, parent_id) VALUES (1, 1), (2, 2)").Error
		})
	}
	tables.Downgrade = func(m *op.Migration) { m.DropTable("children"); m.DropTable("t_tables") }
	change := revision.Revision{
		ID: "change", DownRevision: []string{"tables"}, File: "change_.go",
		Upgrade: func(m *op.Migration) {
			m.AlterColumn("children", "parent_id").NotNull()
			m.RenameTable("children", "offspring")
		},
		Downgrade: func(m *op.Migration) {
			m.RenameTable("offspring", "children")
			m.AlterColumn("children", "parent_id").Nullable()
			m.SQL("DELETE FROM children")
		},
	}
	return []revision.Revision{tables, change}
}

// walks returns a table of rows, and a revision with batches among other operations.
func walks() []revision.Revision {
	revisions := counted(7, func(m *op.Migration) {
		m.AddColumn("t_rows", op.Column("more", op.Int(64)).NotNull().Default(1))
		m.SQL("UPDATE t_rows SET n = n + 5 WHERE id = 3")
		addOne(m)
	})
	revisions[1].Downgrade = func(m *op.Migration) {
		m.BatchesSQL("t_rows", 4, "UPDATE t_rows SET n = n - 1 WHERE {rows}")
		m.SQL("UPDATE t_rows SET n = n - 5 WHERE id = 3")
		m.DropColumn("t_rows", "more")
	}
	return revisions
}

// outside returns a table of rows, and a revision that builds an index outside a transaction.
func outside() []revision.Revision {
	index := create("index", "rows")
	index.Upgrade = func(m *op.Migration) { m.CreateIndex("idx_n", "t_rows", "n").Concurrently() }
	index.Downgrade = func(m *op.Migration) { m.DropIndex("idx_n", "t_rows").Concurrently() }
	return []revision.Revision{counted(7, addOne)[0], index}
}

// dropping returns revisions whose last one walks rows and then drops a table in Go code, which SQLite does only with
// foreign keys off.
func dropping() []revision.Revision {
	revisions := counted(7, func(m *op.Migration) {
		addOne(m)
		m.Run(func(tx *gorm.DB) error { return tx.Exec("DROP TABLE others").Error })
	})
	rows := revisions[0].Upgrade
	revisions[0].Upgrade = func(m *op.Migration) {
		rows(m)
		m.SQL("CREATE TABLE others (id bigint PRIMARY KEY)")
	}
	revisions[1].Downgrade = func(m *op.Migration) {
		m.SQL("UPDATE t_rows SET n = 0")
		m.SQL("CREATE TABLE others (id bigint PRIMARY KEY)")
	}
	return revisions
}

// halting returns revisions whose last one walks rows, and a function that leads to the state in which half of them are
// done.
func halting() (revisions []revision.Revision, halfway func(context.Context, *runner.Runner) error) {
	batches, halt := 0, false
	revisions = counted(7, func(m *op.Migration) {
		m.SQL("UPDATE t_rows SET n = n + 5 WHERE id = 3")
		m.Batches("t_rows", 4, func(tx *gorm.DB, rows op.Batch) error {
			if batches++; halt && batches > 1 {
				return errRefused
			}
			return tx.Table("t_rows").Where(rows).Update("n", gorm.Expr("n + 1")).Error
		})
	})
	revisions[1].Downgrade = func(m *op.Migration) { m.SQL("UPDATE t_rows SET n = 0") }
	return revisions, func(ctx context.Context, r *runner.Runner) error {
		if _, err := r.Downgrade(ctx, "rows"); err != nil {
			return err
		}
		batches, halt = 0, true
		defer func() { halt = false }()
		if _, err := r.Upgrade(ctx, "head"); !errors.Is(err, errRefused) {
			return fmt.Errorf("got error %w, want %w", err, errRefused)
		}
		return nil
	}
}

// content returns the applied ids and, for each table, the sum of the values that mixed and walks change, or the number
// of rows.
func content(t *testing.T, db *gorm.DB) []string {
	t.Helper()
	ids, err := applied(t, db)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := db.Migrator().GetTables()
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(tables)
	found := []string{fmt.Sprint(ids)}
	for _, table := range tables {
		of := map[string]string{"t_rows": "sum(n)", "children": "sum(parent_id)", "offspring": "sum(parent_id)"}[table]
		if of == "" {
			of = "count(*)"
		}
		var n int64
		if err := db.Table(table).Select("coalesce(" + of + ", 0)").Scan(&n).Error; err != nil {
			t.Fatal(err)
		}
		found = append(found, fmt.Sprint(table, " ", n))
	}
	return found
}

// TestFailsAtEveryStatement makes each statement of a run fail in turn: the run returns the error, and another run
// completes what it left.
func TestFailsAtEveryStatement(t *testing.T) {
	t.Parallel()
	type run func(ctx context.Context, r *runner.Runner) error
	up := func(ctx context.Context, r *runner.Runner) error { _, err := r.Upgrade(ctx, "head"); return err }
	down := func(ctx context.Context, r *runner.Runner) error { _, err := r.Downgrade(ctx, "base"); return err }
	toRows := func(ctx context.Context, r *runner.Runner) error { _, err := r.Downgrade(ctx, "rows"); return err }
	stamp := func(target string) run {
		return func(ctx context.Context, r *runner.Runner) error { _, err := r.Stamp(ctx, true, target); return err }
	}
	resumed, half := halting()
	stamped, halfStamped := halting()
	for name, c := range map[string]struct {
		revisions  []revision.Revision
		before, do run // before leads back to the state in which do begins
	}{
		"upgrade": {mixed(), down, up}, "downgrade": {mixed(), up, down},
		"batches":                         {walks(), toRows, up}, // a downgrade executes the same statements
		"batches that drop a table":       {dropping(), toRows, up},
		"upgrade outside a transaction":   {outside(), toRows, up},
		"downgrade outside a transaction": {outside(), up, toRows},
		"stamp":                           {mixed(), stamp("head"), stamp("tables")},
		"resume":                          {resumed, half, up},
		"stamp a half-done revision":      {stamped, halfStamped, stamp("head")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := dbtest.URL(t)
			r := newRunner(t, dbtest.Open(t, address), c.revisions...)
			succeeds := func(do run) {
				t.Helper()
				if err := do(t.Context(), r); err != nil {
					t.Fatal(err)
				}
			}
			succeeds(up)
			succeeds(c.before)
			succeeds(c.do)
			whole := content(t, r.DB)
			for n := 0; ; n++ {
				succeeds(c.before)
				failed, err := failAt(t, r, address, n, c.do)
				if failed == "" {
					t.Logf("%d statements", n)
					break
				}
				// GORM's HasTable, which gormigrate uses, cannot return an error. A second ROLLBACK is only for some drivers.
				harmless := strings.HasPrefix(failed, "SELECT count(*)") || failed == "ROLLBACK"
				if !errors.Is(err, errFailed) && !harmless {
					t.Errorf("statement %d: got error %v, want %v of\n%s", n, err, errFailed, failed)
				}
				succeeds(c.do)
				if got := content(t, r.DB); !slices.Equal(got, whole) {
					t.Errorf("after statement %d: got %q, want %q\n%s", n, got, whole, failed)
				}
			}
		})
	}
}

// failAt runs do with a statement that fails: the first has the number 0. It returns the text of the statement, and the
// error of do.
func failAt(
	t *testing.T, r *runner.Runner, address string, n int, do func(context.Context, *runner.Runner) error,
) (failed string, err error) {
	t.Helper()
	opened, left := false, n
	failing, err := openHooked(r.DB, address, func(statement string) error {
		if opened {
			left--
		}
		if left >= 0 || failed != "" {
			return nil
		}
		failed = statement
		return errFailed
	})
	if err != nil {
		t.Fatal(err)
	}
	opened = true
	err = do(t.Context(), &runner.Runner{DB: failing, History: r.History})
	if err := dbtest.Close(failing); err != nil {
		t.Error(err)
	}
	return failed, err
}

// TestReadsFail makes each statement fail of functions that only read, and of a revision that is refused because of the
// references it breaks.
func TestReadsFail(t *testing.T) {
	t.Parallel()
	const stray = "CREATE TABLE strays (name text REFERENCES parents (name), child integer REFERENCES children)"
	breaking := revision.Revision{ID: "b", File: "b_.go", DownRevision: []string{"a"}, Upgrade: func(m *op.Migration) {
		m.SQL("INSERT INTO strays (child) VALUES (77)")
		m.SQL("INSERT INTO children (parent_id) VALUES (78)")
	}}
	for name, do := range map[string]func(ctx context.Context, r *runner.Runner) error{
		"applied": func(ctx context.Context, r *runner.Runner) error { _, err := r.Applied(ctx); return err },
		"dangling references": func(ctx context.Context, r *runner.Runner) error {
			_, err := runner.Dangling(ctx, r.DB)
			return err
		},
		"breaking references": func(ctx context.Context, r *runner.Runner) error {
			_, err := r.Upgrade(ctx, "head")
			dangling, ok := errors.AsType[*runner.DanglingError](err)
			if hints := hint.Of(err); ok && dangling.Rows == 1 && strings.Contains(hints, "rowid") {
				return errRefused
			}
			return errors.Join(err, errors.New("the revision was not refused"))
		},
		"losses": func(ctx context.Context, r *runner.Runner) error {
			plan, err := r.History.Graph.Downgrade([]string{"a"}, "base")
			if err != nil {
				return err
			}
			_, err = r.Losses(ctx, plan)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, address := dangleAt(t)
			execute(t, db, stray)
			first := families()
			first.Downgrade = func(m *op.Migration) { m.DropTable("pets"); m.DropTable("children"); m.DropTable("parents") }
			r := newRunner(t, db, first, breaking)
			n := 0
			for ; ; n++ {
				failed, err := failAt(t, r, address, n, do)
				if failed == "" {
					if err != nil && !errors.Is(err, errRefused) {
						t.Errorf("without a failure: got error %v, want none", err)
					}
					break
				}
				// After the refusal the session is cleaned, and the refusal is what a user has to know.
				if !errors.Is(err, errFailed) && !errors.Is(err, errRefused) {
					t.Errorf("statement %d: got error %v, want %v of\n%s", n, err, errFailed, failed)
				}
				wantApplied(t, db, "a")
			}
			if n < 2 {
				t.Errorf("got %d statements, want some", n)
			}
		})
	}
}

// TestUnterminatedSQL checks that a text whose last quote does not end is refused, and not taken for nothing to do.
func TestUnterminatedSQL(t *testing.T) {
	t.Parallel()
	for _, outside := range []bool{false, true} {
		t.Run(fmt.Sprint("outside a transaction ", outside), func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			open := create("a")
			open.NoTransaction = outside
			open.Upgrade = func(m *op.Migration) { m.SQL("SELECT 1; SELECT 'a") }
			if _, err := newRunner(t, db, open).Upgrade(t.Context(), "head"); err == nil {
				t.Error("got no error")
			}
			wantApplied(t, db)
		})
	}
}
