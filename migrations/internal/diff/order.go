package diff

import (
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// order returns the created and changed tables, each after those that its new foreign keys need, and otherwise by name.
// In a cycle of foreign keys, one is deferred.
func (d *differ) order() []string {
	o := ordering{differ: d, state: visits{}}
	touched := map[string]bool{}
	for name := range d.created {
		touched[name] = true
	}
	for name, c := range d.changes {
		touched[name] = !c.empty() || len(c.foreignKeys.drop)+len(c.foreignKeys.add) > 0
	}
	for _, name := range sortedNames(touched) {
		if touched[name] && o.state[name] == unseen {
			o.visit(name)
		}
	}
	return o.done
}

// ordering walks the foreign keys depth first.
type ordering struct {
	*differ

	state visits
	done  []string
}

type visit int

const (
	unseen visit = iota
	entered
	left
)

type visits map[string]visit // by table

// leadBack reports whether references inside types, which cannot be deferred or dropped, lead from a table to one that
// is being visited. The function next follows them.
func (v visits) leadBack(name string, next func(name string) []string) bool {
	seen := map[string]bool{}
	for ahead := []string{name}; len(ahead) > 0; ahead = ahead[1:] {
		if v[ahead[0]] == entered {
			return true
		}
		if !seen[ahead[0]] {
			seen[ahead[0]] = true
			ahead = append(ahead, next(ahead[0])...)
		}
	}
	return false
}

func (o *ordering) visit(name string) {
	o.state[name] = entered
	for _, k := range o.newKeys(name) {
		_, exists := o.is[k.RefTable] // if it does not, applying the plan fails
		if k.RefTable == name {
			o.deferOwn(name, k)
			continue
		}
		if !exists || o.ready(k.RefTable, k.RefColumns) {
			continue
		}
		switch {
		case o.state[k.RefTable] == left:
		case o.state.leadBack(k.RefTable, o.targets):
			o.later[reference{name, k.Name}] = true
		case o.state[k.RefTable] == unseen:
			o.visit(k.RefTable)
		}
	}
	for _, target := range o.targets(name) {
		if _, exists := o.is[target]; exists && o.state[target] == unseen {
			o.visit(target)
		}
	}
	o.state[name] = left
	o.done = append(o.done, name)
}

// targets returns the tables that references inside the types of new columns need.
func (d *differ) targets(name string) []string {
	if t, comes := d.created[name]; comes {
		return t.Targets()
	}
	c, stays := d.changes[name]
	if !stays {
		return nil
	}
	columns := slices.Clone(c.added)
	for _, o := range c.altered {
		if o.Change.Type != nil {
			columns = append(columns, schema.Column{Type: *o.Change.Type})
		}
	}
	return schema.Table{Columns: columns}.Targets()
}

// deferOwn defers a created table's foreign key to itself if the referenced columns are unique only by an index, which
// is created after the table.
func (o *ordering) deferOwn(name string, k schema.ForeignKey) {
	t, comes := o.created[name]
	t.Indexes = nil
	if comes && !t.IsKey(k.RefColumns) {
		o.later[reference{name, k.Name}] = true
	}
}

// newKeys returns the foreign keys to be added to a table, sorted by the referenced table.
func (d *differ) newKeys(name string) []schema.ForeignKey {
	t, comes := d.created[name]
	keys := append([]schema.ForeignKey(nil), t.ForeignKeys...)
	if !comes {
		keys = append(keys, d.changes[name].foreignKeys.add...)
	}
	sortBy(keys, func(k schema.ForeignKey) string { return k.RefTable + "\x00" + k.Name })
	return keys
}

// addLater adds the deferred foreign keys.
func (d *differ) addLater(tables []string) []op.Operation {
	var add []op.Operation
	for _, name := range tables {
		for _, k := range d.newKeys(name) {
			if d.later[reference{name, k.Name}] {
				add = append(add, &op.AddForeignKey{Table: name, Key: k})
			}
		}
	}
	return add
}

// dropTables drops the chosen tables, each before those that it references. In a cycle, a foreign key is dropped first.
func (d *differ) dropTables(chosen func(name string) bool) []op.Operation {
	w := dropping{chosen: chosen, references: map[string][]reference{}, state: visits{}}
	names := sortedNames(d.dropped)
	for _, name := range names {
		for _, k := range d.dropped[name].ForeignKeys {
			w.references[k.RefTable] = append(w.references[k.RefTable], reference{name, k.Name})
		}
		for _, target := range d.dropped[name].Targets() {
			w.references[target] = append(w.references[target], reference{name, ""})
		}
	}
	for _, name := range names {
		if chosen(name) && w.state[name] == unseen {
			w.visit(name)
		}
	}
	return append(w.keys, w.tables...)
}

type dropping struct {
	chosen       func(name string) bool
	references   map[string][]reference // by referenced table
	state        visits
	keys, tables []op.Operation
}

// visit drops the tables that reference this one, and then this one.
func (w *dropping) visit(name string) {
	w.state[name] = entered
	for _, r := range w.references[name] {
		switch inType := r.key == ""; {
		case r.table == name || !w.chosen(r.table) || w.state[r.table] == left:
		case !inType && w.state.leadBack(r.table, w.referring):
			w.keys = append(w.keys, &op.DropForeignKey{Table: r.table, Name: r.key})
		case w.state[r.table] == unseen:
			w.visit(r.table)
		}
	}
	w.state[name] = left
	w.tables = append(w.tables, &op.DropTable{Table: name})
}

// referring returns the tables that reference a table inside a type, and so have to be dropped before it.
func (w *dropping) referring(name string) []string {
	var tables []string
	for _, r := range w.references[name] {
		if r.key == "" && w.chosen(r.table) {
			tables = append(tables, r.table)
		}
	}
	return tables
}
