package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/revision"
)

// squashed returns the revisions with a squash in place of those in span, and the squash, which has the given id.
func squashed(t *testing.T, id string, all []revision.Revision, span graph.Range) ([]revision.Revision, graph.Squash) {
	t.Helper()
	history, err := runner.NewHistory(runner.DefaultTable, all)
	if err != nil {
		t.Fatal(err)
	}
	squash, err := history.Graph.Squash(id, span)
	if err != nil {
		t.Fatal(err)
	}
	d, err := autogen.Squash(history, squash, false)
	if err != nil {
		t.Fatal(err)
	}
	if warnings, err := autogen.Try(t.Context(), autogen.Memory(), d); err != nil || len(warnings) > 0 {
		t.Fatalf("tried: got the warnings %q, %v; want none, no error", warnings, err)
	}
	r := d.Revision()
	r.File = id + "_.go"
	return append(without(all, squash.Replaced), r), squash
}

func without(all []revision.Revision, ids []string) []revision.Revision {
	return slices.DeleteFunc(slices.Clone(all), func(r revision.Revision) bool { return slices.Contains(ids, r.ID) })
}

// newProgram returns a program with the revisions, on a database.
func newProgram(t *testing.T, db *gorm.DB, all []revision.Revision) *scratch {
	t.Helper()
	s := newScratch(t, db)
	for _, r := range all {
		s.env.Revisions.Register(r)
	}
	return s
}

// TestEveryPointOfTheOldHistory squashes ranges of a history, and runs the new program on databases at every point of
// the old history, with rows.
func TestEveryPointOfTheOldHistory(t *testing.T) {
	t.Parallel()
	every := "/a/b/c/d/x/c x/d x/m/e/f/g/h"
	for span, points := range map[graph.Range]string{
		{Upper: "m"}:             every,
		{Lower: "b"}:             every,
		{Upper: "f"}:             "/m",
		{Lower: "b", Upper: "m"}: "/a/b",
		{Lower: "c", Upper: "d"}: "b/c/x/d x",
	} {
		for heads := range strings.SplitSeq(points, "/") {
			point := strings.Fields(heads)
			t.Run(fmt.Sprintf("%s:%s at %s", span.Lower, span.Upper, heads), func(t *testing.T) {
				t.Parallel()
				p := newPoint(t, span, point)
				p.meet()
				p.compare()
				p.backToBase()
			})
		}
	}
}

// point is a database that the old program made, and both programs.
type point struct {
	t        *testing.T
	db       *gorm.DB
	old, new *scratch
	all, now []revision.Revision // of the two programs
	squash   graph.Squash
	has      []string // ids
}

func newPoint(t *testing.T, span graph.Range, heads []string) *point {
	t.Helper()
	p := &point{t: t, all: longHistory(), db: dbtest.New(t)}
	p.old = newProgram(t, p.db, p.all)
	p.now, p.squash = squashed(t, "s", p.all, span)
	p.new = newProgram(t, p.db, p.now)
	p.climb(p.db, heads)
	p.has = p.recorded()
	return p
}

// climb upgrades a database to the heads with the old program, and inserts a row into users as soon as there is the
// table.
func (p *point) climb(db *gorm.DB, heads []string) {
	p.t.Helper()
	s := newProgram(p.t, db, p.all)
	for i, head := range append([]string{"a"}, heads...) {
		if len(heads) == 0 {
			return
		}
		if _, err := s.run("upgrade", head); err != nil {
			p.t.Fatal(err)
		}
		if i == 0 {
			if err := db.Exec("INSERT INTO users (name) VALUES ('Ann')").Error; err != nil {
				p.t.Fatal(err)
			}
		}
	}
}

func (p *point) recorded() []string {
	p.t.Helper()
	var ids []string
	if !p.db.Migrator().HasTable("migrations") {
		return nil
	}
	if err := p.db.Raw("SELECT id FROM migrations").Scan(&ids).Error; err != nil {
		p.t.Fatal(err)
	}
	slices.Sort(ids)
	return ids
}

