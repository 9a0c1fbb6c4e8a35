// Package optest finds operations that a test does not cover, so that a new operation fails every test that must cover
// it.
package optest

import (
	"reflect"
	"slices"

	"guestlist/migrations/op"
)

// Missing returns the types of operations that a Migration can record and that are not in the list.
func Missing(list []op.Operation) []string {
	var missing []string
	for method := range reflect.TypeFor[*op.Migration]().Methods() {
		if method.Type.NumOut() == 0 || !method.Type.Out(0).Implements(reflect.TypeFor[op.Operation]()) {
			continue
		}
		of := method.Type.Out(0)
		if !slices.ContainsFunc(list, func(o op.Operation) bool { return reflect.TypeOf(o) == of }) {
			missing = append(missing, of.String())
		}
	}
	return missing
}
