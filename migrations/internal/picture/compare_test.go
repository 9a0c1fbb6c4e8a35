package picture_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/internal/picture"
	"guestlist/migrations/op"
)

// side returns the schema and the names after the revisions.
func side(t *testing.T, revisions ...func(m *op.Migration)) picture.Side {
	t.Helper()
	var s picture.Side
	s.Names = &picture.Names{}
	for i, upgrade := range revisions {
		operations := op.Record(upgrade)
		s.Names.Follow(fmt.Sprint(i), operations)
		var err error
		if s.Schema, err = op.ApplyAll(s.Schema, operations); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func begin(m *op.Migration) {
	m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("name", op.String(50)).NotNull())
	m.CreateTable("books",
		op.Column("id", op.Int(64)).PrimaryKey(), op.Column("title", op.Text()), op.Column("owner_id", op.Int(64)),
		op.ForeignKey("fk", "owner_id").References("users", "id"))
	m.CreateTable("tags", op.Column("id", op.Int(64)).PrimaryKey())
	m.CreateTable("notes", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("text", op.Text()))
}

// said lists the changes that a diagram shows.
func said(d picture.Diagram) string {
	var lines []string
	add := func(format string, arguments ...any) {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf(format, arguments...)))
	}
	for _, t := range d.Tables {
		switch {
		case t.Bare:
			add("(%s)", t.Name)
		default:
			add("%s %s %s", t.Mark.Sign(), t.Name, t.Was)
		}
		for _, c := range t.Columns {
			if c.Mark != picture.Same {
				add("%s %s.%s %s", c.Mark.Sign(), t.Name, c.Name, strings.Join(c.Was, ", "))
			}
		}
		for _, i := range t.Items {
			if i.Mark != picture.Same {
				add("%s %s: %s", i.Mark.Sign(), t.Name, i.Text)
			}
		}
	}
	for _, k := range d.Keys {
		if k.Mark != picture.Same {
			add("%s %s %s", k.Mark.Sign(), k, strings.Join(k.Was, ", "))
		}
	}
	return strings.Join(lines, "\n")
}

func TestBetween(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(m *op.Migration)
		want   []string
	}{
		"nothing": {func(*op.Migration) {}, nil},
		"a column": {func(m *op.Migration) { m.AddColumn("users", op.Column("phone", op.String(32))) },
			[]string{"~ users", "+ users.phone"}},
		"dropped": {func(m *op.Migration) { m.DropColumn("users", "name") }, []string{"~ users", "− users.name"}},
		"type": {func(m *op.Migration) { m.AlterColumn("users", "name").Type(op.String(90)).Nullable() },
			[]string{"~ users", "~ users.name string(50), not null"}},
		"a table": {func(m *op.Migration) { m.CreateTable("pens", op.Column("id", op.Int(64)).PrimaryKey()) },
			[]string{"+ pens", "+ pens.id"}},
		"no table": {func(m *op.Migration) { m.DropTable("books") },
			[]string{"− books", "− books.id", "− books.title", "− books.owner_id", "(users)",
				"− books (owner_id) → users (id)"}},
		"a key": {func(m *op.Migration) {
			m.AddForeignKey("fk2", "notes", "id").References("tags", "id").OnDelete("CASCADE")
		},
			[]string{"~ notes", "(tags)", "+ notes (id) → tags (id) on delete cascade"}},
		"another action": {func(m *op.Migration) {
			m.DropForeignKey("fk", "books")
			m.AddForeignKey("fk3", "books", "owner_id").References("users", "id").OnDelete("CASCADE")
		}, []string{"~ books", "(users)", "~ books (owner_id) → users (id) on delete cascade no action"}},
		"an index": {func(m *op.Migration) { m.CreateIndex("i", "users", "name").Unique() },
			[]string{"~ users", "+ users: unique (name)"}},
		"a check": {func(m *op.Migration) { m.AddCheck("c", "users", "id > 0") },
			[]string{"~ users", "+ users: check (id > 0)"}},
		"renamed": {func(m *op.Migration) {
			m.RenameTable("users", "people")
			m.RenameColumn("people", "id", "number")
		}, []string{"~ people users", "~ people.number id"}},
		"renamed by SQL": {func(m *op.Migration) {
			m.SQL("ALTER TABLE users RENAME TO people").Declares(func(m *op.Migration) { m.RenameTable("users", "people") })
		}, []string{"~ people users"}},
		"renamed, and another in its place": {func(m *op.Migration) {
			m.DropTable("tags")
			m.RenameTable("notes", "tags")
		}, []string{"~ tags notes", "− tags (before)", "− tags (before).id"}},
		"dropped and made again": {func(m *op.Migration) {
			m.DropColumn("users", "name")
			m.AddColumn("users", op.Column("name", op.Text()).NotNull())
		}, []string{"~ users", "~ users.name string(50)"}},
	} {
		before, after := side(t, begin), side(t, begin, test.change)
		d := picture.Between("a to b", before, after, false)
		if got := said(d); got != strings.Join(test.want, "\n") {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, strings.Join(test.want, "\n"))
		}
		if _, err := readMermaid(d.Mermaid()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		all := picture.Between("", before, after, true).Tables
		if len(all) < 4 || slices.ContainsFunc(all, func(t picture.Table) bool { return t.Bare }) {
			t.Errorf("%s: got %+v, want at least 4 tables, all with their columns", name, all)
		}
	}
}

// TestBetweenBranches compares two branches that rename the same column differently.
func TestBetweenBranches(t *testing.T) {
	t.Parallel()
	left := side(t, begin, func(m *op.Migration) { m.RenameColumn("users", "name", "first") })
	right := side(t, begin, func(m *op.Migration) { m.RenameColumn("users", "name", "last") })
	const want = "~ users\n~ users.last first"
	if got := said(picture.Between("", left, right, false)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestChangedDiagram checks the words and signs that show changes without colours.
func TestChangedDiagram(t *testing.T) {
	t.Parallel()
	d := picture.Between("From a to b", side(t, begin), side(t, begin, func(m *op.Migration) {
		m.RenameColumn("books", "owner_id", "reader_id")
		m.AlterColumn("books", "title").Type(op.String(200))
		m.DropTable("notes")
	}), false)
	const want = `erDiagram
    accTitle: From a to b
    "users" |o..o{ "books" : "reader_id"
    "books":::changed {
        int(64) id PK
        string(200) title "#126; changed, was text, null"
        int(64) reader_id FK "#126; changed, was owner_id, null"
    }
    "notes":::removed {
        int(64) id PK "− removed"
        text text "− removed, null"
    }
    "users"
    classDef added fill:#dafbe1,stroke:#1a7f37,color:#1f2328
    classDef removed fill:#ffebe9,stroke:#cf222e,color:#1f2328
    classDef changed fill:#fff8c5,stroke:#9a6700,color:#1f2328
`
	if got := d.Mermaid(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	svg := d.SVG()
	for _, text := range []string{
		">1 table changed, 1 table removed, 1 table unchanged and not shown<", ">~ changed<", ">− removed<", ">was owner_id<",
		`gone">notes<`,
		"Foreign keys: books (reader_id) → users (id).",
	} {
		if !strings.Contains(svg, text) {
			t.Errorf("the SVG lacks %s", text)
		}
	}
}
