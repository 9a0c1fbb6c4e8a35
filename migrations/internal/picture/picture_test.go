package picture_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/internal/picture"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// shop returns a schema with every kind of key.
func shop() schema.Schema {
	id := schema.Column{Name: "id", Type: op.Int(64), NotNull: true}
	return schema.New(
		schema.Table{
			Name: "authors", Columns: []schema.Column{id, {Name: "name", Type: op.String(100), NotNull: true}},
			PrimaryKey: schema.PrimaryKey{Columns: []string{"id"}},
		},
		schema.Table{
			Name: "books",
			Columns: []schema.Column{
				id, {Name: "author_id", Type: op.Int(64)}, {Name: "isbn", Type: op.String(13), NotNull: true},
				{Name: "price", Type: op.Decimal(10, 2), NotNull: true, Default: schema.Literal(0)},
				{Name: "sequel_of", Type: op.Int(64)},
			},
			PrimaryKey: schema.PrimaryKey{Columns: []string{"id"}},
			Checks:     []schema.Check{{Name: "chk", Expression: "price >= 0"}},
			Indexes: []schema.Index{
				{Name: "u", Unique: true, Keys: []schema.IndexKey{{Column: "isbn"}}},
				{Name: "i", Keys: []schema.IndexKey{{Column: "author_id"}, {Column: "price", Order: "DESC"}}},
			},
			ForeignKeys: []schema.ForeignKey{
				{Name: "a", Columns: []string{"author_id"}, RefTable: "authors", RefColumns: []string{"id"}, OnDelete: "CASCADE"},
				{Name: "s", Columns: []string{"sequel_of"}, RefTable: "books", RefColumns: []string{"id"}},
			},
		},
		schema.Table{
			Name: "covers", Columns: []schema.Column{{Name: "book_id", Type: op.Int(64), NotNull: true},
				{Name: "image", Type: op.Bytes()}},
			PrimaryKey: schema.PrimaryKey{Columns: []string{"book_id"}},
			ForeignKeys: []schema.ForeignKey{{Name: "b", Columns: []string{"book_id"}, RefTable: "books",
				RefColumns: []string{"id"}}},
		},
	)
}

