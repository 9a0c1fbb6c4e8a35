package ddl

import (
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/internal/catalogue"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// byHand is a table with much that the history does not know.
const byHand = `CREATE TABLE things ( -- by hand, with (parentheses) and, commas
	"id" INTEGER PRIMARY KEY AUTOINCREMENT,
	code TEXT NOT NULL COLLATE NOCASE UNIQUE, -- the code
	price integer DEFAULT 1 CHECK (price > 0),
	total integer GENERATED ALWAYS AS (price * 2) STORED,
	half integer AS (price / 2),
	[odd, name] text DEFAULT ')',
	note text,
	CHECK (code <> ',' AND things.note <> 'x'),
	CONSTRAINT chk_price CHECK (things.price < 1000) /* last */
) STRICT`

// known creates the table as the history knows it.
func known(m *op.Migration) {
	m.CreateTable("things",
		op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
		op.Column("code", op.Text()).NotNull(),
		op.Column("price", op.Int(64)).Default(1),
		op.Column("note", op.Text()),
		op.Check("chk_price", "things.price < 1000"),
	)
}

func TestRebuildKeepsWhatIsMadeByHand(t *testing.T) {
	t.Parallel()
	db := newServer(t, schema.SQLite).open(t)
	before, err := op.ApplyAll(schema.Schema{}, op.Record(known))
	if err != nil {
		t.Fatal(err)
	}
	db.Exec(t, byHand,
		`CREATE TABLE parts (thing_id integer REFERENCES things (id) ON DELETE CASCADE, name text)`,
		`CREATE INDEX by_hand ON things (note COLLATE NOCASE DESC) WHERE note > 'a'`,
		`CREATE TRIGGER things_delete AFTER DELETE ON things BEGIN DELETE FROM parts; END`,
		`CREATE TRIGGER parts_insert AFTER INSERT ON parts BEGIN UPDATE things SET note = new.name; END`,
		`CREATE VIEW dear AS SELECT * FROM things WHERE price > 10`,
		`INSERT INTO things (code, price, note) VALUES ('a', 7, 'n'), ('b', 11, NULL), ('c', 3, NULL)`,
		`DELETE FROM things WHERE code = 'c'`,
		`INSERT INTO parts VALUES (1, 'p'), (2, 'q')`)
	others := db.Query(t, "SELECT type, name, sql FROM sqlite_master WHERE name <> 'things' AND sql IS NOT NULL")
	contents := db.contents(t)

	after := db.must(t, before, op.Record(func(m *op.Migration) {
		m.AlterColumn("things", "note").Default("new")
		m.AddUnique("uni_note", "things", "id", "note")
		m.DropUnique("uni_note", "things")
	}))

	if got := db.contents(t); got != contents {
		t.Errorf("the rebuild changed the rows:%s", catalogue.Difference(contents, got))
	}
	now := db.Query(t, "SELECT type, name, sql FROM sqlite_master WHERE name <> 'things' AND sql IS NOT NULL")
	slices.Sort(others)
	slices.Sort(now)
	if got, want := strings.Join(now, "\n"), strings.Join(others, "\n"); got != want {
		t.Errorf("the rebuild changed other objects:%s", catalogue.Difference(want, got))
	}
	create := db.Query(t, "SELECT sql FROM sqlite_master WHERE name = 'things'")[0]
	for _, part := range []string{"COLLATE NOCASE UNIQUE", "CHECK (price > 0)", "GENERATED ALWAYS AS (price * 2) STORED",
		"AS (price / 2)", "[odd, name] text DEFAULT ')'", "AUTOINCREMENT", "-- the code", "/* last */", "STRICT",
		"CHECK (code <> ','", "`note` text DEFAULT 'new'"} {
		if !strings.Contains(create, part) {
			t.Errorf("got the definition\n%s\nwithout %q", create, part)
		}
	}
	db.must(t, after, op.Record(func(m *op.Migration) { m.DropCheck("chk_price", "things") }))
	if n := db.Query(t, "INSERT INTO things (code) VALUES ('d') RETURNING id")[0]; n != "4" {
		t.Errorf("got the next id %s, want 4", n)
	}
}

func TestRebuildRefuses(t *testing.T) {
	t.Parallel()
	known, err := op.ApplyAll(schema.Schema{}, op.Record(known))
	if err != nil {
		t.Fatal(err)
	}
	dropCheck := func(m *op.Migration) { m.DropCheck("chk_price", "things") }
	for name, c := range map[string]struct {
		prepare []string
		change  func(m *op.Migration)
		word    string
	}{
		"foreign keys on": {
			[]string{byHand, "PRAGMA foreign_keys = ON"}, dropCheck, "PRAGMA foreign_keys is OFF",
		},
		"no such table": {nil, dropCheck, "the database has no table things"},
		"a virtual table": {
			[]string{"CREATE VIRTUAL TABLE things USING fts5(code)"}, dropCheck, "not an ordinary table",
		},
		"no such constraint": {
			[]string{"CREATE TABLE things (id integer, note text)"}, dropCheck, "has no constraint chk_price",
		},
		"column there already": {
			[]string{"CREATE TABLE things (note2 text, id integer, note text)"},
			func(m *op.Migration) { m.AddColumn("things", op.Column("Note2", op.Text()).Default(op.Expr("now()"))) },
			"already has column note2",
		},
		"an open quote": {
			[]string{byHand},
			func(m *op.Migration) { m.AddColumn("things", op.Column("note2", op.Text()).Default(op.Expr("('x)"))) },
			"its definition cannot be parsed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newServer(t, schema.SQLite).open(t)
			db.Exec(t, append([]string{"PRAGMA foreign_keys = OFF"}, c.prepare...)...)
			_, err := Execute(t.Context(), db.DB, op.Record(c.change)[0], known)
			if err == nil || !strings.Contains(err.Error(), c.word) {
				t.Errorf("got error %v, want one with %q", err, c.word)
			}
		})
	}
}

