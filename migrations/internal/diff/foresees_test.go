package diff_test

import (
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestForesees checks which failures of a trial on SQLite a plan foresees: those that a warning is about, on SQLite.
func TestForesees(t *testing.T) {
	t.Parallel()
	from := recorded(t, func(m *op.Migration) {
		m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey())
		m.CreateTable("users", op.Column("id", op.Int(64)), op.Column("a", op.Int(64)), op.Column("b", op.Text()),
			op.Check("chk", "a > 0"))
	})
	operations := op.Record(func(m *op.Migration) {
		m.CreateIndex("idx", "users", "a").Unique()
		m.CreateIndex("idx_b", "users", "b")
		m.AddColumn("users", op.Column("c", op.Type("longtext")))
		m.DropCheck("chk", "users")
		m.DropColumn("users", "b")
	})
	plan := planOf(t, from, operations)
	want := map[string]bool{
		"create unique index idx on users (a)": true, "add check chk on users (a > 0)": true,
	}
	for _, o := range append(operations, diff.Operations(plan.Downgrade)...) {
		if got := plan.Foresees(o); got != want[o.String()] {
			t.Errorf("%s: got foreseen %t, want %t", o, got, want[o.String()])
		}
	}
	if plan.Foresees(nil) {
		t.Error("got foreseen foreign keys of a plan without any, want none")
	}
}

// planOf returns the plan of the operations on the schema.
func planOf(t *testing.T, from schema.Schema, operations []op.Operation) diff.Plan {
	t.Helper()
	to, err := op.ApplyAll(from, operations)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := diff.PlanOf(from, to, operations)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// TestForeseesForeignKeys checks that a plan foresees a failure of its new foreign key, when it is added or at the end.
func TestForeseesForeignKeys(t *testing.T) {
	t.Parallel()
	from := recorded(t, func(m *op.Migration) {
		m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey())
		m.CreateTable("users", op.Column("a", op.Int(64)))
	})
	operations := op.Record(func(m *op.Migration) {
		m.AddForeignKey("fk", "users", "a").References("teams", "id")
		m.CommentTable("users", "people")
	})
	plan := planOf(t, from, operations)
	for name, test := range map[string]struct {
		failed op.Operation
		want   bool
	}{
		"the foreign key":   {operations[0], true},
		"another operation": {operations[1], false},
		"the check of all":  {nil, true},
	} {
		if got := plan.Foresees(test.failed); got != test.want {
			t.Errorf("%s: got foreseen %t, want %t", name, got, test.want)
		}
	}
}
