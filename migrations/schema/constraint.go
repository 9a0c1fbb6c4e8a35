package schema

import (
	"slices"
	"strings"
)

// PrimaryKey is the primary key of a table; without columns, the table has none. GORM never names it. PostgreSQL calls
// an unnamed one <table>_pkey.
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
	// NotValid is PostgreSQL's NOT VALID: new rows are checked, those from before the check are not yet. SQLite always
	// checks all rows.
	NotValid bool
}

// ForeignKey points from columns of its table to columns of another table or of the same one.
type ForeignKey struct {
	Name       string
	Columns    []string
	RefTable   string
	RefColumns []string
	// OnDelete and OnUpdate are SQL actions (CASCADE, SET NULL, …); empty means NO ACTION.
	OnDelete string
	OnUpdate string
	// NotValid is as in Check.
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

// normalAction returns the action in upper case, and "" for NO ACTION, which is the default.
func normalAction(action string) string {
	action = strings.ToUpper(strings.Join(strings.Fields(action), " "))
	if action == "NO ACTION" {
		return ""
	}
	return action
}