// TestRebuildRefusesOpenQuotes checks that a table whose definition in the history cannot be parsed is not rebuilt.
func TestRebuildRefusesOpenQuotes(t *testing.T) {
	t.Parallel()
	db := newServer(t, schema.SQLite).open(t)
	db.Exec(t, "PRAGMA foreign_keys = OFF", byHand)
	before := schema.New(schema.Table{Name: "things", Columns: []schema.Column{{Name: "id", Type: op.Int(64)}},
		Checks: []schema.Check{{Name: "chk_price", Expression: "id > 'x"}}})
	_, err := Execute(t.Context(), db.DB, &op.DropCheck{Table: "things", Name: "chk_price"}, before)
	if want := "its definition cannot be parsed"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
}

// TestRebuildOfATableNamedVirtual checks that only the keyword makes a table virtual.
func TestRebuildOfATableNamedVirtual(t *testing.T) {
	t.Parallel()
	db := newServer(t, schema.SQLite).open(t)
	before := db.must(t, schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("virtual", op.Column("virtual", op.Text()))
		m.SQL("INSERT INTO virtual VALUES ('x')")
	}))
	db.must(t, before, op.Record(func(m *op.Migration) { m.AddCheck("chk", "virtual", "virtual <> ''") }))
	if got := db.Ask(t, "SELECT virtual FROM virtual"); got != "x" {
		t.Errorf("got the rows %q, want %q", got, "x")
	}
}

// TestRebuildKeepsTheSetting checks that a rebuild leaves legacy_alter_table as it was, and reads a definition that
// ends with a comment.
func TestRebuildKeepsTheSetting(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"0", "1"} {
		db := newServer(t, schema.SQLite).open(t)
		before := schema.New(schema.Table{Name: "notes", Columns: []schema.Column{{Name: "body", Type: op.Text()}}})
		db.Exec(t, "CREATE TABLE notes (body text -- by hand\n)", "PRAGMA legacy_alter_table = "+setting)
		db.must(t, before, op.Record(func(m *op.Migration) { m.AddCheck("chk", "notes", "body <> ''") }))
		if got := db.Ask(t, "PRAGMA legacy_alter_table"); got != setting {
			t.Errorf("got legacy_alter_table %s after a rebuild, want %s as before", got, setting)
		}
	}
}

// TestOfflineScript compares the catalogue after the printed script with that after executing the operations. On
// PostgreSQL both run the same statements.
func TestOfflineScript(t *testing.T) {
	t.Parallel()
	for _, c := range changes() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			printed, executed := newServer(t, schema.SQLite).open(t), newServer(t, schema.SQLite).open(t)
			before := executed.must(t, schema.Schema{}, op.Record(fixture))
			executed.must(t, before, op.Record(c.up))
			printed.Exec(t, "PRAGMA foreign_keys = OFF")
			printed.Exec(t, lines(t, append(op.Record(fixture), op.Record(c.up)...))...)
			if got, want := printed.Catalogue(t), executed.Catalogue(t); got != want {
				t.Errorf("the script made a different catalogue:%s", catalogue.Difference(want, got))
			}
		})
	}
}

// lines returns the script for an empty SQLite database.
func lines(t *testing.T, operations []op.Operation) []string {
	t.Helper()
	var s schema.Schema
	var script []string
	for _, o := range operations {
		statements, err := Statements(schema.SQLite, o, s)
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range statements {
			script = append(script, statement.String())
		}
		if s, err = o.Apply(s); err != nil {
			t.Fatal(err)
		}
	}
	return script
}
