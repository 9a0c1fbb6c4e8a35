package runner_test

import (
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// sqlTexts has SQL that psql or sqlite3 might read differently from the database, with the rows that both a run and a
// script must leave in the table "said", or the error that both must return.
var sqlTexts = map[string]struct {
	text    op.Dialects
	outside bool // no transaction
	want    []string
	refused string
}{
	"a comment at the end": {
		text: schema.Both("INSERT INTO said VALUES ('a') -- remark"), want: []string{"a", "last"},
	},
	"a comment between": {
		text: schema.Both("INSERT INTO said VALUES ('a') -- it's; one\n; INSERT INTO said VALUES ('b') /* ; */"),
		want: []string{"a", "b", "last"},
	},
	"the end of the transaction": {
		text: schema.Both("INSERT INTO said VALUES ('a'); /* all */ commit"), refused: "commit in the SQL of a revision",
	},
	"another transaction": {text: schema.Both("BEGIN"), refused: "BEGIN in the SQL of a revision"},
	"the transaction undone": {
		text: schema.Both("ROLLBACK TRANSACTION"), refused: "ROLLBACK in the SQL of a revision",
	},
	"a savepoint": {
		text: schema.Both("SAVEPOINT s; INSERT INTO said VALUES ('a'); ROLLBACK TRANSACTION TO SAVEPOINT s; RELEASE s"),
		want: []string{"last"},
	},
	"nothing but a comment": {text: schema.Both("-- nothing"), want: []string{"last"}},
	"semicolons": {
		text: schema.Both(";;INSERT INTO said VALUES ('a;b');; ;"),
		want: []string{"a;b", "last"},
	},
	"a comment that does not end": {
		text: op.Dialects{SQLite: "INSERT INTO said VALUES ('a') /* remark", Postgres: "INSERT INTO said VALUES ('a')"},
		want: []string{"a", "last"},
	},
	"a quote that does not end": {text: schema.Both("INSERT INTO said VALUES ('a)"), refused: "unterminated quote"},
	"variables of psql": {
		text: op.Dialects{
			Postgres: "INSERT INTO said SELECT (ARRAY['a','b'])[1:ENCODING] FROM (SELECT 1) AS x(ENCODING)",
			SQLite:   "INSERT INTO said VALUES ('{a}')",
		},
		want: []string{"last", "{a}"},
	},
	"a colon and a quote": {
		text: op.Dialects{
			Postgres: `INSERT INTO said SELECT (ARRAY['a','b'])[1:"USER"] FROM (SELECT 2) AS x("USER")`,
			SQLite:   "INSERT INTO said VALUES ('{a,b}')",
		},
		want: []string{"last", "{a,b}"},
	},
	"casts": {
		text: op.Dialects{
			Postgres: "INSERT INTO said SELECT (ARRAY['a','b'])[1:1::int]::text::text",
			SQLite:   "INSERT INTO said VALUES ('{a}')",
		},
		want: []string{"last", "{a}"},
	},
	"a variable in a text": {
		text: schema.Both("INSERT INTO said VALUES (':USER :''x'' \\q')"),
		want: []string{":USER :'x' \\q", "last"},
	},
	"a parameter": {
		text:    schema.Both("INSERT INTO said VALUES (:USER)"),
		refused: "|parameter|syntax error",
	},
	"a meta-command": {
		text:    op.Dialects{Postgres: `\echo x`, SQLite: ".print x"},
		refused: "reads as a command",
	},
	"a meta-command at the end": {
		text: op.Dialects{
			Postgres: "INSERT INTO said VALUES ('a') \\g",
			SQLite:   "INSERT INTO said VALUES ('a');\n.print x",
		},
		refused: "reads as a command",
	},
	"COPY": {
		text:    op.Dialects{Postgres: "COPY said FROM STDIN", SQLite: "# no"},
		refused: "COPY|begins with #",
	},
	"a line with nothing but /": {
		text: schema.Both("INSERT INTO said VALUES (6\n/\n2)"),
		want: []string{"3", "last"},
	},
	"a line with nothing but / 2": {
		text: schema.Both("INSERT INTO said SELECT 6\n/\n2"),
		want: []string{"3", "last"},
	},
	"dollars": {
		text: op.Dialects{
			Postgres: "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $f$SELECT 'a; -- '$f$; INSERT INTO said VALUES (f())",
			SQLite:   "INSERT INTO said VALUES ('a; -- ')",
		}, want: []string{"a; -- ", "last"},
	},
	"a body": {
		text: op.Dialects{
			Postgres: "CREATE FUNCTION f() RETURNS text BEGIN ATOMIC SELECT CASE WHEN true THEN 'a' END;" +
				" SELECT 'b'; END; INSERT INTO said VALUES (f())",
			SQLite: "CREATE TRIGGER t AFTER INSERT ON said WHEN new.word = 'c' BEGIN" +
				" UPDATE said SET word = CASE WHEN 1 THEN 'b' END; SELECT 1; END; INSERT INTO said VALUES ('c')",
		}, want: []string{"b", "last"},
	},
	"a rule": {
		text: op.Dialects{
			Postgres: "CREATE RULE r AS ON UPDATE TO said DO ALSO (SELECT 1; SELECT 2); INSERT INTO said VALUES ('a')",
			SQLite:   "INSERT INTO [said] VALUES ('a')",
		}, want: []string{"a", "last"},
	},
	"escapes": {
		text: op.Dialects{
			Postgres: `INSERT INTO said VALUES (E'it\'s; ')`,
			SQLite:   "INSERT INTO `said` VALUES ('it''s; ')",
		},
		want: []string{"it's; ", "last"},
	},
	"outside a transaction": {
		text: op.Dialects{Postgres: "INSERT INTO said VALUES ('a'); VACUUM -- now",
			SQLite: "INSERT INTO said VALUES ('a')"},
		outside: true, want: []string{"a", "last"},
	},
	"concurrently": {
		text: op.Dialects{Postgres: "CREATE INDEX CONCURRENTLY i ON said (word); DROP INDEX CONCURRENTLY i; -- gone",
			SQLite: "SELECT 1"},
		outside: true, want: []string{"last"},
	},
}

func TestScriptSQLDoesWhatRunsDo(t *testing.T) {
	t.Parallel()
	for name, c := range sqlTexts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := revision.Revision{
				ID: "a", File: "a.go", NoTransaction: c.outside,
				Upgrade: func(m *op.Migration) {
					m.CreateTable("said", op.Column("word", op.Text()))
					m.SQLFor(c.text)
					m.SQL("INSERT INTO said VALUES ('last')")
				},
			}
			address := dbtest.URL(t)
			live, offline := dbtest.New(t), dbtest.Open(t, address)
			r := newRunner(t, live, said)
			_, err := r.Upgrade(t.Context(), "head")
			plan, planErr := r.History.Graph.Upgrade(nil, "head")
			if planErr != nil {
				t.Fatal(planErr)
			}
			script, failed := r.History.Script(schema.Dialect(live.Name()), nil, plan)
			if failed == nil {
				var out string
				if out, failed = tryFeed(t, address, script.Text); failed != nil {
					failed = errors.New(out)
				}
			}
			for how, failed := range map[string]error{"the run": err, "the script": failed} {
				if c.refused == "" && failed != nil || c.refused != "" && !mentions(failed, c.refused) {
					t.Errorf("%s: got error %v, want %q\n%s", how, failed, c.refused, script.Text)
				}
			}
			if c.refused != "" {
				return
			}
			var ran, fed []string
			live.Raw("SELECT word FROM said ORDER BY word COLLATE " + binary(live.Name())).Scan(&ran)
			offline.Raw("SELECT word FROM said ORDER BY word COLLATE " + binary(live.Name())).Scan(&fed)
			if !slices.Equal(ran, c.want) || !slices.Equal(fed, c.want) {
				t.Errorf("got %q from the run and %q from the script, want %q\n%s", ran, fed, c.want, script.Text)
			}
		})
	}
}

