package diff_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestReferencesInTypesDecideTheOrder checks that a table with a reference inside a type is created after the table
// that it references, and dropped before it. In a cycle, the foreign key is added later and dropped first.
func TestReferencesInTypesDecideTheOrder(t *testing.T) {
	t.Parallel()
	for _, names := range []string{"a b c", "a c b", "b a c", "b c a", "c a b", "c b a"} {
		n := strings.Fields(names)
		first, second, third := n[0], n[1], n[2]
		with := schema.New(
			schema.Table{Name: first, Columns: []schema.Column{{Name: "id", Type: op.Int(64)}},
				PrimaryKey: schema.PrimaryKey{Columns: []string{"id"}}, ForeignKeys: []schema.ForeignKey{
					{Name: "fk", Columns: []string{"id"}, RefTable: third, RefColumns: []string{"id"}},
				}},
			referring(second, first), referring(third, second),
		)
		for want, schemas := range map[string][2]schema.Schema{
			"create table " + first + "; create table " + second + "; create table " + third + "; " +
				"add foreign key fk on " + first + " (id) references " + third + " (id)": {{}, with},
			"drop foreign key fk on " + first + "; " +
				"drop table " + third + "; drop table " + second + "; drop table " + first: {with, {}},
		} {
			p, err := diff.Diff(schemas[0], schemas[1])
			if err != nil {
				t.Fatal(err)
			}
			if got := texts(p.Upgrade); got != want {
				t.Errorf("%s: got %q, want %s", names, got, want)
			}
		}
	}
}

// referring returns a table whose primary key references another table inside its type.
func referring(name, to string) schema.Table {
	return schema.Table{
		Name: name, Columns: []schema.Column{{Name: "id", Type: op.Type("bigint REFERENCES " + to + " (id)")}},
		PrimaryKey: schema.PrimaryKey{Columns: []string{"id"}},
	}
}

// TestNewReferencesInTypesFollowTheirTable checks that a column that gets a reference to a new table inside its type
// does so after the table is created.
func TestNewReferencesInTypesFollowTheirTable(t *testing.T) {
	t.Parallel()
	plain := referring("a", "b")
	plain.Columns[0].Type = op.Type("bigint")
	target := schema.Table{Name: "b", Columns: []schema.Column{{Name: "id", Type: op.Int(64)}},
		PrimaryKey: schema.PrimaryKey{Columns: []string{"id"}}}
	added := plain.Clone()
	added.Columns = append(added.Columns, schema.Column{Name: "b_id", Type: op.Type("bigint REFERENCES b (id)")})
	for want, to := range map[string]schema.Table{
		"create table b; add column a.b_id bigint REFERENCES b (id)":      added,
		"create table b; alter column a.id type bigint REFERENCES b (id)": referring("a", "b"),
	} {
		p, err := diff.Diff(schema.New(plain), schema.New(to, target))
		if err != nil {
			t.Fatal(err)
		}
		if got := texts(p.Upgrade); got != want {
			t.Errorf("got %q, want %s", got, want)
		}
	}
}

// TestReferencesInTypesInACircle plans tables that reference each other, and one that no schema has, inside types, as
// only SQLite accepts: their order does not matter, but the table that references one of them is created after it.
func TestReferencesInTypesInACircle(t *testing.T) {
	t.Parallel()
	third := referring("c", "b")
	third.Columns = append(third.Columns, schema.Column{Name: "d", Type: op.Type("bigint REFERENCES elsewhere (id)")})
	with := schema.New(
		schema.Table{Name: "a", Columns: []schema.Column{{Name: "id", Type: op.Int(64)}}, ForeignKeys: []schema.ForeignKey{
			{Name: "fk", Columns: []string{"id"}, RefTable: "b", RefColumns: []string{"id"}},
		}},
		referring("b", "c"), third,
	)
	p, err := diff.Diff(schema.Schema{}, with)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := texts(p.Upgrade), "create table c; create table b; create table a"; got != want {
		t.Errorf("the upgrade is %q, want %s", got, want)
	}
	if p, err = diff.Diff(with, schema.Schema{}); err != nil {
		t.Fatal(err)
	}
	if got, want := texts(p.Upgrade), "drop table a; drop table c; drop table b"; got != want {
		t.Errorf("dropped by %q, want %s", got, want)
	}
}