// meet runs the new program on the database: it must refuse one in the middle of the range, and upgrade any other.
func (p *point) meet() {
	p.t.Helper()
	last := p.squash.Replaced[len(p.squash.Replaced)-1]
	some := slices.ContainsFunc(p.has, func(id string) bool { return slices.Contains(p.squash.Replaced, id) })
	if some && !slices.Contains(p.has, last) {
		p.refused()
		if _, err := p.old.run("upgrade", last); err != nil {
			p.t.Fatal(err)
		}
		p.has = p.recorded()
	}
	if _, err := p.new.run("upgrade"); err != nil {
		p.t.Fatal(err)
	}
	now := p.recorded()
	for _, id := range p.has {
		if !slices.Contains(now, id) {
			p.t.Errorf("the row of %s was deleted", id)
		}
	}
	if squashed, want := slices.Contains(now, "s"), !slices.Contains(p.has, last); squashed != want {
		p.t.Errorf("the recorded ids are %q, want s among them: %t", now, want)
	}
	_, err := p.old.run("current")
	if known := slices.Contains(p.has, last); (err == nil) != known {
		p.t.Errorf("the old program says %v, want an error: %t", err, !known)
	}
	p.wantUpToDate(p.new)
}

// refused checks that commands that use the database say that it is in the middle of the range, and change nothing.
func (p *point) refused() {
	p.t.Helper()
	for _, command := range []string{"current", "upgrade", "upgrade --plan", "downgrade base --yes", "check --database",
		"history -r current:"} {
		_, err := p.new.run(strings.Fields(command)...)
		want := "the database has only some of the revisions that s (s_.go) replaces: "
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			p.t.Errorf("%s: got %v, want %s", command, err, want)
		}
	}
	if now := p.recorded(); !slices.Equal(now, p.has) {
		p.t.Errorf("the recorded ids are %q, want %q as before", now, p.has)
	}
}

func (p *point) wantUpToDate(s *scratch) {
	p.t.Helper()
	s.want("No drift detected.\n", "check", "--database")
	s.want("", "upgrade", "--plan")
}

// compare compares the database with one that only the old program has upgraded.
func (p *point) compare() {
	p.t.Helper()
	control := dbtest.New(p.t)
	p.climb(control, p.has)
	if _, err := newProgram(p.t, control, p.all).run("upgrade"); err != nil {
		p.t.Fatal(err)
	}
	for _, query := range []string{
		"SELECT id, full_name, nick, group_id, age FROM users ORDER BY id",
		"SELECT id, name, size FROM groups ORDER BY id",
	} {
		if got, want := rowsOf(p.t, p.db, query), rowsOf(p.t, control, query); got != want {
			p.t.Errorf("%s\ngives %s\nwant  %s", query, got, want)
		}
	}
	p.wantUpToDate(newProgram(p.t, control, p.now)) // the squash, on what the old program made
}

func rowsOf(t *testing.T, db *gorm.DB, query string) string {
	t.Helper()
	var rows []map[string]any
	if err := db.Raw(query).Scan(&rows).Error; err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(rows)
}

// backToBase downgrades to the base, which also removes the rows of replaced revisions, and upgrades again.
func (p *point) backToBase() {
	p.t.Helper()
	if err := p.db.Exec("INSERT INTO logs (id, text) VALUES (1, 'a')").Error; err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.new.run("downgrade", "--yes", "base"); err != nil {
		p.t.Fatal(err)
	}
	if left := p.recorded(); len(left) > 0 {
		p.t.Errorf("the recorded ids are still %q, want none", left)
	}
	if p.db.Migrator().HasTable("users") {
		p.t.Error("the table users still exists")
	}
	if _, err := p.new.run("upgrade"); err != nil {
		p.t.Fatal(err)
	}
	p.wantUpToDate(p.new)
}