func binary(dialect string) string {
	if dialect == "postgres" {
		return `"C"`
	}
	return "BINARY"
}

// mentions reports whether the error contains one of the texts, which are separated by bars.
func mentions(err error, texts string) bool {
	return err != nil && slices.ContainsFunc(strings.Split(strings.TrimPrefix(texts, "|"), "|"), func(text string) bool {
		return strings.Contains(err.Error(), text)
	})
}

// TestSQLiteScriptStopsAtTheFirstError runs a script with an error in sqlite3 without options.
func TestSQLiteScriptStopsAtTheFirstError(t *testing.T) {
	t.Parallel()
	address := dbtest.SQLiteURL(t)
	db := dbtest.Open(t, address)
	broken := create("b", "a")
	broken.Upgrade = func(m *op.Migration) { m.SQL("INSERT INTO nowhere VALUES (1)") }
	r := newRunner(t, db, create("a"), broken, create("c", "b"))
	plan, err := r.History.Graph.Upgrade(nil, "head")
	if err != nil {
		t.Fatal(err)
	}
	script, err := r.History.Script(schema.SQLite, nil, plan)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(script.Text, "-- Run it with: sqlite3") {
		t.Errorf("got script\n%s\nwant a comment that says how to run it", script.Text)
	}
	if out, err := tryFeed(t, address, script.Text); err == nil {
		t.Errorf("got success with output %s, want an error", out)
	}
	wantApplied(t, db, "a")
	if db.Migrator().HasTable("t_c") {
		t.Error("got table t_c, want the script stopped before")
	}
}

// tryFeed runs a script with psql or sqlite3 and returns its output.
func tryFeed(t *testing.T, address, script string) (out string, failed error) {
	t.Helper()
	path, ok := strings.CutPrefix(address, "sqlite:///")
	if !ok {
		return psql(t, address, script)
	}
	c := exec.CommandContext(t.Context(), dbtest.Program(t, "sqlite3", "sqlite3"), path)
	c.Stdin = strings.NewReader(script)
	text, err := c.CombinedOutput()
	return string(text), err
}
