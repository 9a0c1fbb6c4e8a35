package diff

import (
	"fmt"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// object is something in a schema, described for people, with the name that it has at the base of two branches.
type object string

// verb is what is done to an object.
type verb string

const (
	adds    verb = "adds"
	alters  verb = "changes"
	renames verb = "renames"
	removes verb = "drops"
	needs   verb = "uses"
)

// plural is the verb for two.
func (v verb) plural() string { return string(v[:len(v)-1]) }

// effect is what one side does to one object.
type effect struct {
	side      string
	verb      verb
	object    object
	operation string // for people
	number    int    // of the operation among those of the side
}

// effects collects the effects of one side, operation by operation.
type effects struct {
	side   string
	schema schema.Schema // before the operation
	number int           // of the operation

	tables  map[string]string // current name → name at the base, of renamed tables
	columns map[string]string // current table.name → name at the base, of renamed columns
	created map[string]bool   // tables that this side created: the other side cannot depend on what is in them
	added   map[object]bool   // what else this side added

	found []effect
}

// effectsOf returns the effects of a side, and the schema after it.
func effectsOf(base schema.Schema, side Side) ([]effect, schema.Schema, error) {
	e := effects{
		side: side.Name, schema: base,
		tables: map[string]string{}, columns: map[string]string{}, created: map[string]bool{}, added: map[object]bool{},
	}
	for i, o := range side.Operations {
		e.number = i
		if err := e.follow(o); err != nil {
			return nil, schema.Schema{}, fmt.Errorf("%s: %s: %w", side.Name, o, err)
		}
	}
	return e.found, e.schema, nil
}

// follow records the effects of an operation and applies it. An operation that declares others is those.
func (e *effects) follow(o op.Operation) error {
	declared := op.DeclaredBy(o)
	for _, d := range declared {
		if err := e.follow(d); err != nil {
			return err
		}
	}
	if len(declared) > 0 {
		return nil
	}
	after, err := o.Apply(e.schema)
	if err != nil {
		return err
	}
	e.record(o)
	e.schema = after
	return nil
}

// add records an effect, unless it is on something that the side itself added.
func (e *effects) add(v verb, on object, o op.Operation) {
	if v == adds {
		e.added[on] = true
	} else if e.added[on] {
		return
	}
	e.found = append(e.found, effect{side: e.side, verb: v, object: on, operation: o.String(), number: e.number})
}

func (e *effects) table(name string) object { return object("table " + e.baseTable(name)) }

func (e *effects) baseTable(name string) string {
	if base, ok := e.tables[name]; ok {
		return base
	}
	return name
}

func (e *effects) column(table, name string) object {
	return object("column " + e.baseTable(table) + "." + e.baseColumn(table, name))
}

func (e *effects) baseColumn(table, name string) string {
	if base, ok := e.columns[table+"."+name]; ok {
		return base
	}
	return name
}

// indexObject is an index or unique constraint that is added: no two in a schema may have the same name.
func indexObject(name string) object { return object("index " + name) }

// label is an index or constraint of a table.
func (e *effects) label(table, name string) object {
	return object(name + " of table " + e.baseTable(table))
}

func (e *effects) renameTable(o *op.RenameTable) {
	e.tables[o.To] = e.baseTable(o.From)
	e.created[o.To] = e.created[o.From]
	was, _ := e.schema.Table(o.From)
	for _, c := range was.Columns {
		if base, ok := e.columns[o.From+"."+c.Name]; ok {
			e.columns[o.To+"."+c.Name] = base
		}
	}
}
