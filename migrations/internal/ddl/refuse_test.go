package ddl_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/catalogue"
	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// unknown is an operation that the package does not know.
type unknown struct{ op.Operation }

// TestStatementsRefuse checks the errors of operations that cannot be written as statements; it needs no database.
func TestStatementsRefuse(t *testing.T) {
	t.Parallel()
	columns := []schema.Column{
		{Name: "id", Type: op.Int(32)}, {Name: "n", Type: op.Type("int GENERATED ALWAYS AS IDENTITY")},
	}
	longName := strings.Repeat("x", 64)
	before := schema.New(schema.Table{Name: "users", Columns: columns},
		schema.Table{
			Name: "computed", Columns: append(columns, schema.Column{Name: "twice", Type: op.Int(64), Generated: "id * 2"}),
			Indexes: []schema.Index{{Name: longName, Keys: []schema.IndexKey{{Column: "twice"}}}},
		},
		schema.Table{Name: "keys", Columns: columns, Indexes: []schema.Index{
			{Name: "idx", Unique: true, Keys: []schema.IndexKey{{Column: "id"}}, Option: "INCLUDE (n)"},
		}},
		schema.Table{Name: "refs", Columns: columns, ForeignKeys: []schema.ForeignKey{
			{Name: "fk", Columns: []string{"id"}, RefTable: "keys", RefColumns: []string{"id"}},
		}},
		schema.Table{Name: "open", Columns: columns, Checks: []schema.Check{{Name: "chk", Expression: "id > 'x"}}})
	for name, test := range map[string]struct {
		d         schema.Dialect
		operation op.Operation
		want      string
	}{
		"an unknown dialect":   {"oracle", &op.DropTable{Table: "users"}, `unknown dialect "oracle"`},
		"an unknown table":     {schema.SQLite, &op.DropTable{Table: "teams"}, "teams"},
		"into another schema":  {schema.Postgres, &op.RenameTable{From: "users", To: "app.users"}, "into another schema"},
		"no SQL on PostgreSQL": {schema.Postgres, unknown{&op.CommentTable{Table: "users"}}, "no SQL for PostgreSQL"},
		"no SQL on SQLite":     {schema.SQLite, unknown{&op.CommentTable{Table: "users"}}, "no SQL for SQLite"},
		"an open quote before": {schema.SQLite, &op.DropCheck{Table: "open", Name: "chk"}, "cannot be parsed"},
		"an open quote after": {
			schema.SQLite, &op.AddCheck{Table: "users", Check: schema.Check{Name: "chk", Expression: "id > 'x"}},
			"cannot be parsed",
		},
		"an existing column to be computed": {
			schema.Postgres, op.Record(func(m *op.Migration) { m.AlterColumn("users", "id").Generated("1 + 1") })[0],
			"PostgreSQL cannot make an existing column a generated one",
		},
		"a name too long of what is restored": {
			schema.Postgres, op.Record(func(m *op.Migration) { m.AlterColumn("computed", "id").Type(op.Int(64)) })[0],
			longName + `" has 64 bytes`,
		},
		"a column in the only index of a foreign key": {
			schema.Postgres, &op.DropColumn{Table: "keys", Column: "n"},
			"keys (id) is referenced by foreign key fk of table refs: drop that first",
		},
		"another clause in a type": {
			schema.Postgres, op.Record(func(m *op.Migration) {
				m.AlterColumn("users", "id").Type(op.Type("int GENERATED ALWAYS AS IDENTITY"))
			})[0], `cannot change "GENERATED ALWAYS AS IDENTITY" of an existing column`,
		},
		"no such clause in a type": {
			schema.Postgres, op.Record(func(m *op.Migration) { m.AlterColumn("users", "n").Type(op.Type("int")) })[0],
			`cannot change "GENERATED ALWAYS AS IDENTITY" of an existing column`,
		},
	} {
		got, err := ddl.Statements(test.d, test.operation, before)
		if err == nil || !strings.Contains(err.Error(), test.want) || got != nil {
			t.Errorf("%s: got %v, %v, want an error with %q", name, got, err, test.want)
		}
	}
}

// TestOpenQuote checks that SQL that cannot be divided into statements is neither printed nor executed.
func TestOpenQuote(t *testing.T) {
	t.Parallel()
	catalogue.Each(t, func(t *testing.T, s *catalogue.Server) {
		t.Helper()
		db := s.Open(t)
		before, err := ddl.Execute(t.Context(), db.DB, op.Record(func(m *op.Migration) {
			m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey())
		})[0], schema.Schema{})
		if err != nil {
			t.Fatal(err)
		}
		const want = "unterminated quote or comment at 'x"
		for _, o := range []op.Operation{
			&op.SQL{Text: schema.Both("DELETE FROM users; SELECT 'x")},
			&op.Batches{Table: "users", Size: 1, Text: schema.Both("DELETE FROM users WHERE " + op.RowsMark + "; SELECT 'x")},
		} {
			got, err := ddl.Statements(db.Dialect, o, before)
			if err == nil || !strings.Contains(err.Error(), want) || got != nil {
				t.Errorf("%s: got the statements %v and error %v, want an error with %q", o, got, err, want)
			}
			if _, err := ddl.Execute(t.Context(), db.DB, o, before); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: executing it: got error %v, want one with %q", o, err, want)
			}
		}
	})
}

// TestCheckDefaults checks that a default that SQLite cannot compute is refused before it is stored.
func TestCheckDefaults(t *testing.T) {
	t.Parallel()
	catalogue.Each(t, func(t *testing.T, s *catalogue.Server) {
		t.Helper()
		db := s.Open(t)
		for _, test := range []struct {
			value any
			wrong bool // on SQLite
		}{
			{"gen_random_uuid()", false}, {nil, false}, {7, false},
			{op.Expr("CURRENT_TIMESTAMP"), false}, {op.Expr("gen_random_uuid()"), true},
		} {
			for _, change := range []func(m *op.Migration){
				func(m *op.Migration) { m.CreateTable("users", op.Column("id", op.Text()).Default(test.value)) },
				func(m *op.Migration) { m.AddColumn("users", op.Column("id", op.Text()).Default(test.value)) },
				func(m *op.Migration) { m.AlterColumn("users", "id").Default(test.value) },
			} {
				o := op.Record(change)[0]
				err := ddl.CheckDefaults(t.Context(), db.DB, o)
				if wrong := test.wrong && db.Dialect == schema.SQLite; (err != nil) != wrong {
					t.Errorf("%s: got error %v, want one: %t", o, err, wrong)
				}
			}
		}
	})
}
