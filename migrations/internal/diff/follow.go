package diff

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

func compareText(a, b string) int { return strings.Compare(a, b) }

// follow renames the indexes and constraints that differ in name only, if they were named after a renamed table or
// column, or differ only in case. It cannot fail: the others are dropped and added.
func (r *renaming) follow(renames []Rename) {
	f := followed{tables: map[string]bool{}, columns: map[string][]string{}}
	for _, one := range renames {
		table := renamedTable(one.Table, renames)
		switch one.Kind {
		case Table:
			f.tables[one.To] = true
		case Column:
			f.columns[table] = append(f.columns[table], one.To)
		}
	}
	for _, t := range r.schema.Tables() {
		is, stays := r.to.Table(t.Name)
		if !stays || identical(t, is) {
			continue
		}
		for _, o := range relabelled(t, is) {
			if f.names(t, o) || refolds(o) {
				_ = r.do(o) // if the name is taken, it is dropped and added
			}
		}
	}
}

// followed are the renamed tables and, by table, the renamed columns, by their new names.
type followed struct {
	tables  map[string]bool
	columns map[string][]string
}

// names reports whether the name of the index or constraint may derive from a renamed table or column: one that it is
// in, uses or references.
func (f followed) names(t schema.Table, o op.Operation) bool {
	if f.tables[t.Name] {
		return true
	}
	label, _ := relabel(o)
	if k, ok := t.ForeignKey(label); ok && (f.tables[k.RefTable] || len(f.columns[k.RefTable]) > 0) {
		return true
	}
	return slices.ContainsFunc(f.columns[t.Name], func(c string) bool { return slices.Contains(t.Uses(c).Names(), label) })
}

// refolds reports whether the old and the new name differ only in case.
func refolds(o op.Operation) bool {
	from, to := relabel(o)
	return strings.EqualFold(from, to)
}

// relabel returns the old and the new name of an index or constraint.
func relabel(o op.Operation) (from, to string) {
	switch o := o.(type) {
	case *op.RenameIndex:
		return o.From, o.To
	case *op.RenameConstraint:
		return o.From, o.To
	default:
		return "", ""
	}
}

// relabelled returns the renames of the indexes and constraints that differ in name only.
func relabelled(was, is schema.Table) []op.Operation {
	var all []op.Operation
	for _, p := range relabels(was.Indexes, is.Indexes, indexName, sameButName(sameIndex, setIndexName)) {
		all = append(all, &op.RenameIndex{Table: is.Name, From: p.from, To: p.to})
	}
	for _, p := range constraintRelabels(was, is) {
		all = append(all, &op.RenameConstraint{Table: is.Name, From: p.from, To: p.to})
	}
	return all
}

func constraintRelabels(was, is schema.Table) []pair {
	return slices.Concat(
		relabels(was.Uniques, is.Uniques, uniqueName, sameButName(sameUnique, setUniqueName)),
		relabels(was.Checks, is.Checks, checkName, sameButName(sameCheck, setCheckName)),
		relabels(was.ForeignKeys, is.ForeignKeys, keyName, sameButName(sameKey, setKeyName)),
	)
}

// relabels pairs dropped with added elements that differ in name only, each once.
func relabels[E any](was, is []E, name func(E) string, same func(a, b E) bool) []pair {
	gone, come := unshared(was, is, name), unshared(is, was, name)
	var pairs []pair
	for _, old := range gone {
		i := slices.IndexFunc(come, func(e E) bool { return same(old, e) })
		if i < 0 {
			continue
		}
		pairs = append(pairs, pair{name(old), name(come[i])})
		come = slices.Delete(come, i, i+1)
	}
	return pairs
}

// unshared returns the elements whose names are not in the other list, sorted.
func unshared[E any](list, other []E, name func(E) string) []E {
	var found []E
	for _, e := range list {
		if _, shared := named(other, name, name(e)); !shared {
			found = append(found, e)
		}
	}
	sortBy(found, name)
	return found
}

func sameButName[E any](same func(a, b E) bool, rename func(e E, to string) E) func(a, b E) bool {
	return func(a, b E) bool { return same(rename(a, ""), rename(b, "")) }
}

func setIndexName(i schema.Index, to string) schema.Index {
	i.Name = to
	return i
}

func setUniqueName(u schema.Unique, to string) schema.Unique {
	u.Name = to
	return u
}

func setCheckName(c schema.Check, to string) schema.Check {
	c.Name = to
	return c
}

func setKeyName(k schema.ForeignKey, to string) schema.ForeignKey {
	k.Name = to
	return k
}

// labels carries out the given renames of indexes and constraints.
func (r *renaming) labels(renames []Rename) error {
	for _, one := range renames {
		if one.Kind != Index && one.Kind != Constraint {
			continue
		}
		table := renamedTable(one.Table, renames)
		was, _ := r.schema.Table(table)
		is, _ := r.to.Table(table)
		if slices.Contains(labelNames(was), one.To) { // follow has renamed it
			continue
		}
		possible := relabelled(onlyLabel(was, one.From), onlyLabel(is, one.To))
		if len(possible) == 0 {
			return fmt.Errorf("cannot rename %s: no index or constraint differs in name only", one)
		}
		for _, o := range possible { // an index and a constraint may share a name
			if err := r.do(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// onlyLabel returns the table with only the indexes and constraints of that name.
func onlyLabel(t schema.Table, label string) schema.Table {
	return schema.Table{
		Name:        t.Name,
		Indexes:     only(t.Indexes, indexName, label),
		Uniques:     only(t.Uniques, uniqueName, label),
		Checks:      only(t.Checks, checkName, label),
		ForeignKeys: only(t.ForeignKeys, keyName, label),
	}
}

func only[E any](list []E, name func(E) string, label string) []E {
	if e, ok := named(list, name, label); ok {
		return []E{e}
	}
	return nil
}

// labelNames returns the names of all indexes and constraints of a table.
func labelNames(t schema.Table) []string {
	names := t.IndexNames()
	for _, c := range t.Checks {
		names = append(names, c.Name)
	}
	for _, k := range t.ForeignKeys {
		names = append(names, k.Name)
	}
	return names
}
