package op_test

import (
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestIndexesAndConstraintsOfOneName checks that an index may have the name of a check or a foreign key, which stays
// when a dropped column takes the index along, but not the name of a unique constraint.
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
		t.Errorf("got %+v after the drop, want 3 constraints and no index", is)
	}
	taken := &op.CreateIndex{Table: "t", Index: schema.Index{Name: "uni", Keys: []schema.IndexKey{{Column: "b"}}}}
	if _, err := taken.Apply(after); err == nil {
		t.Error("got no error for an index with the name of a unique constraint, want one")
	}
}
