package apptest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"guestlist/app/database/dbtest"
)

// never is a number of statements that no test reaches.
const never = 1 << 30

// Failing makes statements of an application's database fail.
type Failing struct {
	app        *App
	statements *int
}

// NewFailing returns a Failing for the application. A test needs only one.
func NewFailing(t testing.TB, a *App) *Failing {
	t.Helper()
	return &Failing{a, dbtest.FailAt(t, a.DB, never)}
}

// Each calls act again and again, with its first statement failing, then its second, and so on until none fails. Each
// time one fails, act must report its failure, and leave the database as it was.
func (f *Failing) Each(t testing.TB, name string, act func() (failed bool)) {
	t.Helper()
	for n := 1; ; n++ {
		before, numbers := f.contents(t), f.numbers(t)
		var reported bool
		if !f.At(n, func() { reported = act() }) {
			return
		}
		if !reported {
			t.Errorf("%s succeeded although its statement %d failed", name, n)
		}
		after := f.contents(t)
		for _, row := range slices.Concat(without(after, before), without(before, after)) {
			t.Errorf("%s, whose statement %d failed, added or removed the row %s", name, n, row)
		}
		if !slices.Equal(before, after) {
			return // the act was done
		}
		f.restore(t, numbers)
	}
}

// At calls act with its nth statement failing, and reports whether act executed that many.
func (f *Failing) At(n int, act func()) (failed bool) {
	*f.statements = never - n
	act()
	failed = *f.statements >= never
	*f.statements = 0
	return failed
}

// contents returns all rows of all tables, except failed sign-ins, which remain counted.
func (f *Failing) contents(t testing.TB) []string {
	t.Helper()
	tables, err := f.app.DB.Migrator().GetTables()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, table := range tables {
		if table == "login_failures" || strings.HasPrefix(table, "sqlite_") {
			continue
		}
		var rows []map[string]any
		if err := f.app.DB.Table(table).Find(&rows).Error; err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			all = append(all, fmt.Sprint(table, row))
		}
	}
	slices.Sort(all)
	return all
}

// number is the last number that a sequence of PostgreSQL has given; 0 before the first.
type number struct {
	Sequence string
	Last     int64
}

// numbers returns the last numbers of all sequences; SQLite has none.
func (f *Failing) numbers(t testing.TB) (all []number) {
	t.Helper()
	if f.app.DB.Name() != "postgres" {
		return nil
	}
	err := f.app.DB.Raw("SELECT quote_ident(sequencename) AS sequence, coalesce(last_value, 0) AS last " +
		"FROM pg_sequences WHERE schemaname = current_schema()").Scan(&all).Error
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// restore lets the sequences give the numbers again that a failed act has taken, as SQLite does anyway.
func (f *Failing) restore(t testing.TB, all []number) {
	t.Helper()
	for _, n := range all {
		err := f.app.DB.Exec("SELECT setval(?, ?, ?)", n.Sequence, max(n.Last, 1), n.Last > 0).Error
		if err != nil {
			t.Fatal(err)
		}
	}
}

// without returns the strings of all that are not in others.
func without(all, others []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(others, s) })
}
