package op

import (
	"errors"
	"fmt"
	"slices"

	"guestlist/migrations/schema"
)

// Operation is a change. The set is sealed: every operation is a pointer to one of this package's types, and a
// Migration has a method that records it.
type Operation interface {
	// String returns a line of a plan: add column users.phone string(32).
	String() string
	// Apply returns the schema after the change. The error says why the change is not possible on this schema.
	Apply(before schema.Schema) (schema.Schema, error)
	// Reverse returns the operations that undo the change, given the schema before it. The error is ErrIrreversible if
	// the change does not say how to undo it.
	Reverse(before schema.Schema) ([]Operation, error)

	sealed()
}

// ErrIrreversible is the error of an operation that has no reverse.
var ErrIrreversible = errors.New("cannot be reversed")

// ApplyAll returns the schema after all the operations. The error names the operation that failed.
func ApplyAll(before schema.Schema, operations []Operation) (schema.Schema, error) {
	after := before
	for _, o := range operations {
		next, err := o.Apply(after)
		if err != nil {
			return before, fmt.Errorf("%s: %w", o, err)
		}
		after = next
	}
	return after, nil
}

// ReverseAll returns the operations that undo all the operations, in reverse order. before is the schema before them.
func ReverseAll(before schema.Schema, operations []Operation) ([]Operation, error) {
	var undo [][]Operation
	for _, o := range operations {
		reverse, err := o.Reverse(before)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o, err)
		}
		if before, err = o.Apply(before); err != nil {
			return nil, fmt.Errorf("%s: %w", o, err)
		}
		undo = append(undo, reverse)
	}
	slices.Reverse(undo)
	return slices.Concat(undo...), nil
}
