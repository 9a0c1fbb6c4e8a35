package diff_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestChangedValuesAreNotKnown drops constraints, changes the values, and adds the constraints again. The plan must no
// longer assume that the rows meet them.
func TestChangedValuesAreNotKnown(t *testing.T) {
	t.Parallel()
	before, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey())
		m.CreateTable("users", op.Column("age", op.Int(32)), op.Check("chk", "age > 0"), op.Unique("uni", "age"))
	}))
	if err != nil {
		t.Fatal(err)
	}
	const unmet, shared = "the check chk fails where", "the unique constraint uni fails where"
	for name, test := range map[string]struct {
		change func(m *op.Migration)
		want   bool
	}{
		"nothing":      {func(*op.Migration) {}, false},
		"a wider type": {func(m *op.Migration) { m.AlterColumn("users", "age").Type(op.Int(64)) }, false},
		"not null":     {func(m *op.Migration) { m.AlterColumn("users", "age").NotNull() }, false},
		"a type by way of an expression": {func(m *op.Migration) {
			m.AlterColumn("users", "age").Type(op.Int(64)).Using("-age")
		}, true},
		"a type that rounds": {func(m *op.Migration) { m.AlterColumn("users", "age").Type(op.Type("boolean")) }, true},
	} {
		var got []string
		for _, step := range diff.FollowLosses(before, schema.Postgres).Upgrade(op.Record(func(m *op.Migration) {
			m.DropCheck("chk", "users")
			m.DropUnique("uni", "users")
			test.change(m)
			m.AddUnique("uni", "users", "age")
			m.AddCheck("chk", "users", "age > 0")
		})) {
			for _, w := range step.Warnings {
				got = append(got, w.Text)
			}
		}
		text := strings.Join(got, "\n")
		for _, warning := range []string{unmet, shared} {
			if strings.Contains(text, warning) != test.want {
				t.Errorf("%s: warned of\n%s\nwant %q: %t", name, text, warning, test.want)
			}
		}
	}
}

// TestColumnNamedLikeAKeyword drops a column whose name is also a keyword in a check. The database drops the check with
// the column, so the plan adds the check afterwards.
func TestColumnNamedLikeAKeyword(t *testing.T) {
	t.Parallel()
	table := func(columns ...string) schema.Schema {
		t := schema.Table{Name: "users", Checks: []schema.Check{{Name: "chk", Expression: "extract(year FROM born) > 1"}}}
		for _, name := range columns {
			t.Columns = append(t.Columns, schema.Column{Name: name, Type: schema.Type{Kind: schema.Time}})
		}
		return schema.New(t)
	}
	from, to := table("born", "year"), table("born")
	plan, err := diff.Diff(from, to)
	if err != nil {
		t.Fatal(err)
	}
	var operations []op.Operation
	for _, step := range plan.Upgrade {
		operations = append(operations, step.Operation)
	}
	got, err := op.ApplyAll(from, operations)
	if err != nil || !diff.Same(got, to) {
		t.Errorf("got %+v, %v after %v, want %+v", got.Tables(), err, operations, to.Tables())
	}
}

// TestColumnsInACircle checks that columns computed from one another, which no database accepts, are added in their
// order.
func TestColumnsInACircle(t *testing.T) {
	t.Parallel()
	integer := schema.Type{Kind: schema.Int, Size: 64}
	to := schema.New(schema.Table{Name: "users", Columns: []schema.Column{
		{Name: "id", Type: integer},
		{Name: "a", Type: integer, Generated: "b + 1"}, {Name: "b", Type: integer, Generated: "a + 1"},
	}})
	from := schema.New(schema.Table{Name: "users", Columns: []schema.Column{{Name: "id", Type: integer}}})
	plan, err := diff.Diff(from, to)
	var got []string
	for _, step := range plan.Upgrade {
		got = append(got, step.Operation.String())
	}
	if err != nil || len(got) != 2 || !strings.Contains(got[0], "users.a") || !strings.Contains(got[1], "users.b") {
		t.Errorf("got %q, %v, want users.a and then users.b to be added", got, err)
	}
}

// TestNewColumnsKeepTheirOrder adds computed columns among others: they keep the order of the models if the columns
// that they are computed from exist by then, and follow those otherwise.
func TestNewColumnsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	integer := schema.Type{Kind: schema.Int, Size: 64}
	id := schema.Column{Name: "id", Type: integer}
	was := schema.Column{Name: "was", Type: schema.Type{Kind: schema.Int, Size: 32}}
	from := schema.New(schema.Table{Name: "users", Columns: []schema.Column{id, was}})
	was.Type = integer
	to := schema.New(schema.Table{Name: "users", Columns: []schema.Column{
		id, was,
		{Name: "early", Type: integer, Generated: "late + 1"}, {Name: "wide", Type: integer, Generated: "was + 1"},
		{Name: "late", Type: integer}, {Name: "again", Type: integer, Generated: "late + 2"}, {Name: "last", Type: integer},
	}})
	plan, err := diff.Diff(from, to)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range diff.Operations(plan.Upgrade) {
		switch o := o.(type) {
		case *op.AddColumn:
			got = append(got, o.Column.Name)
		case *op.AlterColumn:
			got = append(got, "alter "+o.Column)
		}
	}
	if want := "late early again last alter was wide"; strings.Join(got, " ") != want {
		t.Errorf("got the columns %q, want %s", got, want)
	}
}
