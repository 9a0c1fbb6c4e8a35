package online_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/lint"
	"guestlist/migrations/internal/online"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

func base(m *op.Migration) {
	m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
		op.Column("code", op.Text()).NotNull())
	m.CreateTable("users",
		op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
		op.Column("name", op.String(80)).NotNull().Default("n"),
		op.Column("note", op.Text()).NotNull(),
		op.Column("age", op.Int(32)).NotNull().Default(7),
		op.Column("team_id", op.Int(64)),
		op.Unique("uni_users_age", "age"),
		op.Check("chk_users_age", "age > 0"))
	m.CreateIndex("idx_users_name", "users", "name")
	m.CreateIndex("idx_users_age", "users", "age", "name")
}

func build(t *testing.T, before schema.Schema, change func(m *op.Migration)) schema.Schema {
	t.Helper()
	s, err := op.ApplyAll(before, op.Record(change))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// changes are the changes to split, with the renames of columns and tables.
var changes = map[string]struct {
	change  func(m *op.Migration)
	renames []diff.Rename
	want    string // the titles of the parts, with a bar at the rollout
}{
	"a table": {change: func(m *op.Migration) {
		m.CreateTable("logs", op.Column("id", op.Int(64)).PrimaryKey(), op.ForeignKey("fk", "id").References("users", "id"))
		m.CreateIndex("i", "logs", "id")
	}, want: "prepare |"},
	"a column": {change: func(m *op.Migration) {
		m.AddColumn("users", op.Column("phone", op.Text()).NotNull().
			Default(""))
	},
		want: "prepare |"},
	"an index": {change: func(m *op.Migration) { m.CreateIndex("i", "users", "team_id").Unique() }, want: "build |"},
	"another index of the name": {change: func(m *op.Migration) {
		m.DropIndex("idx_users_name", "users")
		m.CreateIndex("idx_users_name", "users", "name", "age")
	}, want: "build |"},
	"constraints": {change: func(m *op.Migration) {
		m.AddUnique("uni", "teams", "code")
		m.AddCheck("chk", "users", "name <> ''")
		m.AddForeignKey("fk", "users", "team_id").References("teams", "id").OnDelete("SET NULL")
	}, want: "build constrain validate finish |"},
	"a foreign key to what becomes unique": {change: func(m *op.Migration) {
		m.AddUnique("uni", "teams", "code")
		m.AddForeignKey("fk", "users", "note").References("teams", "code")
	}, want: "build finish | validate after the rollout"},
	"not null": {change: func(m *op.Migration) { m.AlterColumn("users", "team_id").NotNull() },
		want: "constrain validate finish |"},
	"a volatile default": {change: func(m *op.Migration) {
		m.AddColumn("users", op.Column("token", op.Float(64)).NotNull().
			Default(op.ExprFor(op.Dialects{Postgres: "random()", SQLite: "1.5"})))
	}, want: "prepare fill constrain validate finish |"},
	"not null without a default": {change: func(m *op.Migration) {
		m.AddColumn("users", op.Column("x", op.Text()).
			NotNull())
	},
		want: "prepare | constrain after the rollout validate after the rollout contract"},
	"dropped": {change: func(m *op.Migration) {
		m.DropColumn("users", "note")
		m.DropTable("teams")
	}, want: "prepare | contract"},
	"a renamed column": {
		change:  func(m *op.Migration) { m.RenameColumn("users", "name", "full_name") },
		renames: []diff.Rename{{Kind: diff.Column, Table: "users", From: "name", To: "full_name"}},
		want:    "prepare fill build | constrain after the rollout validate after the rollout contract",
	},
	"a renamed column that may be null": {
		change:  func(m *op.Migration) { m.RenameColumn("users", "team_id", "group_id") },
		renames: []diff.Rename{{Kind: diff.Column, Table: "users", From: "team_id", To: "group_id"}},
		want:    "prepare fill | contract",
	},
	"a renamed table": {
		change:  func(m *op.Migration) { m.RenameTable("users", "people") },
		renames: []diff.Rename{{Kind: diff.Table, From: "users", To: "people"}},
		want:    "prepare | contract",
	},
	"a wider type": {change: func(m *op.Migration) { m.AlterColumn("users", "age").Type(op.Int(64)) },
		want: "prepare fill build constrain validate finish |"},
	"a wider type, renamed beside it": {
		change: func(m *op.Migration) {
			m.RenameColumn("users", "name", "full_name")
			m.AlterColumn("users", "age").Type(op.Int(64))
			m.DropCheck("chk_users_age", "users")
			m.AddCheck("chk_users_age", "users", "age > 0 AND age < 1000")
		},
		renames: []diff.Rename{{Kind: diff.Column, Table: "users", From: "name", To: "full_name"}},
		want: "prepare fill build constrain validate finish | constrain after the rollout validate after the " +
			"rollout contract",
	},
	"a longer text": {change: func(m *op.Migration) { m.AlterColumn("users", "name").Type(op.String(200)) },
		want: "prepare |"},
}

// series splits the operations from the base to a change, as db migrate --online does.
func series(t *testing.T, before, after schema.Schema, renames []diff.Rename) (online.Series, error) {
	t.Helper()
	var tables []diff.Rename
	for _, r := range renames {
		if r.Kind == diff.Table {
			tables = append(tables, r)
		}
	}
	plan, err := diff.Diff(before, after, tables...)
	if err != nil {
		t.Fatal(err)
	}
	return online.Split(before, after, diff.Operations(plan.Upgrade), renames)
}

// TestSeries checks that no part makes programs wait, that no part before the rollout makes the old program fail, and
// that each part can be reversed.
func TestSeries(t *testing.T) {
	t.Parallel()
	before := build(t, schema.Schema{}, base)
	for name, test := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := series(t, before, build(t, before, test.change), test.renames)
			if err != nil {
				t.Fatal(err)
			}
			var titles []string
			now := before
			for n, p := range s.Parts {
				if n == s.Rollout {
					titles = append(titles, "|")
				}
				titles = append(titles, p.Title)
				wantSafe(t, now, p, n < s.Rollout)
				next, err := op.ApplyAll(now, p.Operations)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := diff.Prove(now, next, p.Operations); err != nil {
					t.Errorf("%s: %v", p.Title, err)
				}
				now = next
			}
			if s.Rollout == len(s.Parts) {
				titles = append(titles, "|")
			}
			if got := strings.Join(titles, " "); got != test.want {
				t.Errorf("the parts are %s, want %s", got, test.want)
			}
		})
	}
}

