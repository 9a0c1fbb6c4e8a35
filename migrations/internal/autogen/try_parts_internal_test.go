package autogen

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// number returns a column of numbers.
func number(name string) schema.Column {
	return schema.Column{Name: name, Type: schema.Type{Kind: schema.Int, Size: 64}}
}

// manyTables returns n tables that each reference the next one by a unique index; the last one also references the
// first, an old table and itself.
func manyTables(n int) []schema.Table {
	tables := make([]schema.Table, n)
	name := func(i int) string { return fmt.Sprintf("table_%04d", i%n) }
	for i := range tables {
		tables[i] = schema.Table{
			Name: name(i), Columns: []schema.Column{number("id"), number("code"), number("next")},
			PrimaryKey: schema.PrimaryKey{Columns: []string{"id"}},
			ForeignKeys: []schema.ForeignKey{{Name: "next_" + name(i), Columns: []string{"next"}, RefTable: name(i + 1),
				RefColumns: []string{"code"}}},
			Indexes: []schema.Index{{Name: "code_" + name(i), Unique: true, Keys: []schema.IndexKey{{Column: "code"}}}},
		}
	}
	last := &tables[n-1]
	last.ForeignKeys = append(last.ForeignKeys,
		schema.ForeignKey{Name: "old", Columns: []string{"code"}, RefTable: "old", RefColumns: []string{"id"}},
		schema.ForeignKey{Name: "own", Columns: []string{"next"}, RefTable: last.Name, RefColumns: []string{"id"}})
	return tables
}

// old returns a table that exists before the draft.
func old() schema.Table {
	return schema.Table{Name: "old", Columns: []schema.Column{number("id")},
		PrimaryKey: schema.PrimaryKey{Columns: []string{"id"}}}
}

func draftOf(t *testing.T, tables []schema.Table) Draft {
	t.Helper()
	d := Draft{Change: Change{Before: schema.New(old()), After: schema.New(append(tables, old())...)}}
	var err error
	if d.Plan, err = diff.Diff(d.Before, d.After); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestPartsAreTheWhole checks that the parts together do what the draft does, and that their trials pass.
func TestPartsAreTheWhole(t *testing.T) {
	t.Parallel()
	const tables = 2*partSize + 1
	d := draftOf(t, manyTables(tables))
	whole := trial{Draft: d, scratch: Memory()}
	parts := whole.parts()
	if len(parts) != 3 {
		t.Fatalf("%d tables are tried in %d parts, want 3", tables, len(parts))
	}
	var upgrade, downgrade []string
	for _, part := range parts {
		if n := len(part.created()); n > partSize {
			t.Errorf("got a part with %d tables, want at most partSize", n)
		}
		upgrade = append(upgrade, texts(part.Plan.Upgrade)...)
		downgrade = append(downgrade, texts(part.Plan.Downgrade)...)
		if err := part.runWhole(t.Context(), true); err != nil {
			t.Error(err)
		}
	}
	sameTexts(t, upgrade, texts(d.Plan.Upgrade))
	sameTexts(t, downgrade, texts(d.Plan.Downgrade))
}

func texts(steps []diff.Step) []string {
	var all []string
	for _, s := range steps {
		all = append(all, s.Operation.String())
	}
	return all
}

func sameTexts(t *testing.T, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the parts do\n%s\nwant what the whole does\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestPartsFindWhatIsWrong checks that a trial in parts fails for a wrong last or first table.
func TestPartsFindWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, wrong := range []int{0, partSize} {
		tables := manyTables(partSize + 1)
		tables[wrong].Checks = []schema.Check{{Name: "wrong", Expression: "nothing > 0"}}
		warnings, err := Try(t.Context(), Memory(), draftOf(t, tables))
		want := "create table " + tables[wrong].Name + ": "
		if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], want) {
			t.Errorf("with a wrong check on table %d: got %q, %v; want one with %q, no error", wrong, warnings, err, want)
		}
	}
}

// TestWhatIsTriedAsAWhole checks that drafts are tried whole if a trial in parts would prove less.
func TestWhatIsTriedAsAWhole(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(tables []schema.Table, d *Draft){
		"a name in another case": func(tables []schema.Table, _ *Draft) { tables[0].Indexes[0].Name = "Table_0001" },
		"no key": func(tables []schema.Table, _ *Draft) {
			tables[1].Indexes[0].Unique = false
		},
		"SQL": func(_ []schema.Table, d *Draft) {
			d.Plan.Upgrade = append(d.Plan.Upgrade, diff.Step{Operation: &op.SQL{}})
		},
		"a table from before": func(_ []schema.Table, d *Draft) {
			d.Plan.Upgrade = append(d.Plan.Upgrade, diff.Step{Operation: &op.CreateIndex{Table: "old"}})
		},
	} {
		tables := manyTables(partSize + 1)
		change(tables, &Draft{})
		d := draftOf(t, tables)
		change(manyTables(partSize+1), &d)
		whole := trial{Draft: d, scratch: Memory()}
		if parts := whole.parts(); len(parts) != 1 {
			t.Errorf("%s: got %d parts, want 1", name, len(parts))
		}
	}
	whole := trial{Draft: draftOf(t, manyTables(partSize+1)), scratch: On(nil)}
	if parts := whole.parts(); len(parts) != 1 {
		t.Errorf("on a server: got %d parts, want 1", len(parts))
	}
}
