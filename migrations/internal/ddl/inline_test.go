package ddl

import (
	"strings"
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// long is a name that PostgreSQL has no room for in the names that it makes up.
var long = strings.Repeat("long", 14)

// inlineFixture has types that bring constraints along, which the server names.
func inlineFixture(m *op.Migration) {
	m.CreateTable("posts",
		op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
		op.Column("slug", op.Type("text CONSTRAINT Slug_Once UNIQUE CHECK (slug <> 'slug') CHECK(length(slug) < 99)")),
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
		{name: "rename a unique column with another constraint", up: func(m *op.Migration) { m.RenameColumn("posts", "code", "key") }},
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
			m.AlterColumn("articles", "slug").Type(op.Type("text CONSTRAINT Slug_Once UNIQUE CHECK (length(slug) < 99) CHECK (slug <> 'slug')"))
		}},
		{name: "drop the first of two checks", up: func(m *op.Migration) {
			m.AlterColumn("posts", "slug").Type(op.Type("text CONSTRAINT Slug_Once UNIQUE CHECK (length(slug) < 99)"))
			m.RenameColumn("posts", "slug", "name")
		}},
		{name: "drop and add the constraint of a unique type", up: func(m *op.Migration) {
			m.DropUnique("uni_posts_code", "posts")
			m.AlterColumn("posts", "code").Type(op.Type("varchar(9)"))
		}},
		{name: "drop the constraint of a unique type", up: func(m *op.Migration) { m.DropUnique("uni_posts_code", "posts") }},
		{name: "drop the names", up: func(m *op.Migration) {
			m.AlterColumn("posts", "slug").Type(op.Type("text UNIQUE CHECK (slug <> '')"))
		}},
	}
}

// TestTypesWithClausesThereAndBack holds that what a type brings along has the name that it would have in a table that
// is created so, as later changes look for it by that name.
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
			})
		}
	})
}