func TestMermaid(t *testing.T) {
	t.Parallel()
	const want = `erDiagram
    accTitle: The shop
    "authors" |o..o{ "books" : "author_id"
    "books" |o..o{ "books" : "sequel_of"
    "books" ||--o| "covers" : "book_id"
    "authors" {
        int(64) id PK
        string(100) name
    }
    "books" {
        int(64) id PK
        int(64) author_id FK "null"
        string(13) isbn UK
        decimal(10_2) price "decimal(10,2), default 0"
        int(64) sequel_of FK "null"
        index on "(author_id, price desc)"
        check on "(price #62;= 0)"
    }
    "covers" {
        int(64) book_id PK, FK
        bytes image "null"
    }
`
	if got := picture.Of("The shop", shop(), true).Mermaid(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// awkward are names that people and attackers may give to tables and columns.
var awkward = []string{
	"a b", `quo"te`, `back\slash`, "percent%", "%%{init}%%", "semi;colon", "#35;", "line\nbreak", "direction TB", "style",
	"classDef", "title",
	"pk", "FK", "uk-rate", "pké", "2fa", "<script>alert(1)</script>", "a & b", "]]>", "&lt;", "tilde~x~", "~", "*bold*",
	"_id_", "`code`",
	"ünïcode", "日本語の表", "العربية", "עברית", "😀", "e\u0301", "\u202eevil", "\x00\x01", "schema.table", "one", "to", "many",
	"", "'", "{", "}", "[x]", "|o--o{", ":::x",
	strings.Repeat("long_", 60), "--", "a,b", "accTitle: x", "erDiagram", "\xff",
}

// awkwardSchema returns a schema that gives each of them to a table, its columns, types, defaults and checks.
func awkwardSchema() schema.Schema {
	var tables []schema.Table
	for i, name := range awkward {
		t := schema.Table{Name: name, Comment: name, PrimaryKey: schema.PrimaryKey{Columns: []string{name}},
			Checks: []schema.Check{{Name: "c", Expression: name}}}
		for n, column := range awkward {
			if n >= i && n < i+4 {
				t.Columns = append(t.Columns, schema.Column{Name: column, Comment: column, Default: schema.Literal(name),
					Type: op.Type(column)})
			}
		}
		t.Indexes = []schema.Index{{Name: "i", Unique: true, Where: name, Keys: []schema.IndexKey{{Column: name}}}}
		t.ForeignKeys = []schema.ForeignKey{{Name: "f", Columns: []string{name}, RefTable: awkward[(i+1)%len(awkward)],
			RefColumns: []string{awkward[(i+1)%len(awkward)]}}}
		tables = append(tables, t)
	}
	return schema.New(tables...)
}

// TestMermaidReadsWhatIsWritten parses diagrams of awkward names as Mermaid does.
func TestMermaidReadsWhatIsWritten(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]picture.Diagram{
		"awkward":  picture.Of("100% of “it”: #1;", awkwardSchema(), true),
		"compared": compared(t, schema.Schema{}, awkwardSchema()),
		"renamed":  renamedAwkwardly(t),
		"empty":    picture.Of("", schema.Schema{}, true),
	} {
		m, err := readMermaid(d.Mermaid())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, table := range d.Tables {
			got, ok := m.tables[words(table.Name)]
			if !ok {
				t.Errorf("%s: got no table %q", name, table.Name)
				continue
			}
			if len(got.columns) != len(table.Columns)+len(table.Items) || got.class != table.Mark.String() {
				t.Errorf("%s: table %q is read as %+v", name, table.Name, got)
				continue
			}
			for i, c := range table.Columns {
				if read := got.columns[i]; read.name != c.Name && !strings.Contains(read.note, words(c.Name)) {
					t.Errorf("%s: column %q is read as %+v", name, c.Name, read)
				}
			}
		}
		if len(m.keys) != len(d.Keys) {
			t.Errorf("%s: got %d keys, want %d", name, len(m.keys), len(d.Keys))
		}
	}
}

// words returns a name as readMermaid returns it: on one line, with U+FFFD for invalid UTF-8, and a space for nothing.
func words(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	if text == "" {
		return " "
	}
	return text
}

// renamedAwkwardly returns a diagram in which every table of awkwardSchema is renamed.
func renamedAwkwardly(t *testing.T) picture.Diagram {
	t.Helper()
	before, after := awkwardSchema(), awkwardSchema()
	var then, now picture.Names
	for _, table := range before.Tables() {
		then.Follow(table.Name, []op.Operation{&op.CreateTable{Table: table}})
		now.Follow(table.Name, []op.Operation{&op.CreateTable{Table: table}})
	}
	for _, table := range before.Tables() {
		to := table.Name + "\"2"
		now.Follow("rename", []op.Operation{&op.RenameTable{From: table.Name, To: to}})
		after = after.RenameTable(table.Name, to)
	}
	return picture.Between("", picture.Side{Schema: before, Names: &then}, picture.Side{Schema: after, Names: &now}, false)
}

func compared(t *testing.T, before, after schema.Schema) picture.Diagram {
	t.Helper()
	return picture.Between("", picture.Side{Schema: before, Names: &picture.Names{}},
		picture.Side{Schema: after, Names: &picture.Names{}}, false)
}

// TestSVGIsSound checks that pictures are XML without scripts, links or anything from outside, whatever the names are.
func TestSVGIsSound(t *testing.T) {
	t.Parallel()
	var commits []picture.Commit
	for i, name := range awkward {
		id := func(n int) string { return fmt.Sprintf("r%02d", n) }
		commits = append(commits, picture.Commit{
			ID: id(i), Down: []string{id(i + 1), id(i + 3)}, Needs: []string{id(i + 5)}, Labels: []string{name}, Message: name,
			Created: name, Head: true,
		})
	}
	for name, svg := range map[string]string{
		"schema":   picture.Of(awkward[11], awkwardSchema(), true).SVG(),
		"compared": compared(t, awkwardSchema(), schema.Schema{}).SVG(),
		"renamed":  renamedAwkwardly(t).SVG(),
		"empty":    picture.Of("", schema.Schema{}, false).SVG(),
		"history":  picture.History(awkward[11], commits),
		"nothing":  picture.History("", nil),
	} {
		elements := map[string]bool{}
		decoder := xml.NewDecoder(strings.NewReader(svg))
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if start, ok := token.(xml.StartElement); ok {
				elements[start.Name.Local] = true
				for _, a := range start.Attr {
					if strings.HasPrefix(strings.ToLower(a.Name.Local), "on") || a.Name.Local == "href" || a.Name.Local == "src" ||
						strings.Contains(a.Value, "url(") {
						t.Errorf("%s: %s has %s=%q, want nothing that runs or loads something", name, start.Name.Local,
							a.Name.Local, a.Value)
					}
				}
			}
		}
		for element := range elements {
			if !slices.Contains([]string{"svg", "title", "desc", "style", "rect", "path", "circle", "text", "g"}, element) {
				t.Errorf("%s has an element %s, want none that could run or load something", name, element)
			}
		}
		if regexp.MustCompile(`(?i)@import|url\(|javascript:`).MatchString(svg) {
			t.Errorf("%s refers to something outside, want nothing", name)
		}
		for _, want := range []string{"title", "desc"} {
			if !elements[want] {
				t.Errorf("%s lacks the element %s for screen readers", name, want)
			}
		}
	}
}

// TestPicturesAreTheSame checks that pictures do not depend on the order of the tables.
func TestPicturesAreTheSame(t *testing.T) {
	t.Parallel()
	tables := shop().Tables()
	slices.Reverse(tables)
	for name, draw := range map[string]func(picture.Diagram) string{"SVG": picture.Diagram.SVG,
		"Mermaid": picture.Diagram.Mermaid} {
		got, want := draw(picture.Of("a", schema.New(tables...), true)), draw(picture.Of("a", shop(), true))
		if got != want {
			t.Errorf("%s differs: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

func TestNarrow(t *testing.T) {
	t.Parallel()
	d, err := picture.Of("", shop(), false).Narrow([]string{"auth*", "book?"})
	if err != nil || len(d.Tables) != 2 || len(d.Keys) != 2 {
		t.Errorf("got %+v, %v; want 2 tables and 2 keys, no error", d, err)
	}
	for pattern, want := range map[string]string{"nothing*": `no table matches "nothing*"`,
		"[": `"[" is not a valid pattern of table names`} {
		if _, err := d.Narrow([]string{"books", pattern}); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", pattern, err, want)
		}
	}
}
