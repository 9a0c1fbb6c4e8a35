package diff_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestForeignTypes checks that a column with a type that PostgreSQL lacks has a warning, that PostgreSQL does refuse
// the type, and that both databases accept its replacement.
func TestForeignTypes(t *testing.T) {
	t.Parallel()
	foreign := map[string]string{
		"longtext": "text", "MEDIUMTEXT": "text", "datetime": "timestamptz", "datetime(3)": "timestamptz(3)",
		"tinyint": "smallint", "tinyint(1)": "boolean", "double": "double precision", "nvarchar(32)": "varchar(32)",
		"longblob": "bytea", "blob": "bytea", "varbinary(16)": "bytea", "int(11)": "int", "bigint unsigned": "bigint",
		"tinyint unsigned": "smallint", "number(10,2)": "numeric(10,2)",
		"uniqueidentifier": "uuid", "text(500)": "text", "year": "smallint",
	}
	known := []string{
		"text", "varchar(32)", "character varying(32)", "numeric(10,2)", "double precision", "float(24)", "timestamptz(3)",
		"uuid", "jsonb", "bytea", "date", "time(3)", "inet", "int8", "char(3)", "BIGINT", "bigserial",
	}
	difftest.Each(t, func(t *testing.T, s *difftest.Server) {
		db := s.Open(t)
		for text, instead := range foreign {
			warnings := adding(t, op.Type(text))
			if want := "fails on PostgreSQL, which has no type " + text + " (users.a). Write type:" + instead +
				" in the model, " +
				"which works on both databases."; warnings != want {
				t.Errorf("%s: warned of %q, want %q", text, warnings, want)
			}
			err := db.DB.Exec("CREATE TABLE foreigner (a " + text + ")").Error
			if refused := s.Dialect == schema.Postgres; refused != (err != nil) {
				t.Errorf("%s: got error %v, want an error: %t", text, err, refused)
			}
			db.Exec(t, "DROP TABLE IF EXISTS foreigner", "CREATE TABLE foreigner (a "+instead+")", "DROP TABLE foreigner")
		}
		for _, text := range known {
			if warnings := adding(t, op.Type(text)); warnings != "" {
				t.Errorf("%s: got the warnings %q, want none", text, warnings)
			}
			if name, unknown := (diff.TypedColumn{Type: op.Type(text)}).Unknown(); unknown {
				t.Errorf("%s: got the unknown type %s, want a known one", text, name)
			}
			db.Exec(t, "CREATE TABLE native (a "+text+")", "DROP TABLE native")
		}
	})
	none := diff.TypedColumn{Type: op.TypeFor(op.Dialects{SQLite: "text"})}
	if name, unknown := none.Unknown(); unknown {
		t.Errorf("a column without a type on PostgreSQL: got the unknown type %q, want a known one", name)
	}
	const want = "on SQLite, which has no type bit(8), converts values of users.a that look like numbers to numbers. " +
		"Give the field a Go type whose GormDBDataType returns text on SQLite."
	if got := adding(t, op.Type("bit(8)")); got != want {
		t.Errorf("bit(8): warned of %q, want %q", got, want)
	}
	if got := adding(t, op.TypeFor(op.Dialects{Postgres: "bit(8)", SQLite: "longtext"})); got != "" {
		t.Errorf("a type by dialect: got the warnings %q, want none", got)
	}
}

// TestUnknownTypes checks which types neither database nor another is known to have, and by which name.
func TestUnknownTypes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"citext": "citext", "public.citext": "citext", "geometry(Point, 4326)": "geometry", "hstore[]": "hstore",
		`app."mood"`: "mood", "longtext": "", "text(500)": "", "text[]": "", "pg_catalog.int8": "",
	} {
		name, unknown := diff.TypedColumn{Name: "users.a", Type: op.Type(text)}.Unknown()
		if unknown != (want != "") || unknown && name != want {
			t.Errorf("%s: got the name %q, unknown: %t; want %q", text, name, unknown, want)
		}
	}
	if name, unknown := (diff.TypedColumn{Type: op.Time()}).Unknown(); unknown {
		t.Errorf("a type of GORM: got the unknown type %q, want a known one", name)
	}
}

// adding returns the warnings about adding a column of the type, and checks that creating a table with it has the same.
func adding(t *testing.T, columnType schema.Type) string {
	t.Helper()
	id := schema.Column{Name: "id", Type: op.Text()}
	with := schema.New(schema.Table{Name: "users", Columns: []schema.Column{id, {Name: "a", Type: columnType}}})
	var said []string
	for _, from := range []schema.Schema{{}, schema.New(schema.Table{Name: "users", Columns: []schema.Column{id}})} {
		p, err := diff.Diff(from, with)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, w := range p.Warnings() {
			all = append(all, w.String())
		}
		said = append(said, strings.Join(all, "\n"))
	}
	if said[0] != said[1] {
		t.Errorf("got the warnings %q for a new table, want those for a new column: %q", said[0], said[1])
	}
	return said[0]
}
