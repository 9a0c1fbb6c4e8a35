package ddl

import (
	"slices"
	"strconv"
	"strings"

	"guestlist/migrations/schema"
)

// inlineConstraint is a constraint that the type of a column brings along.
type inlineConstraint struct {
	column  string   // whose type it is
	number  int      // among the constraints of that type
	clause  string   // CONSTRAINT x CHECK (a > 0)
	rest    string   // CHECK (a > 0)
	kind    string   // primary, unique, check or references; empty for what is no constraint of a table
	columns []string // that it is on
	name    string   // given, or made up by PostgreSQL
	given   bool
	merged  bool // PostgreSQL makes one of it and of another constraint of the table, and does not name it
}

// inlineEndings are what PostgreSQL ends the names of constraints with.
var inlineEndings = map[string]string{"primary": "pkey", "unique": "key", "check": "check", "references": "fkey"}

// inlineConstraints returns the constraints that the types of a table bring along, with their names as PostgreSQL makes
// them up in a table that is created so (ChooseConstraintName, ChooseIndexName;
// https://www.postgresql.org/docs/current/sql-createtable.html): the table, the column, what it is, and a number where
// that is taken.
func inlineConstraints(t schema.Table) []inlineConstraint {
	var all []inlineConstraint
	taken := map[string]bool{}
	for _, name := range constraintNames(t) {
		taken[name] = true
	}
	for _, column := range t.Columns {
		for number, clause := range inline(column) {
			c := inlineConstraint{column: column.Name, number: number, clause: clause}
			c.read(t)
			c.merged = c.merge(t, all)
			taken[c.name] = true
			all = append(all, c)
		}
	}
	for i := range all {
		if c := &all[i]; c.kind != "" && !c.given && !c.merged {
			c.name = c.makeUp(t, taken)
			taken[c.name] = true
		}
	}
	return all
}

// MadeUpNames returns the names that PostgreSQL makes up for the constraints inside the types of a table. The numbers
// at their ends depend on the order of the columns, and on what other tables had at the time.
func MadeUpNames(t schema.Table) []string {
	var names []string
	for _, c := range inlineConstraints(t) {
		if c.name != "" && !c.given {
			names = append(names, c.name)
		}
	}
	return names
}

func inline(c schema.Column) []string {
	if c.Type.Kind != schema.Verbatim {
		return nil
	}
	return schema.SplitType(c.Type.For(schema.Postgres)).Constraints
}

// constraintNames returns the names that the schema gives to the constraints and indexes of a table.
func constraintNames(t schema.Table) []string {
	names := append(t.IndexNames(), primaryKeyName(t))
	if len(t.PrimaryKey.Columns) == 0 {
		names = names[:len(names)-1]
	}
	for _, c := range t.Checks {
		names = append(names, c.Name)
	}
	for _, k := range t.ForeignKeys {
		names = append(names, k.Name)
	}
	return names
}

// read takes the clause apart.
func (c *inlineConstraint) read(t schema.Table) {
	tokens := schema.Tokens(c.clause)
	if isWord(tokens[0], "constraint") {
		name := 1 + slices.IndexFunc(tokens[1:], func(t schema.Token) bool { return t.Kind != schema.SpaceToken })
		c.name, c.given = tokens[name].Folded(), true
		tokens = tokens[name+1:]
	}
	c.rest = textOf(tokens)
	word := strings.ToLower(schema.Tokens(c.rest)[0].Text)
	if _, known := inlineEndings[word]; !known {
		return
	}
	c.kind, c.columns = word, []string{c.column}
	if word != "check" {
		return
	}
	c.columns = nil
	for _, column := range t.Columns {
		if schema.Mentions(c.rest[len(word):], column.Name) {
			c.columns = append(c.columns, column.Name)
		}
	}
}

// merge reports whether there is the same key already (transformIndexConstraints).
func (c *inlineConstraint) merge(t schema.Table, others []inlineConstraint) bool {
	switch c.kind {
	case "primary":
		return slices.Contains(t.PrimaryKey.Columns, c.column)
	case "unique":
		return slices.Equal(t.PrimaryKey.Columns, c.columns) ||
			slices.ContainsFunc(t.Uniques, func(u schema.Unique) bool { return slices.Equal(u.Columns, c.columns) }) ||
			slices.ContainsFunc(others, func(o inlineConstraint) bool {
				return o.column == c.column && (o.kind == "unique" || o.kind == "primary")
			})
	default:
		return false
	}
}

// makeUp names a check after the only column that it mentions, whatever column its text is at.
func (c *inlineConstraint) makeUp(t schema.Table, taken map[string]bool) string {
	column, ending := "", inlineEndings[c.kind]
	if len(c.columns) == 1 && c.kind != "primary" {
		column = c.columns[0]
	}
	name := schema.ObjectName(unqualified(t.Name), column, ending)
	for n := 1; taken[name]; n++ {
		name = schema.ObjectName(unqualified(t.Name), column, ending+strconv.Itoa(n))
	}
	return name
}

// free returns the name of a constraint to be made or renamed, with a number where an index of another table has it.
func (p *postgres) free(t schema.Table, c inlineConstraint) string {
	if c.given || c.kind == "check" || c.kind == "references" {
		return c.name
	}
	taken := map[string]bool{}
	for _, other := range p.after.Tables() {
		if qualifier(other.Name) != qualifier(t.Name) {
			continue
		}
		for _, name := range constraintNames(other) {
			taken[name] = true
		}
		for _, o := range inlineConstraints(other) {
			taken[o.name] = taken[o.name] || o.name != c.name || other.Name != t.Name
		}
	}
	return c.makeUp(t, taken)
}

// same reports whether a constraint of the table before is one of the table after.
func (c inlineConstraint) same(other inlineConstraint) bool {
	return c.column == other.column && c.name == other.name &&
		schema.NormalText(c.clause) == schema.NormalText(other.clause)
}
