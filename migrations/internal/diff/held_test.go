package diff_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// held is a change of the keys and constraints of a table. With bad rows the change fails as the warning says, and its
// query finds rows; with good rows no query finds any.
type held struct {
	name          string
	before, after func(m *op.Migration)
	good, bad     []string // rows of users: values of a, b and c
	warned        bool     // even with good rows
}

func changesOfWhatIsHeld() []held {
	adds := func(c op.ColumnDef) func(m *op.Migration) {
		return func(m *op.Migration) { m.AddColumn("users", c) }
	}
	column := func(of string) op.ColumnDef { return op.Column("d", op.Type(of)) }
	retypes := func(of string) func(m *op.Migration) {
		return func(m *op.Migration) { m.AlterColumn("users", "a").Type(op.Type(of)) }
	}
	none := func(*op.Migration) {}
	one, two := []string{"1, 'x', 2"}, []string{"1, 'x', 2", "2, 'y', 2"}
	return []held{
		{"a new column that is UNIQUE", none, adds(column("bigint DEFAULT 7 UNIQUE")), nil, two, true},
		{"a new column that is UNIQUE and NULL", none, adds(column("bigint UNIQUE")), two, nil, false},
		{"a new column that does not meet its CHECK", none, adds(column("bigint DEFAULT 9 CHECK (d < 3)")), nil, one, true},
		{"a new column that meets its CHECK", none, adds(column("bigint DEFAULT 2 CHECK (d < 3)")), two, nil, false},
		{"a new column that does not meet its check", none, func(m *op.Migration) {
			m.AddColumn("users", op.Column("d", op.Int(64)).Default(9))
			m.AddCheck("dd", "users", "d<3")
		}, nil, one, true},
		{"a new column that REFERENCES nothing", none, adds(column("bigint DEFAULT 5 REFERENCES teams(id)")), nil, one, true},
		{"UNIQUE in a type", none, retypes("bigint CONSTRAINT only UNIQUE"), two, []string{"1, 'x', 2", "1, 'y', 2"}, true},
		{"CHECK in a type", none, retypes("bigint CHECK (a > 0)"), two, []string{"-1, 'x', 2"}, true},
		{"REFERENCES in a type", none, retypes("bigint REFERENCES teams"), []string{"NULL, 'x', 2"},
			[]string{"5, 'x', 2"}, true},
		{"a collation", func(m *op.Migration) { m.CreateIndex("idx", "users", "b").Unique() }, func(m *op.Migration) {
			m.AlterColumn("users", "b").Type(op.Type("text COLLATE nocase"))
		}, two, []string{"1, 'x', 2", "2, 'X', 2"}, true},
		{"an index with a collation", none, func(m *op.Migration) {
			m.CreateIndex("idx", "users").On(op.Asc("b").Collate("nocase")).Unique()
		}, two, []string{"1, 'x', 2", "2, 'X', 2"}, true},
		{"values that become equal", func(m *op.Migration) { m.AddUnique("uni", "users", "c", "b") },
			func(m *op.Migration) { m.AlterColumn("users", "c").Type(op.Int(64)) }, []string{"1, 'x', 1.6", "1, 'x', 1"},
			[]string{"1, 'x', 1.6", "1, 'x', 2"}, true},
		{"values that become what a check forbids", func(m *op.Migration) { m.AddCheck("chk", "users", "c > 1") },
			func(m *op.Migration) { m.AlterColumn("users", "c").Type(op.Int(64)) }, two[1:], []string{"1, 'x', 1.25"}, true},
		{"a computed column that is NOT NULL", none, adds(column("bigint GENERATED ALWAYS AS (a * 2) STORED NOT NULL")),
			two, []string{"NULL, 'x', 2"}, true},
		{"a check of a computed column that is replaced", func(m *op.Migration) {
			m.AddColumn("users", column("bigint GENERATED ALWAYS AS (a * 2) STORED"))
			m.AddCheck("chk", "users", "d > 0")
		}, func(m *op.Migration) {
			m.DropCheck("chk", "users")
			m.DropColumn("users", "d")
			m.AddColumn("users", column("bigint GENERATED ALWAYS AS (a - 5) STORED"))
			m.AddCheck("chk", "users", "d > 0")
		}, []string{"6, 'x', 2"}, one, true},
	}
}

func TestChangesOfWhatRowsAreHeldTo(t *testing.T) {
	t.Parallel()
	difftest.Each(t, func(t *testing.T, s *difftest.Server) {
		for _, c := range changesOfWhatIsHeld() {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				if len(c.bad) > 0 {
					changeHeld(t, s, c, c.bad, true)
				}
				if len(c.good) > 0 {
					changeHeld(t, s, c, c.good, false)
				}
			})
		}
	})
}

func changeHeld(t *testing.T, s *difftest.Server, c held, rows []string, fails bool) {
	t.Helper()
	db := s.Open(t)
	if s.Dialect == schema.Postgres {
		db.Exec(t, "CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)")
	}
	before := db.Must(t, schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey())
		m.CreateTable("users", op.Column("a", op.Int(64)), op.Column("b", op.Text()), op.Column("c", op.Float(64)))
		c.before(m)
	}))
	for _, row := range rows {
		db.Exec(t, "INSERT INTO users (a, b, c) VALUES ("+row+")")
	}
	after, err := op.ApplyAll(before, op.Record(c.after))
	if err != nil {
		t.Fatal(err)
	}
	p, err := diff.Diff(before, after)
	if err != nil {
		t.Fatal(err)
	}
	found, warned := 0, false
	for _, w := range p.Warnings() {
		w, about := w.On(s.Dialect)
		if drops := strings.HasPrefix(w.Text, "drops"); !about || drops {
			continue
		}
		query := w.Code
		if query == "" {
			query = w.Query.For(s.Dialect)
		}
		if !strings.Contains(w.Text, "rounds") {
			warned = true
			found += len(db.Query(t, query)) - zeroes(db.Query(t, query))
		}
	}
	if warned != (c.warned || fails) || (found > 0) != fails {
		t.Errorf("%v: got warned %t and %d rows found, want warned %t and any found %t: %v",
			rows, warned, found, c.warned || fails, fails, p.Warnings())
	}
	if _, err := db.Migrate(t, before, diff.Operations(p.Upgrade)); (err != nil) != fails {
		t.Errorf("%v: got error %v, want one: %t", rows, err, fails)
	}
}

// zeroes returns how many rows hold a count of 0.
func zeroes(rows []string) int {
	if len(rows) == 1 && rows[0] == "0" {
		return 1
	}
	return 0
}
