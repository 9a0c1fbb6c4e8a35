package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

func recorded(t *testing.T, fill func(m *op.Migration)) schema.Schema {
	t.Helper()
	s, err := op.ApplyAll(schema.Schema{}, op.Record(fill))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func renameSchemas(t *testing.T) (from, to schema.Schema) {
	t.Helper()
	from = recorded(t, func(m *op.Migration) {
		m.CreateTable("users",
			op.Column("id", op.Int(64)).PrimaryKey(),
			op.Column("name", op.String(64)),
			op.Column("nick", op.String(64)).NotNull(),
			op.Column("age", op.Int(32)),
			op.Check("chk_old", "age > 0"),
		)
		m.CreateIndex("idx_old", "users", "age")
		m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("title", op.Text()))
	})
	to = recorded(t, func(m *op.Migration) {
		m.CreateTable("users",
			op.Column("id", op.Int(64)).PrimaryKey(),
			op.Column("full_name", op.String(64)),
			op.Column("nickname", op.String(64)).NotNull(),
			op.Column("age", op.Int(32)),
			op.Check("chk_new", "age > 0"),
		)
		m.CreateIndex("idx_new", "users", "age")
		m.CreateTable("groups", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("title", op.Text()))
		m.CreateTable("others", op.Column("key", op.Text()).PrimaryKey())
	})
	return from, to
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	from, to := renameSchemas(t)
	want := strings.Join([]string{
		"teams=groups",
		"users.nick=users.nickname", "users.name=users.full_name", "users.name=users.nickname", "users.nick=users.full_name",
		"users.idx_old=users.idx_new", "users.chk_old=users.chk_new",
	}, "\n")
	candidates := diff.Candidates(from, to)
	if got := join(candidates); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	accepted := []diff.Rename{candidates[0], candidates[1]}
	want = "users.name=users.full_name\nusers.idx_old=users.idx_new\nusers.chk_old=users.chk_new"
	if got := join(diff.Candidates(from, to, accepted...)); got != want {
		t.Errorf("with some accepted: got\n%s\nwant\n%s", got, want)
	}
	for n, want := range map[int]bool{2: false, 3: true} {
		if got := candidates[1].Overlaps(candidates[n]); got != want {
			t.Errorf("%s overlaps %s: got %t, want %t", candidates[1], candidates[n], got, want)
		}
	}
	questions := []string{candidates[0].Question(), candidates[1].Question(), candidates[5].Question(),
		candidates[6].Question()}
	want = "Did you rename table teams to groups? Did you rename users.nick to users.nickname? " +
		"Did you rename index idx_old to idx_new? Did you rename constraint chk_old to chk_new?"
	if got := strings.Join(questions, " "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func join(renames []diff.Rename) string {
	var lines []string
	for _, r := range renames {
		lines = append(lines, r.String())
	}
	return strings.Join(lines, "\n")
}

// TestCandidatesInAnyOrder checks that the order of indexes in a schema does not decide which is which.
func TestCandidatesInAnyOrder(t *testing.T) {
	t.Parallel()
	of := func(names ...string) schema.Schema {
		return recorded(t, func(m *op.Migration) {
			m.CreateTable("users", op.Column("age", op.Int(32)))
			for _, name := range names {
				m.CreateIndex(name, "users", "age")
			}
		})
	}
	const want = "users.old_a=users.new_a\nusers.old_b=users.new_b"
	for _, from := range []schema.Schema{of("old_a", "old_b"), of("old_b", "old_a")} {
		for _, to := range []schema.Schema{of("new_a", "new_b"), of("new_b", "new_a")} {
			if got := join(diff.Candidates(from, to)); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		}
	}
}

// TestTableCandidates checks which tables count as one: those that share three quarters of their columns, of the same
// types, however these are written.
func TestTableCandidates(t *testing.T) {
	t.Parallel()
	of := func(name string, types ...schema.Type) schema.Schema {
		table := schema.Table{Name: name}
		for i, of := range types {
			table.Columns = append(table.Columns, schema.Column{Name: fmt.Sprint("c", i), Type: of})
		}
		return schema.New(table)
	}
	from := of("users", op.Int(64), op.Text(), op.Int(32), op.Bool())
	integer := op.TypeFor(op.Dialects{Postgres: "BIGINT", SQLite: "integer"})
	for name, test := range map[string]struct {
		to   schema.Schema
		want string
	}{
		"the same types":          {of("people", op.Int(64), op.Text(), op.Int(32), op.Bool()), "users=people"},
		"the same, as verbatim":   {of("people", integer, op.Text(), op.Int(32)), "users=people"},
		"a column less":           {of("people", op.Int(64), op.Text(), op.Int(32)), "users=people"},
		"two columns less":        {of("people", op.Int(64), op.Text()), ""},
		"the names of columns":    {of("people", op.Text(), op.Int(64), op.Text(), op.Text()), ""},
		"one column of its types": {of("people", op.Int(64), op.Int(64), op.Text(), op.Text()), ""},
	} {
		if got := join(diff.Candidates(from, test.to)); got != test.want {
			t.Errorf("%s: got the candidates %q, want %q", name, got, test.want)
		}
	}
}

func TestParseRename(t *testing.T) {
	t.Parallel()
	from, to := renameSchemas(t)
	for text, want := range map[string]string{
		"teams=groups":                 "0 teams=groups",
		"users.name=users.full_name":   "1 users.name=users.full_name",
		"users.name = full_name":       "1 users.name=users.full_name",
		"users.idx_old=users.idx_new":  "2 users.idx_old=users.idx_new",
		"users.chk_old=chk_new":        "3 users.chk_old=users.chk_new",
		"teams.title=groups.name":      "1 teams.title=teams.name",
		"teams=nothing":                "the models have no nothing",
		"users.name":                   "write users=people for a table",
		"=x":                           "write users=people for a table",
		"users.name=teams.full_name":   "a rename cannot move anything from table users to teams",
		"users.name=nothing.full_name": "a rename cannot move anything from table users to nothing",
		"users=users":                  "the name stays the same",
		"nothing=users":                "the history has no table nothing",
		"nothing.name=users.full_name": "the history has no table nothing",
		"users.nothing=users.name":     "has no column, index or constraint nothing",
	} {
		r, err := diff.ParseRename(text, from, to)
		got := fmt.Sprint(int(r.Kind), " ", r)
		if err != nil {
			got = err.Error()
		}
		if got != want && (err == nil || !strings.Contains(got, want)) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestDiffRefusesRenames(t *testing.T) {
	t.Parallel()
	from, to := renameSchemas(t)
	for want, renames := range map[string][]diff.Rename{
		"cannot rename x=groups: the history has no x": {table("x", "groups")},
		"cannot rename teams=x: the models have no x":  {table("teams", "x")},
		"the name stays the same":                      {column("users", "name", "name")},
		"table users already exists":                   {table("teams", "users")},
		"the history has no x":                         {column("users", "x", "full_name")},
		"the models have no x":                         {column("users", "name", "x")},
		"column users.age already exists":              {column("users", "name", "age")},
		"contradict each other": {column("users", "name", "nickname"),
			column("users", "nick", "nickname")},
		"no index or constraint differs in name only": {{Kind: diff.Index, Table: "users", From: "idx_old",
			To: "chk_new"}},
		"cannot rename nothing.a=nothing.b: the history has no a": {column("nothing", "a", "b")},
	} {
		if _, err := diff.Diff(from, to, renames...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}

// TestRenamesOfTheSameName checks that renames of different tables or kinds do not exclude each other, even with the
// same names.
func TestRenamesOfTheSameName(t *testing.T) {
	t.Parallel()
	of := func(name string) schema.Schema {
		return recorded(t, func(m *op.Migration) {
			for _, table := range []string{"teams", "users"} {
				m.CreateTable(table, op.Column("id", op.Int(64)).PrimaryKey(), op.Column(name, op.Text()))
			}
			m.CreateIndex(name, "users", "id")
		})
	}
	p, err := diff.Diff(of("a"), of("b"), column("teams", "a", "b"), column("users", "a", "b"),
		diff.Rename{Kind: diff.Index, Table: "users", From: "a", To: "b"})
	if err != nil {
		t.Fatal(err)
	}
	const want = "rename column teams.a to b; rename column users.a to b; rename index a on users to b"
	if got := texts(p.Upgrade); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestRenameToATakenName gives an index the name of one in another table, which is refused.
func TestRenameToATakenName(t *testing.T) {
	t.Parallel()
	of := func(change func(m *op.Migration)) schema.Schema {
		return recorded(t, func(m *op.Migration) {
			m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey())
			m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey())
			change(m)
		})
	}
	from := of(func(m *op.Migration) { m.CreateIndex("a", "users", "id"); m.CreateIndex("b", "teams", "id") })
	to := of(func(m *op.Migration) { m.CreateIndex("b", "users", "id") })
	_, err := diff.Diff(from, to, diff.Rename{Kind: diff.Index, Table: "users", From: "a", To: "b"})
	if want := "b already exists on table teams"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
}

// TestSwapOfNamesWithoutADetour swaps two columns in a table where the name in between is taken.
func TestSwapOfNamesWithoutADetour(t *testing.T) {
	t.Parallel()
	of := func(a, b schema.Type) schema.Schema {
		return recorded(t, func(m *op.Migration) {
			m.CreateTable("users", op.Column("a", a), op.Column("b", b), op.Column("a_before", op.Text()))
		})
	}
	_, err := diff.Diff(of(op.Text(), op.Int(64)), of(op.Int(64), op.Text()), column("users", "a", "b"),
		column("users", "b", "a"))
	if want := "column users.a_before already exists"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
}

// TestDiffRefusesAMissingTable wants a foreign key to a table that the models do not have.
func TestDiffRefusesAMissingTable(t *testing.T) {
	t.Parallel()
	to := schema.New(schema.Table{
		Name: "users", Columns: []schema.Column{{Name: "team_id", Type: op.Int(64)}},
		ForeignKeys: []schema.ForeignKey{
			{Name: "fk", Columns: []string{"team_id"}, RefTable: "teams", RefColumns: []string{"id"}},
		},
	})
	_, err := diff.Diff(schema.Schema{}, to)
	if want := "the upgrade cannot be applied"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
}

func TestInherit(t *testing.T) {
	t.Parallel()
	history := recorded(t, func(m *op.Migration) {
		m.CreateTable("users", op.Column("id", op.Int(64)), op.PrimaryKey("id").Named("pk"), op.Comment("people"))
	})
	models := recorded(t, func(m *op.Migration) { m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey()) })
	p, err := diff.Diff(history, diff.Inherit(history, models))
	if err != nil || !p.IsEmpty() {
		t.Errorf("got the changes %v and error %v, want none", diff.Operations(p.Upgrade), err)
	}
	if p, _ := diff.Diff(history, models); p.IsEmpty() {
		t.Error("got no changes without Inherit, want some")
	}
	keyless := recorded(t, func(m *op.Migration) { m.CreateTable("users", op.Column("id", op.Int(64))) })
	table, _ := diff.Inherit(history, keyless).Table("users")
	if got := table.PrimaryKey.Name; got != "" {
		t.Errorf("a table without a primary key inherits its name %q, want none", got)
	}
}

func TestProveRefuses(t *testing.T) {
	t.Parallel()
	from, to := renameSchemas(t)
	for want, upgrade := range map[string]func(m *op.Migration){
		"the upgrade leads to another schema": func(m *op.Migration) { m.DropTable("teams") },
		"the upgrade cannot be applied":       func(m *op.Migration) { m.DropTable("x") },
	} {
		if _, err := diff.Prove(from, to, op.Record(upgrade)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
	same := func(m *op.Migration) { m.SQL("DELETE FROM users") }
	const want = "cannot be reversed"
	if _, err := diff.Prove(from, from, op.Record(same)); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
	drop := &op.DropTable{Table: "teams"}
	to, err := drop.Apply(from)
	if err != nil {
		t.Fatal(err)
	}
	for want, reverse := range map[string][]op.Operation{
		"the downgrade leads to another schema": nil,
		"the downgrade cannot be applied":       {drop},
	} {
		upgrade := []op.Operation{reversedBy{drop, reverse}}
		if _, err := diff.Prove(from, to, upgrade); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}

// reversedBy is an operation with a wrong reverse.
type reversedBy struct {
	op.Operation

	reverse []op.Operation
}

func (o reversedBy) Reverse(schema.Schema) ([]op.Operation, error) { return o.reverse, nil }

// TestProveKeepsDropsOfIndexes checks that the downgrade drops an index of a renamed table, even if it also drops a
// table of that name.
func TestProveKeepsDropsOfIndexes(t *testing.T) {
	t.Parallel()
	from := recorded(t, func(m *op.Migration) { m.CreateTable("users", op.Column("id", op.Int(64))) })
	to := recorded(t, func(m *op.Migration) {
		m.CreateTable("people", op.Column("id", op.Int(64)))
		m.CreateIndex("idx", "people", "id")
	})
	downgrade, err := diff.Prove(from, to, op.Record(func(m *op.Migration) {
		m.CreateTable("people", op.Column("id", op.Int(64)))
		m.DropTable("people")
		m.RenameTable("users", "people")
		m.CreateIndex("idx", "people", "id")
	}))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range downgrade {
		got = append(got, o.String())
	}
	const want = "drop index idx on people; rename table people to users; create table people; drop table people"
	if strings.Join(got, "; ") != want {
		t.Errorf("got %q, want %s", got, want)
	}
}
