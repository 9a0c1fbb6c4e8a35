package diff

import (
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// change is the difference between two versions of a table.
type change struct {
	was, is schema.Table

	added    []schema.Column
	dropped  []schema.Column
	altered  []*op.AlterColumn
	comments []op.Operation
	early    map[string]bool // columns dropped, with their dependents, before others are added: see goesEarly
	retyped  map[string]bool // columns whose new type may not fit their foreign keys

	dropPrimaryKey, addPrimaryKey bool

	uniques     edits[schema.Unique]
	checks      edits[schema.Check]
	indexes     edits[schema.Index]
	foreignKeys edits[schema.ForeignKey]

	validated []op.Operation // validations of constraints that were NotValid
}

// edits are the dropped and added elements of one kind; a changed element is in both.
type edits[E any] struct{ drop, add []E }

// newChange compares two versions of a table.
func newChange(was, is schema.Table) *change {
	c := &change{was: was, is: is, early: map[string]bool{}, retyped: map[string]bool{}}
	if identical(was, is) {
		return c
	}
	c.compareColumns()
	if was.Comment != is.Comment {
		c.comments = append([]op.Operation{&op.CommentTable{Table: is.Name, Text: is.Comment}}, c.comments...)
	}
	samePrimaryKey := was.PrimaryKey.Name == is.PrimaryKey.Name &&
		slices.Equal(was.PrimaryKey.Columns, is.PrimaryKey.Columns)
	if !samePrimaryKey || c.usesEarly(schema.Table{PrimaryKey: is.PrimaryKey}) {
		c.dropPrimaryKey, c.addPrimaryKey = len(was.PrimaryKey.Columns) > 0, len(is.PrimaryKey.Columns) > 0
	}
	c.uniques = compare(was.Uniques, is.Uniques, uniqueName,
		func(a, b schema.Unique) bool {
			return sameUnique(a, b) && !c.usesEarly(schema.Table{Uniques: []schema.Unique{b}})
		})
	c.checks = compare(was.Checks, is.Checks, checkName,
		func(a, b schema.Check) bool {
			return (sameCheck(a, b) || validates(a, b)) && !c.usesEarly(schema.Table{Checks: []schema.Check{b}})
		})
	c.validateChecks()
	c.indexes = compare(was.Indexes, is.Indexes, indexName,
		func(a, b schema.Index) bool {
			return sameIndex(a, b) && !c.usesEarly(schema.Table{Indexes: []schema.Index{b}})
		})
	return c
}

// usesEarly reports whether the part of the table uses a column that is dropped early, and so is dropped with it.
func (c *change) usesEarly(part schema.Table) bool {
	for column, early := range c.early {
		if !early {
			continue
		}
		if u := part.Uses(column); u.PrimaryKey || len(u.Names()) > 0 {
			return true
		}
	}
	return false
}

// empty reports whether nothing but foreign keys changes.
func (c *change) empty() bool {
	return len(c.added)+len(c.dropped)+len(c.altered)+len(c.comments)+len(c.validated) == 0 && !c.dropPrimaryKey &&
		!c.addPrimaryKey &&
		len(c.uniques.drop)+len(c.uniques.add)+len(c.checks.drop)+len(c.checks.add)+
			len(c.indexes.drop)+len(c.indexes.add) == 0
}

func (c *change) compareColumns() {
	for _, is := range c.is.Columns {
		was, ok := c.was.Column(is.Name)
		switch {
		case !ok:
			c.added = append(c.added, is)
		case sameColumn(was, is):
		case mustRecreate(was, is):
			c.early[is.Name] = true
			c.dropped, c.added = append(c.dropped, was), append(c.added, is)
		default:
			c.alter(was, is)
		}
	}
	for _, was := range c.was.Columns {
		if _, stays := c.is.Column(was.Name); !stays {
			c.dropped = append(c.dropped, was)
			c.early[was.Name] = c.goesEarly(was)
		}
	}
}

// goesEarly reports whether a wanted index or constraint mentions the name of the column, if only as an SQL keyword. It
// would be dropped with the column, so the column is dropped first.
func (c *change) goesEarly(was schema.Column) bool { return len(c.is.Uses(was.Name).Names()) > 0 }

// mustRecreate reports whether the column has to be dropped and added again: PostgreSQL cannot make an existing column
// a computed one, or change its expression.
func mustRecreate(was, is schema.Column) bool {
	return is.Computed() && schema.NormalText(was.Generated) != schema.NormalText(is.Generated)
}

func (c *change) alter(was, is schema.Column) {
	o := &op.AlterColumn{Table: c.is.Name, Column: is.Name}
	if !was.Type.Equal(is.Type) {
		o.Type(is.Type)
		c.retyped[is.Name] = family(was.Type) != family(is.Type)
	}
	if was.NotNull != is.NotNull {
		o.Change.NotNull = &is.NotNull
	}
	if !was.Default.Equal(is.Default) {
		o.Change.Default = &is.Default
	}
	if was.AutoIncrement != is.AutoIncrement {
		o.Change.AutoIncrement = &is.AutoIncrement
	}
	if schema.NormalText(was.Generated) != schema.NormalText(is.Generated) {
		o.Generated(is.Generated)
	}
	if o.Change != (op.ColumnChange{}) {
		c.altered = append(c.altered, o)
	}
	if was.Comment != is.Comment {
		c.comments = append(c.comments, &op.CommentColumn{Table: c.is.Name, Column: is.Name, Text: is.Comment})
	}
}

// compare returns the differences between two lists of elements, matched by name.
func compare[E any](was, is []E, name func(E) string, same func(a, b E) bool) edits[E] {
	var e edits[E]
	for _, old := range was {
		if kept, ok := named(is, name, name(old)); !ok || !same(old, kept) {
			e.drop = append(e.drop, old)
		}
	}
	for _, wanted := range is {
		if old, ok := named(was, name, name(wanted)); !ok || !same(old, wanted) {
			e.add = append(e.add, wanted)
		}
	}
	sortBy(e.drop, name)
	sortBy(e.add, name)
	return e
}

func named[E any](list []E, name func(E) string, wanted string) (E, bool) {
	for _, e := range list {
		if name(e) == wanted {
			return e, true
		}
	}
	var none E
	return none, false
}

func sortBy[E any](list []E, name func(E) string) {
	slices.SortStableFunc(list, func(a, b E) int { return strings.Compare(name(a), name(b)) })
}

func uniqueName(u schema.Unique) string  { return u.Name }
func checkName(c schema.Check) string    { return c.Name }
func indexName(i schema.Index) string    { return i.Name }
func keyName(k schema.ForeignKey) string { return k.Name }