func wantSafe(t *testing.T, before schema.Schema, p online.Part, early bool) {
	t.Helper()
	found, err := lint.Find(before, lint.Revision{Operations: p.Operations, InTransaction: !p.NoTransaction}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Level > lint.Note {
			t.Errorf("%s: %s: %s", p.Title, f.Operation, f.Text)
		}
	}
	var rolling lint.Rolling
	if err := rolling.Add(before, lint.Revision{Operations: p.Operations, Safe: p.Safe}); err != nil {
		t.Fatal(err)
	}
	if early && !rolling.CanRun() {
		t.Errorf("%s breaks the old program: %q", p.Title, rolling.Breaks)
	}
}

// TestNotOnline checks the errors of changes that cannot be made online.
func TestNotOnline(t *testing.T) {
	t.Parallel()
	before := build(t, schema.Schema{}, base)
	for want, change := range map[string]func(m *op.Migration){
		"part of the primary key": func(m *op.Migration) {
			m.AlterColumn("users", "id").
				Type(op.Int(32))
		},
		"give the new column another name in the model": func(m *op.Migration) {
			m.AlterColumn("users", "age").
				Type(op.Text())
		},
		"PostgreSQL scans or rewrites the whole table for": func(m *op.Migration) {
			m.AddColumn("users",
				op.Column("n", op.Int(64)).AutoIncrement())
		},
	} {
		_, err := series(t, before, build(t, before, change), nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	after := build(t, before, func(m *op.Migration) {
		m.RenameColumn("users", "note", "size")
		m.AlterColumn("users", "size").Type(op.Int(64))
	})
	_, err := series(t, before, after, []diff.Rename{{Kind: diff.Column, Table: "users", From: "note", To: "size"}})
	if want := "its type changes as well"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a rename to another type: got %v, want %s", err, want)
	}
}
