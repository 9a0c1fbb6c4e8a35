package ddl

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/catalogue"
	"guestlist/migrations/internal/optest"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

func TestEveryOperationHasACase(t *testing.T) {
	t.Parallel()
	var all []op.Operation
	for _, c := range changes() {
		all = append(all, op.Record(c.up)...)
	}
	if missing := optest.Missing(all); len(missing) > 0 {
		t.Errorf("no case covers the operations %q", missing)
	}
}

func TestEveryChangeThereAndBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		for _, c := range changes() {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				if transactional(s.Dialect, op.Record(c.up)) {
					thereAndBack(t, s, c)
				} else { // it waits for all transactions in its database
					thereAndBack(t, newServer(t, s.Dialect), c)
				}
			})
		}
	})
}

// thereAndBack checks that the change makes the schema that a new database would have, that its reverse restores the
// database, and that it can be made again.
func thereAndBack(t *testing.T, s server, c change) {
	t.Helper()
	db, before := s.filled(t)
	db.thereAndBack(t, before, c)
}

func (db testDB) thereAndBack(t *testing.T, before schema.Schema, c change) {
	t.Helper()
	up := op.Record(c.up)
	down, err := op.ReverseAll(before, up)
	if err != nil {
		t.Fatal(err)
	}
	wasCatalogue, wasContents := db.Catalogue(t), db.contents(t, c.loses...)
	after := db.must(t, before, up)
	isCatalogue := db.Catalogue(t)
	if got, want := managed(isCatalogue), db.fresh(t, after); got != want {
		t.Errorf("the change made a different catalogue than that of a new database:%s", catalogue.Difference(want, got))
	}
	back := db.must(t, after, down)
	if !schema.Equal(back, before) {
		t.Errorf("the reverse leads to the schema %v, want %v", back, before)
	}
	if got := db.Catalogue(t); got != wasCatalogue {
		t.Errorf("the reverse left a different catalogue:%s", catalogue.Difference(wasCatalogue, got))
	}
	if got := db.contents(t, c.loses...); got != wasContents {
		t.Errorf("the reverse left different rows:%s", catalogue.Difference(wasContents, got))
	}
	db.must(t, back, up)
	if got := db.Catalogue(t); got != isCatalogue {
		t.Errorf("the second upgrade made a different catalogue:%s", catalogue.Difference(isCatalogue, got))
	}
}

// fresh returns the catalogue of an empty database in which the schema was created directly.
func (db testDB) fresh(t *testing.T, s schema.Schema) string {
	t.Helper()
	if db.Dialect == schema.Postgres {
		db.Exec(t, "BEGIN", "DROP SCHEMA "+db.Space+" CASCADE", "CREATE SCHEMA "+db.Space)
		defer db.Exec(t, "ROLLBACK")
		db.Exec(t, createPostgres(s)...)
		return db.Catalogue(t)
	}
	empty := newServer(t, schema.SQLite).open(t)
	for _, table := range s.Tables() {
		empty.Exec(t, sqlite{}.createTable(table))
		for _, i := range table.Indexes {
			empty.Exec(t, sqlite{}.createIndex(table.Name, i))
		}
	}
	return empty.Catalogue(t)
}

// createPostgres returns statements that create the schema. The foreign keys come last, as they may be circular.
func createPostgres(s schema.Schema) []string {
	p := &postgres{}
	var creates, keys []string
	for _, t := range s.Tables() {
		foreign := t.ForeignKeys
		t.ForeignKeys = nil
		creates = append(creates, p.createTable(t)...)
		for _, i := range t.Indexes {
			creates = append(creates, p.createIndex(&op.CreateIndex{Table: t.Name, Index: i})[0].SQL)
		}
		for _, k := range foreign {
			keys = append(keys, p.addForeignKey(t.Name, k))
		}
	}
	return append(creates, keys...)
}

// managed removes the lines of objects that the history does not know.
func managed(catalogue string) string {
	var lines []string
	for l := range strings.SplitSeq(catalogue, "\n") {
		if !strings.Contains(l, " view ") && !strings.Contains(l, " trigger ") && !strings.Contains(l, "by_hand") &&
			!strings.Contains(l, "| view |") {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n")
}
