package schema

import (
	"slices"
	"strings"
)

// PrimaryKey is the primary key of a table; no columns means that there is none. GORM never names it, and an unnamed
// one is called <table>_pkey by PostgreSQL.
type PrimaryKey struct {
	Name    string
	Columns []string
}

// Unique is a unique constraint.
type Unique struct {
	Name    string
	Columns []string
}

// Check is a check constraint; the expression is SQL.
type Check struct {
	Name       string
	Expression string
	// NotValid is set while PostgreSQL holds new rows to the check, and has not looked at those from before it. SQLite
	// knows no such state: it always looks at all rows.
	NotValid bool
}

// ForeignKey points from columns of its table to columns of another, or of the same.
type ForeignKey struct {
	Name       string
	Columns    []string
	RefTable   string
	RefColumns []string
	// OnDelete and OnUpdate are the actions in SQL's words (CASCADE, SET NULL, …); empty means NO ACTION.
	OnDelete string
	OnUpdate string
	// NotValid is that of a Check.
	NotValid bool
}

func (u Unique) clone() Unique {
	u.Columns = slices.Clone(u.Columns)
	return u
}

func (k ForeignKey) clone() ForeignKey {
	k.Columns = slices.Clone(k.Columns)
	k.RefColumns = slices.Clone(k.RefColumns)
	return k
}

// Normal returns the key with its actions in their normal form.
func (k ForeignKey) Normal() ForeignKey {
	k.OnDelete, k.OnUpdate = normalAction(k.OnDelete), normalAction(k.OnUpdate)
	return k
}

// Normal returns the check with its expression in its normal form.
func (c Check) Normal() Check {
	c.Expression = NormalText(c.Expression)
	return c
}

// normalAction knows that NO ACTION is what SQL does when nothing is said.
func normalAction(action string) string {
	action = strings.ToUpper(strings.Join(strings.Fields(action), " "))
	if action == "NO ACTION" {
		return ""
	}
	return action
}
