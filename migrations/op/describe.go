package op

import (
	"strings"

	"guestlist/migrations/schema"
)

// describeColumn returns the properties of a column as a plan prints them: string(32) not null default 0.
func describeColumn(c schema.Column) string {
	parts := []string{c.Type.String()}
	if c.AutoIncrement {
		parts = append(parts, "autoincrement")
	}
	if c.NotNull {
		parts = append(parts, "not null")
	}
	if c.Default.Kind != schema.NoDefault {
		parts = append(parts, "default "+c.Default.String())
	}
	if c.Generated != "" {
		parts = append(parts, "generated "+c.Generated)
	}
	return strings.Join(parts, " ")
}
