package ddl

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/catalogue"
	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// long is a name too long for the names that PostgreSQL generates from it.
var long = strings.Repeat("long", 14)

// inlineFixture creates tables with constraints inside types, which the server names.
func inlineFixture(m *op.Migration) {
	m.CreateTable("posts",
		op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
		op.Column("slug", op.Type("text constraint Once unique CHECK (slug <> 'slug') CHECK(length(slug) < 99)")),
		op.Column("a", op.Type("int UNIQUE CHECK (a > 0)")),
		op.Column("b", op.Type("int CHECK (b > a) CHECK (a < 9 /* a */)")),
		op.Column("twice", op.Type("int GENERATED ALWAYS AS (a * 2) STORED")),
		op.Column("parent_id", op.Type("bigint REFERENCES posts (id) ON DELETE CASCADE")),
		op.Column("code", op.Type("varchar(9) UNIQUE")),
		op.Column("number", op.Type("serial")),
		op.Unique("uni_posts_code", "code"),
		op.Check("chk_posts_sum", "a + b < 100"),
	)
	m.CreateTable("remarks",
		op.Column("post", op.Type("bigint REFERENCES posts(id)")),
		op.Column("number", op.Type("int REFERENCES posts (a) NOT NULL")),
		op.Column(long+"1", op.Type("int UNIQUE CHECK ("+long+"1 > 0)")),
		op.Column(long+"2", op.Type("int UNIQUE CHECK ("+long+"2 > 0)")),
	)
}

func inlineRows() []string {
	return []string{
		`INSERT INTO posts (slug, a, b, parent_id, code) VALUES ('x', 1, 2, NULL, 'c'), ('y', 2, 3, 1, 'd')`,
		`INSERT INTO remarks (post, number) VALUES (1, 1)`,
	}
}

func inlineChanges() []change {
	return []change{
		{name: "rename table", up: func(m *op.Migration) { m.RenameTable("posts", "articles") }},
		{name: "rename table to a name with quotes", up: func(m *op.Migration) { m.RenameTable("posts", "The Posts") }},
		{name: "rename table by case", up: func(m *op.Migration) { m.RenameTable("posts", "Posts") }},
		{name: "rename table to a long name", up: func(m *op.Migration) { m.RenameTable("remarks", "z"+long) }},
		{name: "rename unique column", up: func(m *op.Migration) { m.RenameColumn("posts", "slug", "name") }},
		{name: "rename column of all", up: func(m *op.Migration) { m.RenameColumn("posts", "a", "order") }},
		{name: "rename column by case", up: func(m *op.Migration) { m.RenameColumn("posts", "a", "A") }},
		{name: "rename column of a composite check", up: func(m *op.Migration) { m.RenameColumn("posts", "b", "other") }},
		{name: "rename reference", up: func(m *op.Migration) { m.RenameColumn("posts", "parent_id", "above") }},
		{name: "rename what is pointed at", up: func(m *op.Migration) { m.RenameColumn("posts", "id", "ID") }},
		{name: "rename a unique column with another constraint",
			up: func(m *op.Migration) { m.RenameColumn("posts", "code", "key") }},
		{name: "rename serial", up: func(m *op.Migration) {
			m.RenameColumn("posts", "number", "counter")
			m.RenameTable("posts", "articles")
		}},
		{name: "rename column with a long name", up: func(m *op.Migration) {
			m.RenameColumn("remarks", long+"1", "short")
			m.RenameColumn("remarks", "short", long+"3")
		}},
		{name: "swap", up: func(m *op.Migration) {
			m.RenameColumn("posts", "a", "c")
			m.RenameColumn("posts", "b", "a")
			m.RenameColumn("posts", "c", "b")
		}},
		{name: "rename and change", up: func(m *op.Migration) {
			m.RenameTable("posts", "articles")
			m.RenameColumn("articles", "a", "c")
			m.AlterColumn("articles", "c").Type(op.Type("int UNIQUE CHECK (c >= 0)"))
			m.AlterColumn("articles", "slug").
				Type(op.Type("text constraint Once unique CHECK (length(slug) < 99) CHECK (slug <> 'slug')"))
		}},
		{name: "drop the first of two checks", up: func(m *op.Migration) {
			m.AlterColumn("posts", "slug").Type(op.Type("text constraint Once unique CHECK (length(slug) < 99)"))
			m.RenameColumn("posts", "slug", "name")
		}},
		{name: "drop and add the constraint of a unique type", up: func(m *op.Migration) {
			m.DropUnique("uni_posts_code", "posts")
			m.AlterColumn("posts", "code").Type(op.Type("varchar(9)"))
		}},
		{name: "drop the constraint of a unique type", up: func(m *op.Migration) { m.DropUnique("uni_posts_code", "posts") }},
		{name: "change a constraint whose name is part of a word", up: func(m *op.Migration) {
			m.AlterColumn("posts", "b").Type(op.Type("int constraint con check (b > 0)"))
			m.AlterColumn("posts", "b").Type(op.Type("int constraint \"a t\" check (b > 0)"))
		}},
		{name: "drop the names", up: func(m *op.Migration) {
			m.AlterColumn("posts", "slug").Type(op.Type("text UNIQUE CHECK (slug <> '')"))
		}},
	}
}

