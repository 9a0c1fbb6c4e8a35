package runner_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/go-gormigrate/gormigrate/v2"
	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// many returns a linear history of n revisions that create a table each.
func many(n int) []revision.Revision {
	revisions := make([]revision.Revision, 0, n)
	for i := range n {
		var down []string
		if i > 0 {
			down = []string{fmt.Sprintf("m%04d", i-1)}
		}
		revisions = append(revisions, create(fmt.Sprintf("m%04d", i), down...))
	}
	return revisions
}

func manyHistory(tb testing.TB, n int) *runner.History {
	tb.Helper()
	history, err := runner.NewHistory(runner.DefaultTable, many(n))
	if err != nil {
		tb.Fatal(err)
	}
	return history
}

// texts returns the statements of the revisions of many.
func texts(tb testing.TB, d schema.Dialect, n int) []string {
	tb.Helper()
	var all []string
	for _, r := range many(n) {
		for _, o := range op.Record(r.Upgrade) {
			statements, err := ddl.Statements(d, o, schema.Schema{})
			if err != nil {
				tb.Fatal(err)
			}
			for _, s := range statements {
				all = append(all, s.SQL)
			}
		}
	}
	return all
}

// BenchmarkPlan builds the graph of 1,000 revisions and plans to apply them all.
func BenchmarkPlan(b *testing.B) {
	revisions := many(1000)
	for b.Loop() {
		history, err := runner.NewHistory(runner.DefaultTable, revisions)
		if err != nil {
			b.Fatal(err)
		}
		if plan, err := history.Graph.Upgrade(nil, "head"); err != nil || len(plan.Steps) != 1000 {
			b.Fatalf("got %d steps, %v; want 1000, no error", len(plan.Steps), err)
		}
	}
}

// BenchmarkNoop upgrades a database that has all 1,000 revisions.
func BenchmarkNoop(b *testing.B) {
	r := runner.Runner{DB: dbtest.New(b), History: manyHistory(b, 1000)}
	if _, err := r.Stamp(b.Context(), false, "head"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := r.Upgrade(b.Context(), "head"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkApply applies many revisions to an empty database: by the runner, by gormigrate alone, also with one call
// for each, and as plain statements on one connection. All commit each revision with its row. They take turns, and the
// shortest time of each counts, since other load only makes times longer.
func BenchmarkApply(b *testing.B) {
	for _, n := range []int{200, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkApply(b, n) })
	}
}

// BenchmarkCreate applies one revision that creates many tables with an index each, as BenchmarkApply does.
func BenchmarkCreate(b *testing.B) {
	for _, n := range []int{250, 1000, 2000} {
		if testing.Short() && n > 250 {
			break
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkCreate(b, n) })
	}
}

func benchmarkCreate(b *testing.B, n int) {
	b.Helper()
	whole := revision.Revision{ID: "many", Upgrade: func(m *op.Migration) {
		for i := range n {
			name := fmt.Sprintf("table_%04d", i)
			m.CreateTable(name, op.Column("id", op.Int(64)).PrimaryKey(), op.Column("name", op.String(20)).NotNull())
			m.CreateIndex("idx_"+name, name, "name")
		}
	}}
	d := schema.SQLite
	if dbtest.Postgres() {
		d = schema.Postgres
	}
	statements := statementsOf(b, d, whole)
	var shortest struct{ plain, runner time.Duration }
	turn := func(took *time.Duration, do func(db *gorm.DB) error) {
		db := dbtest.OpenOne(b, dbtest.URL(b))
		began := time.Now()
		if err := do(db.WithContext(b.Context())); err != nil {
			b.Fatal(err)
		}
		if last := time.Since(began); *took == 0 || last < *took {
			*took = last
		}
	}
	for b.Loop() {
		turn(&shortest.plain, func(db *gorm.DB) error { return executePlain(db, statements) })
		turn(&shortest.runner, func(db *gorm.DB) error {
			history, err := runner.NewHistory(runner.DefaultTable, []revision.Revision{whole})
			if err == nil {
				_, err = (&runner.Runner{DB: db, History: history}).Upgrade(b.Context(), "head")
			}
			return err
		})
	}
	b.ReportMetric(float64(shortest.plain.Microseconds())/1000/float64(n), "ms/table-plain")
	b.ReportMetric(float64(shortest.runner.Microseconds())/1000/float64(n), "ms/table-runner")
	b.ReportMetric(0, "ns/op")
}

// statementsOf returns the SQL of a revision on an empty database.
func statementsOf(b *testing.B, d schema.Dialect, r revision.Revision) []string {
	b.Helper()
	var all []string
	var before schema.Schema
	for _, o := range op.Record(r.Upgrade) {
		statements, err := ddl.Statements(d, o, before)
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range statements {
			all = append(all, s.SQL)
		}
		if before, err = o.Apply(before); err != nil {
			b.Fatal(err)
		}
	}
	return all
}

