package runner_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// upgradeScript returns the script that upgrades a database with the applied ids to the head.
func upgradeScript(t *testing.T, d schema.Dialect, applied []string, revisions ...revision.Revision) string {
	t.Helper()
	history := newRunner(t, nil, revisions...).History
	plan, err := history.Graph.Upgrade(applied, "head")
	if err != nil {
		t.Fatal(err)
	}
	script, err := history.Script(d, applied, plan)
	if err != nil {
		t.Fatal(err)
	}
	return script.Text
}

// TestScriptResetsSession is TestSessionIsReset for psql, in a session with settings of its own.
func TestScriptResetsSession(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has no statement to set its settings back")
	}
	for name, statement := range dirty[schema.Postgres] {
		for _, how := range []string{"in a transaction", "outside"} {
			if how == "outside" && name != "several" {
				continue
			}
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				address := dbtest.URL(t)
				db := dbtest.Open(t, address)
				execute(t, db, "CREATE SCHEMA elsewhere; CREATE SCHEMA own")
				first := create("a")
				first.NoTransaction = how == "outside"
				first.Upgrade = func(m *op.Migration) {
					m.CreateTable("t_a", op.Column("id", op.Int(64)).PrimaryKey())
					m.SQL(statement)
				}
				second := create("b", "a")
				second.Upgrade = func(m *op.Migration) {
					m.CreateTable("t_b", op.Column("id", op.Int(64)).PrimaryKey())
					m.SQL("INSERT INTO t_a (id) VALUES (1)")
				}
				const before = "SET search_path TO own, public; SET lock_timeout = '7s'; SET TIME ZONE 'Europe/Berlin';" +
					" CREATE TABLE own.t (id integer); SET ROLE postgres;\n"
				state := "\n\\echo session: \n" + session[schema.Postgres] + ";\n"
				script := upgradeScript(t, schema.Postgres, nil, first, second)
				out, err := psql(t, address, before+state+script+state)
				if err != nil {
					t.Fatalf("%v\n%s\n%s", err, out, script)
				}
				parts := strings.Split(out, "session:")
				if len(parts) != 3 || firstRow(parts[1]) != firstRow(parts[2]) {
					t.Errorf("got\n%s\nwant two sessions that are the same", out)
				}
				var ids []string
				if db.Raw("SELECT id FROM own.migrations ORDER BY id").Scan(&ids); len(ids) != 2 {
					t.Errorf("got ids %q, want 2", ids)
				}
				var rows int64
				if err := db.Raw("SELECT count(*) FROM own.t_a, (SELECT count(*) FROM own.t_b) AS b").Scan(&rows).
					Error; err != nil || rows != 1 {
					t.Errorf("got %d rows and error %v, want 1", rows, err)
				}
			})
		}
	}
}

// firstRow returns the output of psql for a query with one row.
func firstRow(out string) string {
	row, _, _ := strings.Cut(out, "(1 row)")
	return row
}

// TestScriptsCheckForeignKeys runs scripts with sqlite3 that do, and do not, add dangling references.
func TestScriptsCheckForeignKeys(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(m *op.Migration)
		want   string // part of the output on failure; empty for success
	}{
		"nothing of the kind": {func(m *op.Migration) { m.AddColumn("parents", op.Column("age", op.Int(32))) }, ""},
		"a rebuild": {func(m *op.Migration) {
			m.AlterColumn("children", "note").Type(op.String(40)).Default("")
		}, ""},
		"a new name": {func(m *op.Migration) {
			m.RenameTable("children", "Kids")
			m.RenameTable("parents", "people")
			m.AddColumn("Kids", op.Column("age", op.Int(32)))
		}, ""},
		"fewer":       {func(m *op.Migration) { m.SQL("DELETE FROM children WHERE id = 2") }, ""},
		"all of them": {func(m *op.Migration) { m.SQL("DELETE FROM children; DELETE FROM pets; DELETE FROM parents") }, ""},
		"one more": {func(m *op.Migration) { m.SQL("DELETE FROM parents WHERE id = 2") },
			"1 of children (rowid 4): no such row in parents"},
		"one of many, with a rebuild": {func(m *op.Migration) {
			m.SQL("DELETE FROM parents WHERE id = 2")
			m.AlterColumn("children", "note").Type(op.String(40)).Default("")
		}, "1 of children (rowid 4): no such row in parents"},
		"one instead of another": {func(m *op.Migration) {
			m.SQL("DELETE FROM children WHERE id = 2")
			m.SQL("UPDATE children SET parent_id = 9 WHERE id = 1")
		}, "1 of children (rowid 1): no such row in parents"},
		"two without a number": {func(m *op.Migration) { m.SQL("INSERT INTO pets VALUES (5, 'c'), (6, 'd')") },
			"2 of pets: no such row in parents"},
		"a temporary table of ids": {func(m *op.Migration) { m.SQL("CREATE TEMP TABLE migrations (id text)") }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, address := dangleAt(t)
			change := revision.Revision{ID: "b", File: "b_.go", DownRevision: []string{"a"}, Upgrade: test.change}
			out, err := tryFeed(t, address, upgradeScript(t, schema.SQLite, []string{"a"}, families(), change))
			if test.want == "" {
				if err != nil || out != "" {
					t.Errorf("got error %v with output %q, want neither", err, out)
				}
				wantApplied(t, db, "a", "b")
				return
			}
			if err == nil || !strings.Contains(out, test.want) || !strings.Contains(out, "rows reference missing rows") {
				t.Errorf("got error %v with output %s, want %q and the constraint", err, out, test.want)
			}
			wantApplied(t, db, "a")
		})
	}
}

// TestOnDeleteInScripts runs a script that deletes referenced rows with psql or sqlite3.
func TestOnDeleteInScripts(t *testing.T) {
	t.Parallel()
	address := dbtest.URL(t)
	db := dbtest.Open(t, address)
	first := create("a")
	first.Upgrade = func(m *op.Migration) {
		m.CreateTable("parents", op.Column("id", op.Int(64)).PrimaryKey())
		m.CreateTable("children", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("parent_id", op.Int(64)),
			op.ForeignKey("fk_children_parent", "parent_id").References("parents", "id").OnDelete("CASCADE"))
		m.SQL("INSERT INTO parents (id) VALUES (1), (2)")
		m.SQL("INSERT INTO children (id, parent_id) VALUES (1, 1), (2, 2), (3, 2)")
	}
	second := create("b", "a")
	second.Upgrade = func(m *op.Migration) { m.SQL("DELETE FROM parents WHERE id = 2") }
	feed(t, address, upgradeScript(t, schema.Dialect(db.Name()), nil, first, second))
	var left int64
	if db.Raw("SELECT count(*) FROM children").Scan(&left); left != 1 {
		t.Errorf("got %d children, want 1", left)
	}
	wantApplied(t, db, "a", "b")
}
