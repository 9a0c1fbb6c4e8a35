package diff

import (
	"fmt"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// object describes an object in a schema, in words, by its name at the base of the two branches.
type object string

// verb is what an operation does to an object.
type verb string

const (
	adds    verb = "adds"
	alters  verb = "changes"
	renames verb = "renames"
	removes verb = "drops"
	needs   verb = "uses"
)

// plural returns the verb for a plural subject.
func (v verb) plural() string { return string(v[:len(v)-1]) }

// effect is what an operation of one side does to one object.
type effect struct {
	side      string
	verb      verb
	object    object
	operation string // in words
	number    int    // of the operation among those of the side
}

// effects collects the effects of one side, operation by operation.
type effects struct {
	side   string
	schema schema.Schema // before the operation
	number int           // of the operation

	tables  map[string]string // current name → name at the base, of renamed tables
	columns map[string]string // current table.name → name at the base, of renamed columns
	created map[string]bool   // tables that this side created, which the other side cannot use
	added   map[object]bool   // other objects that this side added

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

// follow records the effects of an operation and applies it. For an operation that declares others, it follows those.
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

// add records an effect, unless the side itself added the object.
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

// indexObject returns the object of an added index or unique constraint, whose name must be unique in the schema.
func indexObject(name string) object { return object("index " + name) }

// label returns the object of an index or constraint of a table.
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