func executePlain(db *gorm.DB, statements []string) error {
	return db.Transaction(func(tx *gorm.DB) error {
		for _, text := range statements {
			if _, err := tx.Statement.ConnPool.ExecContext(tx.Statement.Context, text); err != nil {
				return err
			}
		}
		return nil
	})
}

func benchmarkApply(b *testing.B, n int) {
	b.Helper()
	ways := []string{"plain", "gormigrate", "runner"}
	apply := map[string]func(b *testing.B, db *gorm.DB, n int){
		"plain": applyPlain, "gormigrate": applyGormigrate, "runner": applyRunner,
	}
	shortest := map[string]time.Duration{}
	for b.Loop() {
		for _, way := range ways {
			db := dbtest.OpenOne(b, dbtest.URL(b))
			if err := db.Exec("SELECT 1").Error; err != nil {
				b.Fatal(err)
			}
			began := time.Now()
			apply[way](b, db, n)
			if took := time.Since(began); shortest[way] == 0 || took < shortest[way] {
				shortest[way] = took
			}
		}
	}
	for _, way := range ways {
		b.ReportMetric(float64(shortest[way].Microseconds())/1000/float64(n), "ms/revision-"+way)
	}
	b.ReportMetric(0, "ns/op")
}

func applyRunner(b *testing.B, db *gorm.DB, n int) {
	b.Helper()
	r := runner.Runner{DB: db, History: manyHistory(b, n)}
	if _, err := r.Upgrade(b.Context(), "head"); err != nil {
		b.Fatal(err)
	}
}

func applyGormigrate(b *testing.B, db *gorm.DB, n int) {
	b.Helper()
	for i, text := range texts(b, schema.Dialect(db.Name()), n) {
		m := &gormigrate.Migration{ID: fmt.Sprintf("m%04d", i),
			Migrate: func(tx *gorm.DB) error { return tx.Exec(text).Error }}
		options := &gormigrate.Options{UseTransaction: true}
		if err := gormigrate.New(db.WithContext(b.Context()), options, []*gormigrate.Migration{m}).Migrate(); err != nil {
			b.Fatal(err)
		}
	}
}

func applyPlain(b *testing.B, db *gorm.DB, n int) {
	b.Helper()
	pool, err := db.DB()
	if err != nil {
		b.Fatal(err)
	}
	conn, err := pool.Conn(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(b.Context(), "CREATE TABLE migrations (id varchar(255) PRIMARY KEY)"); err != nil {
		b.Fatal(err)
	}
	for i, text := range texts(b, schema.Dialect(db.Name()), n) {
		if err := plainStep(b.Context(), conn, text, fmt.Sprintf("m%04d", i)); err != nil {
			b.Fatal(err)
		}
	}
}

func plainStep(ctx context.Context, conn *sql.Conn, text, id string) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, text); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO migrations (id) VALUES ($1)", id); err != nil {
		return err
	}
	return tx.Commit()
}

// TestNoopQueries checks that the number of queries does not depend on the number of revisions.
func TestNoopQueries(t *testing.T) {
	t.Parallel()
	var counts []int
	for _, n := range []int{1, 1000} {
		address := dbtest.URL(t)
		db := dbtest.Open(t, address)
		statements := 0
		counted, err := openHooked(db, address, count(&statements))
		if err != nil {
			t.Fatal(err)
		}
		r := runner.Runner{DB: counted, History: manyHistory(t, n)}
		if _, err := r.Stamp(t.Context(), false, "head"); err != nil {
			t.Fatal(err)
		}
		before := statements
		if _, err := r.Upgrade(t.Context(), "head"); err != nil {
			t.Fatal(err)
		}
		counts = append(counts, statements-before)
		if err := dbtest.Close(counted); err != nil {
			t.Fatal(err)
		}
	}
	if counts[0] != counts[1] || counts[0] > 10 {
		t.Errorf("an upgrade with nothing to do costs %v queries, want the same for both, at most 10", counts)
	}
	t.Logf("%v queries", counts)
}

// TestResetRoundTrips counts the additional round trips of a revision with SQL of its own: they reset the settings,
// check the migration lock, and end what outlives the transaction.
func TestResetRoundTrips(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has no round trips")
	}
	queries := func(n int, dirty bool) int {
		revisions := many(n)
		for i := range revisions {
			if dirty {
				revisions[i].Upgrade = func(m *op.Migration) { m.SQL("SELECT 1") }
			}
		}
		address, statements := dbtest.URL(t), 0
		counted, err := openHooked(dbtest.Open(t, address), address, count(&statements))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := newRunner(t, counted, revisions...).Upgrade(t.Context(), "head"); err != nil {
			t.Fatal(err)
		}
		if err := dbtest.Close(counted); err != nil {
			t.Fatal(err)
		}
		return statements
	}
	clean, dirty := queries(6, false)-queries(1, false), queries(6, true)-queries(1, true)
	if got, want := dirty-clean, 5*3; got != want {
		t.Errorf("5 revisions cost %d queries without SQL of their own, and %d with; want %d more", clean, dirty, want)
	}
}
