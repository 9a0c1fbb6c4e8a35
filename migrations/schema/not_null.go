package schema

import (
	"slices"
	"strings"
)

// ChecksNotNull reports whether a validated check of the table proves that the column is not NULL.
func (t Table) ChecksNotNull(column string) bool {
	return slices.ContainsFunc(t.Checks, func(c Check) bool { return !c.NotValid && c.SaysNotNull(column) })
}

// SaysNotNull reports whether the check is exactly "column IS NOT NULL". Unquoted names are lower-cased, as in
// PostgreSQL.
func (c Check) SaysNotNull(column string) bool {
	tokens := withoutSpace(c.Expression)
	for len(tokens) > 2 && tokens[0].Text == "(" && tokens[len(tokens)-1].Text == ")" {
		tokens = tokens[1 : len(tokens)-1]
	}
	if len(tokens) != 4 || tokens[0].Folded() != column {
		return false
	}
	return strings.EqualFold(tokens[1].Text+" "+tokens[2].Text+" "+tokens[3].Text, "is not null")
}
