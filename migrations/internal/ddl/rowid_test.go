package ddl

import (
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestRebuildKeepsRowids rebuilds tables whose rowids have gaps.
func TestRebuildKeepsRowids(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ create, rowid string }{
		"no key":             {"CREATE TABLE notes (code text, body text)", "rowid"},
		"a text key":         {"CREATE TABLE notes (code text PRIMARY KEY, body text)", "rowid"},
		"an int key":         {"CREATE TABLE notes (code int PRIMARY KEY, body text)", "rowid"},
		"a descending key":   {"CREATE TABLE notes (code INTEGER PRIMARY KEY DESC, body text)", "rowid"},
		"an integer key":     {"CREATE TABLE notes (code INTEGER PRIMARY KEY, body text)", "rowid"},
		"a quoted type":      {`CREATE TABLE notes (code "INTEGER" PRIMARY KEY, body text)`, "rowid"},
		"an integer key 2":   {"CREATE TABLE notes (code integer NOT NULL, body text, PRIMARY KEY (code))", "rowid"},
		"a key named so":     {"CREATE TABLE notes (code text, body text, CONSTRAINT integer PRIMARY KEY (code))", "rowid"},
		"two keys":           {"CREATE TABLE notes (code integer, body text, PRIMARY KEY (code, body))", "rowid"},
		"a column rowid":     {"CREATE TABLE notes (code text, body text, rowid text)", "_rowid_"},
		"two columns rowid":  {"CREATE TABLE notes (code text, body text, Rowid text, _rowid_ text)", "oid"},
		"three of them":      {"CREATE TABLE notes (code text, body text, rowid text, _rowid_ text, oid text)", "code"},
		"without a rowid":    {"CREATE TABLE notes (code text PRIMARY KEY, body text) WITHOUT ROWID", "code"},
		"a check of a key":   {"CREATE TABLE notes (code integer CHECK (key IS NULL), body text, key text)", "rowid"},
		"strict, no integer": {"CREATE TABLE notes (code text PRIMARY KEY, body text) STRICT", "rowid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newServer(t, schema.SQLite).open(t)
			before, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
				m.CreateTable("notes", op.Column("code", op.Text()), op.Column("body", op.Text()))
			}))
			if err != nil {
				t.Fatal(err)
			}
			db.Exec(t, c.create, "INSERT INTO notes (code, body) VALUES (7, 'one'), (3, 'two'), (9, 'three'), (5, 'four')",
				"DELETE FROM notes WHERE body = 'two'")
			rows := "SELECT " + c.rowid + ", code, body FROM notes"
			was := db.Ask(t, rows)
			db.must(t, before, op.Record(func(m *op.Migration) { m.AddCheck("chk", "notes", "body <> ''") }))
			if got := db.Ask(t, rows); got != was {
				t.Errorf("got the rows\n%s\nwant\n%s", got, was)
			}
		})
	}
}

func TestFullTextSearchFindsTheRowsAfterARebuild(t *testing.T) {
	t.Parallel()
	db := newServer(t, schema.SQLite).open(t)
	before, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("notes", op.Column("body", op.Text()))
	}))
	if err != nil {
		t.Fatal(err)
	}
	db.Exec(t, "CREATE TABLE notes (body text)", "INSERT INTO notes VALUES ('one'), ('two'), ('three')",
		"DELETE FROM notes WHERE body = 'one'", "CREATE VIRTUAL TABLE search USING fts5(body, content='notes')",
		"INSERT INTO search (search) VALUES ('rebuild')")
	db.must(t, before, op.Record(func(m *op.Migration) { m.AddCheck("chk", "notes", "body <> ''") }))
	if got := db.Ask(t, "SELECT body FROM search('two')"); got != "two" {
		t.Errorf("got %q from the search for two, want %q", got, "two")
	}
}

// TestRowidOf checks that rowids are copied by a name of their own, unless a column is the rowid or there is none.
func TestRowidOf(t *testing.T) {
	t.Parallel()
	for create, want := range map[string]string{
		"CREATE TABLE t (a integer, b text)":                                     "rowid",
		"CREATE TABLE t (a int PRIMARY KEY, b text)":                             "rowid",
		"CREATE TABLE t (a integer PRIMARY KEY, b text)":                         "",
		"CREATE TABLE t (b text, a INTEGER NOT NULL CONSTRAINT k PRIMARY KEY)":   "",
		"CREATE TABLE t (a integer PRIMARY KEY DESC, b text)":                    "rowid",
		"CREATE TABLE t (a integer PRIMARY KEY ASC, b text)":                     "",
		"CREATE TABLE t (a unsigned integer PRIMARY KEY, b text)":                "rowid",
		"CREATE TABLE t (a integer unsigned PRIMARY KEY, b text)":                "rowid",
		"CREATE TABLE t (a integer, b text, PRIMARY KEY (A))":                    "",
		"CREATE TABLE t (a integer, b text, CONSTRAINT k PRIMARY KEY (\"a\"))":   "",
		"CREATE TABLE t (a integer, b text, PRIMARY KEY (b))":                    "rowid",
		"CREATE TABLE t (a integer, b text, PRIMARY KEY (a, b))":                 "rowid",
		"CREATE TABLE t (a integer, b text, UNIQUE (a))":                         "rowid",
		"CREATE TABLE t (a integer UNIQUE, b text)":                              "rowid",
		"CREATE TABLE t (a, b text, CONSTRAINT integer PRIMARY KEY (b))":         "rowid",
		"CREATE TABLE t (a integer PRIMARY KEY, b text) WITHOUT ROWID":           "",
		"CREATE TABLE t (a text PRIMARY KEY, b text) STRICT, WITHOUT /**/ rowid": "",
		"CREATE TABLE t (RowID text, b text)":                                    "_rowid_",
		"CREATE TABLE t (a, rowid AS (1), _rowid_ text)":                         "oid",
		"CREATE TABLE t (oid, rowid, _rowid_)":                                   "",
	} {
		d := parsed(t, create)
		if got := rowidOf(d, d, nil); got != want {
			t.Errorf("%s: got %q, want %q", create, got, want)
		}
	}
	computed, plain := parsed(t, "CREATE TABLE t (rowid AS (1), a text)"), parsed(t, "CREATE TABLE t (a text)")
	keyed, none := parsed(t, "CREATE TABLE t (a integer PRIMARY KEY)"), parsed(t, "CREATE TABLE t (a text) WITHOUT ROWID")
	for name, test := range map[string]struct {
		from, to definition
		want     string
	}{
		"a column named rowid goes":  {computed, plain, "_rowid_"},
		"a column named rowid comes": {plain, computed, "_rowid_"},
		"an integer key goes":        {keyed, plain, "rowid"},
		"an integer key comes":       {plain, keyed, ""},
		"rowids come":                {none, plain, ""},
		"rowids go":                  {plain, none, ""},
	} {
		if got := rowidOf(test.from, test.to, []string{"a"}); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func parsed(t *testing.T, create string) definition {
	t.Helper()
	d, err := parseDefinition(create)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
