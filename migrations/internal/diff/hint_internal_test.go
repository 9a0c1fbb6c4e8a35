package diff

import (
	"testing"

	"guestlist/migrations/op"
)

// TestDropsRenamed checks whether a drop removes what a rename would keep: both the kind and the table must match.
func TestDropsRenamed(t *testing.T) {
	t.Parallel()
	table := Rename{Kind: Table, From: "users", To: "people"}
	column := Rename{Kind: Column, Table: "users", From: "users", To: "people"}
	index := Rename{Kind: Index, Table: "users", From: "users", To: "people"}
	for _, test := range []struct {
		operation op.Operation
		rename    Rename
		want      bool
	}{
		{&op.DropTable{Table: "users"}, table, true},
		{&op.DropTable{Table: "teams"}, table, false},
		{&op.DropTable{Table: "users"}, column, false},
		{&op.DropTable{Table: "users"}, index, false},
		{&op.DropColumn{Table: "users", Column: "users"}, column, true},
		{&op.DropColumn{Table: "teams", Column: "users"}, column, false},
		{&op.DropColumn{Table: "users", Column: "name"}, column, false},
		{&op.DropColumn{Table: "users", Column: "users"}, table, false},
		{&op.DropColumn{Table: "users", Column: "users"}, index, false},
		{&op.DropIndex{Table: "users", Index: "users"}, index, false}, // loses nothing
	} {
		if got := dropsRenamed(test.operation, test.rename); got != test.want {
			t.Errorf("%s, %v %s: got %t, want %t", test.operation, test.rename.Kind, test.rename, got, test.want)
		}
	}
}
