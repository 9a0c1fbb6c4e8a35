package models_test

import (
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// operations returns the operations that create the models' schema from nothing.
func operations(t *testing.T, z zoo) []op.Operation {
	t.Helper()
	plan, err := diff.Diff(schema.Schema{}, schemaOf(t, z.models, &z.config))
	if err != nil {
		t.Fatal(err)
	}
	return diff.Operations(plan.Upgrade)
}
