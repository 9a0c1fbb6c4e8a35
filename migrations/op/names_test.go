package op_test

import (
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestIndexesAndConstraintsOfOneName holds that an index has its name apart from checks and foreign keys, so that one
// that goes with its column takes none of those along.
func TestIndexesAndConstraintsOfOneName(t *testing.T) {
	t.Parallel()
	create := op.Record(func(m *op.Migration) {
		m.CreateTable("t",
			op.Column("id", op.Int(64)).PrimaryKey(), op.Column("a", op.Int(64)), op.Column("b", op.Int(64)),
			op.Check("one", "b > 0"), op.Unique("uni", "b"), op.ForeignKey("two", "b").References("t", "id"))
		m.CreateIndex("one", "t", "a")
		m.CreateIndex("two", "t", "a")
		m.DropColumn("t", "a")
	})
	after, err := op.ApplyAll(schema.Schema{}, create)
	if err != nil {
		t.Fatal(err)
	}
	is, _ := after.Table("t")
	if len(is.Checks)+len(is.ForeignKeys)+len(is.Uniques) != 3 || len(is.Indexes) != 0 {
		t.Errorf("left is %+v, want 3 constraints and no index", is)
	}
	taken := &op.CreateIndex{Table: "t", Index: schema.Index{Name: "uni", Keys: []schema.IndexKey{{Column: "b"}}}}
	if _, err := taken.Apply(after); err == nil {
		t.Error("an index has the name of a unique constraint")
	}
}
