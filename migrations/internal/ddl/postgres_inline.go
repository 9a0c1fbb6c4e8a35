package ddl

import (
	"fmt"
	"slices"

	"guestlist/migrations/schema"
)

// changeInlineSQL changes the constraints written inside types, such as UNIQUE, CHECK (a > 0) and REFERENCES users,
// from those before to those after. PostgreSQL accepts them in a column definition only, and stores them as constraints
// of the table. A constraint whose generated name changes, because an earlier one is dropped, is dropped and added
// again.
func (p *postgres) changeInlineSQL(was, is schema.Table) []string {
	drop, add := p.changeInline(was, is)
	return append(drop, add...)
}

func (p *postgres) changeInline(was, is schema.Table) (drop, add []string) {
	before, after := inlineConstraints(was), inlineConstraints(is)
	for _, c := range before {
		if !slices.ContainsFunc(after, c.same) {
			drop = append(drop, p.dropInline(was, c)...)
		}
	}
	for _, c := range after {
		if !slices.ContainsFunc(before, c.same) {
			add = append(add, p.addInline(is, c)...)
		}
	}
	return drop, add
}

// changeKey returns the SQL that changes the keys of a table. A UNIQUE inside a type may merge with a new key, or
// separate from a dropped one.
func (p *postgres) changeKey(table string, change ...string) []string {
	was, _ := p.before.Table(table)
	is, _ := p.after.Table(table)
	drop, add := p.changeInline(was, is)
	return slices.Concat(drop, change, add)
}

func (p *postgres) dropInline(t schema.Table, c inlineConstraint) []string {
	name := p.actualName(c.name)
	switch {
	case c.kind == "":
		p.failInline(c)
		return nil
	case c.merged:
		return nil
	case name == "":
		p.fail(fmt.Errorf("table %s has no constraint %s, nor another that %q could have created", t.Name, c.name, c.clause))
		return nil
	default:
		return []string{p.dropConstraint(t.Name, name)}
	}
}

func (p *postgres) addInline(t schema.Table, c inlineConstraint) []string {
	if c.merged {
		return nil
	}
	of := " (" + p.name(c.column) + ")"
	add := p.alter(t.Name) + "ADD CONSTRAINT " + p.name(p.freeName(t, c)) + " "
	switch c.kind {
	case "primary":
		return []string{add + "PRIMARY KEY" + of}
	case "unique":
		return []string{add + "UNIQUE" + of}
	case "check":
		return []string{add + c.rest}
	case "references":
		return []string{add + "FOREIGN KEY" + of + " " + c.rest}
	default:
		p.failInline(c)
		return nil
	}
}

func (p *postgres) failInline(c inlineConstraint) {
	p.fail(fmt.Errorf("cannot change %q of an existing column: use m.SQL", c.clause))
}

// renameInline renames the constraints that PostgreSQL named after the table or a column to the names that it would
// generate now, so that the names still follow from the schema. The column from is renamed to to, or dropped if to is
// empty.
func (p *postgres) renameInline(was, is schema.Table, from, to string) []string {
	after := inlineConstraints(is)
	var pending []rename
	for _, old := range inlineConstraints(was) {
		if to == "" && slices.Contains(old.columns, from) { // dropped with the column
			continue
		}
		column := old.column
		if column == from {
			column = to
		}
		i := slices.IndexFunc(after, func(c inlineConstraint) bool { return c.column == column && c.number == old.number })
		if i < 0 || old.name == "" || after[i].name == "" || old.name == after[i].name {
			continue
		}
		r := rename{p.actualName(old.name), p.freeName(is, after[i])}
		if r.from != "" && r.from != r.to {
			pending = append(pending, r)
		}
	}
	var texts []string
	for len(pending) > 0 {
		next := max(0, slices.IndexFunc(pending, func(r rename) bool { return !slices.ContainsFunc(pending, r.follows) }))
		r := pending[next]
		texts = append(texts, p.alter(is.Name)+"RENAME CONSTRAINT "+p.name(r.from)+" TO "+p.name(r.to))
		pending = slices.Delete(pending, next, next+1)
	}
	return texts
}

// rename is an old and a new name.
type rename struct{ from, to string }

// follows reports whether r needs the name that other frees.
func (r rename) follows(other rename) bool { return r.to == other.from }
