package op_test

import (
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestTypesAreTakenApart checks that NOT NULL and DEFAULT inside a type mean the same as NotNull and Default, and that
// reversing such a change of type restores the column.
func TestTypesAreTakenApart(t *testing.T) {
	t.Parallel()
	apply := func(s schema.Schema, operations []op.Operation) schema.Schema {
		t.Helper()
		after, err := op.ApplyAll(s, operations)
		if err != nil {
			t.Fatal(err)
		}
		return after
	}
	in := apply(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("t", op.Column("a", op.Type("BIGINT NOT NULL DEFAULT 7")))
		m.AddColumn("t", op.Column("b", op.Type("text NOT NULL")).Default("x"))
	}))
	beside := apply(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("t", op.Column("a", op.Type("BIGINT")).NotNull().Default(7))
		m.AddColumn("t", op.Column("b", op.Type("text")).NotNull().Default("x"))
	}))
	if !schema.Equal(in, beside) {
		t.Errorf("got %+v, want %+v", in.Tables(), beside.Tables())
	}
	alter := op.Record(func(m *op.Migration) {
		m.CreateTable("u", op.Column("a", op.Type("BIGINT")))
		m.AlterColumn("u", "a").Type(op.Type("INT NOT NULL DEFAULT 3"))
	})
	created := apply(schema.Schema{}, alter[:1])
	back, err := op.ReverseAll(created, alter[1:])
	if err != nil {
		t.Fatal(err)
	}
	if got := apply(apply(created, alter[1:]), back); !schema.Equal(got, created) {
		t.Errorf("after the reverse, got tables %+v, want those before the change", got.Tables())
	}
}