// TestTypesWithClausesThereAndBack checks that constraints inside types keep the names that CREATE TABLE would give
// them, as later changes look for them by those names.
func TestTypesWithClausesThereAndBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		for _, c := range inlineChanges() {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				db := s.open(t)
				before := db.must(t, schema.Schema{}, op.Record(inlineFixture))
				db.Exec(t, inlineRows()...)
				db.thereAndBack(t, before, c)
				if got, want := s.scripted(t, c), db.Catalogue(t); got != want {
					t.Errorf("an offline script makes a different catalogue:%s", catalogue.Difference(want, got))
				}
			})
		}
	})
}

// scripted returns the catalogue after the statements of an offline script.
func (s server) scripted(t *testing.T, c change) string {
	t.Helper()
	db := s.open(t)
	now := db.must(t, schema.Schema{}, op.Record(inlineFixture))
	for _, o := range op.Record(c.up) {
		statements, err := Statements(s.Dialect, o, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range statements {
			db.Exec(t, statement.SQL)
		}
		if now, err = o.Apply(now); err != nil {
			t.Fatal(err)
		}
	}
	return db.Catalogue(t)
}

// TestConstraintsUnderOtherNames changes columns whose constraints do not have the names that follow from the schema.
func TestConstraintsUnderOtherNames(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("only PostgreSQL names constraints")
	}
	s := newServer(t, schema.Postgres)
	for name, test := range map[string]struct {
		column  string
		prepare []string
		up      func(m *op.Migration)
		want    string
	}{
		"taken by another table": {
			prepare: []string{"CREATE TABLE x (y int CONSTRAINT t_a_key UNIQUE CONSTRAINT t_a_check CHECK (y > 0))"},
			up:      func(m *op.Migration) { m.RenameColumn("t", "a", "b") },
			want:    "t_b_check t_b_key",
		},
		"the new name is taken by another table": {
			up: func(m *op.Migration) {
				m.CreateTable("t_a", op.Column("b", op.Type("int UNIQUE")))
				m.RenameColumn("t", "a", "a_b")
				m.AlterColumn("t", "a_b").Type(op.Type("bigint UNIQUE CHECK (a_b > 0)"))
				m.RenameTable("t", "people")
			},
			prepare: []string{""},
			want:    "people_a_b_check people_a_b_key",
		},
		"not renamed with the column": {
			prepare: []string{"", "ALTER TABLE t RENAME CONSTRAINT t_a_key TO t_old_key"},
			up:      func(m *op.Migration) { m.AlterColumn("t", "a").Type(op.Type("int CHECK (a > 0)")) },
			want:    "t_a_check",
		},
		"under the new name": {
			prepare: []string{"", "ALTER TABLE t RENAME CONSTRAINT t_a_check TO people_a_check"},
			up:      func(m *op.Migration) { m.RenameTable("t", "people") },
			want:    "people_a_check people_a_key",
		},
		"not there": {
			prepare: []string{"", "ALTER TABLE t DROP CONSTRAINT t_a_key"},
			up:      func(m *op.Migration) { m.RenameTable("t", "people") },
			want:    "people_a_check",
		},
		"not there to be dropped": {
			prepare: []string{"", "ALTER TABLE t DROP CONSTRAINT t_a_key", "ALTER TABLE t ADD CONSTRAINT t_a_key CHECK (a < 9)"},
			up:      func(m *op.Migration) { m.AlterColumn("t", "a").Type(op.Type("int CHECK (a > 0)")) },
			want: `alter column t.a type int CHECK (a > 0): table t has no constraint t_a_key, nor another that "UNIQUE"` +
				" could have created",
		},
		"of a column that is gone": {
			column:  long + "2",
			prepare: []string{""},
			up: func(m *op.Migration) {
				m.AddColumn("t", op.Column(long+"3", op.Type("int UNIQUE")))
				m.DropColumn("t", long+"2")
				m.RenameColumn("t", long+"3", "b")
				m.AlterColumn("t", "b").Type(op.Type("int"))
			},
			want: "t_a_check t_a_key",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := s.open(t)
			create := func(m *op.Migration) {
				columns := []op.TableItem{op.Column("a", op.Type("int UNIQUE CHECK (a > 0)"))}
				if test.column != "" {
					columns = append(columns, op.Column(test.column, op.Type("int UNIQUE")))
				}
				m.CreateTable("t", columns...)
			}
			if test.prepare[0] != "" {
				db.Exec(t, test.prepare[0])
			}
			before := db.must(t, schema.Schema{}, op.Record(create))
			db.Exec(t, test.prepare[1:]...)
			_, err := db.migrate(t, before, op.Record(test.up))
			got := db.Ask(t, "SELECT string_agg(conname, ' ' ORDER BY conname) FROM pg_constraint"+
				" WHERE conrelid IN (to_regclass('t'), to_regclass('people')) AND contype <> 'n'")
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
