package op_test

import (
	"errors"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

func TestReverseRestoresWhatWasDropped(t *testing.T) {
	t.Parallel()
	before, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("users",
			op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
			op.Column("email", op.String(254)).NotNull().Default("").Comment("where to write to"),
			op.Column("boss_id", op.Int(64)),
			op.Unique("uni_users_email", "email"),
			op.Check("chk_users_email", "email <> 'boss_id'"),
			op.ForeignKey("fk_users_boss", "boss_id").References("users", "id"),
		)
		m.CreateIndex("idx_users_email", "users").On(op.Expr("lower(email)")).Where("boss_id IS NULL")
	}))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(m *op.Migration){
		"table":       func(m *op.Migration) { m.DropTable("users") },
		"column":      func(m *op.Migration) { m.DropColumn("users", "email") },
		"key column":  func(m *op.Migration) { m.DropColumn("users", "id") },
		"all of them": func(m *op.Migration) { m.DropColumn("users", "boss_id"); m.DropColumn("users", "email") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			up := op.Record(change)
			after, err := op.ApplyAll(before, up)
			if err != nil {
				t.Fatal(err)
			}
			if schema.Equal(before, after) {
				t.Error("got an unchanged schema, want a change")
			}
			down, err := op.ReverseAll(before, up)
			if err != nil {
				t.Fatal(err)
			}
			back, err := op.ApplyAll(after, down)
			if err != nil {
				t.Fatal(err)
			}
			if !schema.Equal(before, back) {
				t.Errorf("got %+v\nwant %+v", back.Normal(), before.Normal())
			}
		})
	}
}

func TestDataStepWithoutUndoHasNoReverse(t *testing.T) {
	t.Parallel()
	for _, o := range op.Record(func(m *op.Migration) {
		m.Run(func(*gorm.DB) error { return nil })
		m.SQL("DELETE FROM users")
	}) {
		if _, err := o.Reverse(schema.Schema{}); !errors.Is(err, op.ErrIrreversible) {
			t.Errorf("%s: %v", o, err)
		}
	}
}
