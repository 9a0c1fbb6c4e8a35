package lint_test

import (
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/lint"
	"guestlist/migrations/op"
)

// TestReasons checks that a change of each kind comes with advice on what to do instead, except a breaking change that
// Safe gives a reason for.
func TestReasons(t *testing.T) {
	t.Parallel()
	before, err := op.ApplyAll(shop(t), op.Record(func(m *op.Migration) {
		m.CreateTable("logs", op.Column("id", op.Int(64)).AutoIncrement().PrimaryKey(), op.Check("chk_id", "id > 0"))
	}))
	if err != nil {
		t.Fatal(err)
	}
	for kind, test := range map[lint.Kind]struct {
		breaks bool
		change func(m *op.Migration)
	}{
		lint.DropsTable:    {true, func(m *op.Migration) { m.DropTable("users") }},
		lint.RenamesTable:  {true, func(m *op.Migration) { m.RenameTable("users", "people") }},
		lint.DropsColumn:   {true, func(m *op.Migration) { m.DropColumn("users", "age") }},
		lint.RenamesColumn: {true, func(m *op.Migration) { m.RenameColumn("users", "age", "years") }},
		lint.AddsMandatory: {true, func(m *op.Migration) { m.AddColumn("users", op.Column("x", op.Text()).NotNull()) }},
		lint.Retypes:       {true, func(m *op.Migration) { m.AlterColumn("users", "age").Type(op.Int(16)) }},
		lint.Computes:      {true, func(m *op.Migration) { m.AlterColumn("users", "age").Generated("id + 1") }},
		lint.StopsCounting: {true, func(m *op.Migration) { m.AlterColumn("logs", "id").NoAutoIncrement() }},
		lint.SetsNotNull:   {false, func(m *op.Migration) { m.AlterColumn("users", "name").NotNull() }},
		lint.DropsDefault:  {false, func(m *op.Migration) { m.AlterColumn("users", "age").NoDefault() }},
		lint.AddsUnique:    {false, func(m *op.Migration) { m.AddUnique("u", "users", "age") }},
		lint.AddsCheck:     {false, func(m *op.Migration) { m.AddCheck("c", "users", "age > 1") }},
		lint.AddsForeignKey: {false, func(m *op.Migration) {
			m.AddForeignKey("f", "users", "id").References("teams", "id")
		}},
		lint.DropsKey:          {false, func(m *op.Migration) { m.DropPrimaryKey("users") }},
		lint.RenamesConstraint: {false, func(m *op.Migration) { m.RenameConstraint("chk_id", "chk", "logs") }},
		lint.RunsSQL:           {true, func(m *op.Migration) { m.SQL("ALTER TABLE users DROP age") }},
		lint.RunsCode:          {false, func(m *op.Migration) { m.Run(func(*gorm.DB) error { return nil }) }},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			for _, safe := range []string{"", "no program reads it"} {
				var r lint.Rolling
				if err := r.Add(before, lint.Revision{Operations: op.Record(test.change), Safe: safe}); err != nil {
					t.Fatal(err)
				}
				found := r.Unless
				if test.breaks && safe == "" {
					found = r.Breaks
				}
				if len(found) != 1 || found[0].Kind != kind {
					t.Fatalf("Safe %q: got breaks %+v, unless %+v, want one of kind %s", safe, r.Breaks, r.Unless, kind)
				}
				if wantNone := test.breaks && safe != ""; (found[0].Instead == "") != wantNone {
					t.Errorf("Safe %q: got advice %q, want none: %v", safe, found[0].Instead, wantNone)
				}
			}
		})
	}
}
