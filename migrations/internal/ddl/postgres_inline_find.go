package ddl

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// actual returns the name that a constraint has in the database; it is empty where there is no such constraint.
func (p *postgres) actual(name string) string {
	if found, ok := p.found[name]; ok {
		return found
	}
	return name
}

// existing is a constraint in the database.
type existing struct{ name, kind, columns, text string }

// is reports whether it is of the kind and on the columns of the other one.
func (e existing) is(c inlineConstraint) bool {
	return e.kind == c.kind && e.columns == strings.Join(slices.Sorted(slices.Values(c.columns)), ",")
}

// findInline looks for the constraints that do not have the name that follows from the schema: it depends on what other
// tables, or columns that are gone, had when PostgreSQL made it up, and a rename may have left an older one. A script
// without a database takes the names that follow from the schema.
func (p *postgres) findInline(ctx context.Context, conn gorm.ConnPool, o op.Operation) error {
	t, ok := p.before.Table(changesInline(o))
	if !ok {
		return nil
	}
	given := constraintNames(t)
	var wanted []inlineConstraint
	for _, c := range inlineConstraints(t) {
		switch {
		case c.given:
			given = append(given, c.name)
		case c.name != "":
			wanted = append(wanted, c)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	there, err := p.constraintsOf(ctx, conn, t.Name)
	if err != nil {
		return err
	}
	there = slices.DeleteFunc(there, func(e existing) bool { return slices.Contains(given, e.name) })
	p.found = assign(wanted, there)
	return nil
}

// assign returns the names of constraints in the database by those that are wanted; it is empty where there is none. Of
// several checks on the same columns, the one of that text is taken, or else the one of that name.
func assign(wanted []inlineConstraint, there []existing) map[string]string {
	found := map[string]string{}
	for _, c := range wanted {
		found[c.name] = ""
	}
	for _, likely := range []func(e existing, c inlineConstraint) bool{
		func(e existing, c inlineConstraint) bool { return e.name == c.name && loose(e.text) == loose(c.rest) },
		func(e existing, c inlineConstraint) bool { return loose(e.text) == loose(c.rest) },
		func(e existing, c inlineConstraint) bool { return e.name == c.name },
		func(existing, inlineConstraint) bool { return true },
	} {
		for _, c := range wanted {
			i := slices.IndexFunc(there, func(e existing) bool { return e.is(c) && likely(e, c) })
			if i >= 0 && found[c.name] == "" {
				found[c.name] = there[i].name
				there = slices.Delete(there, i, i+1)
			}
		}
	}
	return found
}

// loose returns SQL without the parentheses, of which the server has its own.
func loose(sql string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(schema.NormalText(sql)), func(word string) bool {
		return word == "(" || word == ")"
	}), " ")
}

// changesInline returns the table of an operation that may drop or rename constraints by made-up names.
func changesInline(o op.Operation) string {
	switch o := o.(type) {
	case *op.AlterColumn:
		return o.Table
	case *op.DropColumn:
		return o.Table
	case *op.RenameColumn:
		return o.Table
	case *op.RenameTable:
		return o.From
	case *op.AddUnique:
		return o.Table
	case *op.AddPrimaryKey:
		return o.Table
	default:
		return ""
	}
}

// constraintsOf returns the constraints of a table, the oldest first.
func (p *postgres) constraintsOf(ctx context.Context, conn gorm.ConnPool, table string) (list []existing, err error) {
	rows, err := conn.QueryContext(ctx, `SELECT conname,
			CASE contype WHEN 'p' THEN 'primary' WHEN 'u' THEN 'unique' WHEN 'c' THEN 'check'
				WHEN 'f' THEN 'references' ELSE '' END,
			coalesce((SELECT string_agg(attname, ',' ORDER BY attname COLLATE "C") FROM pg_attribute
				WHERE attrelid = conrelid AND attnum = ANY (conkey)), ''), pg_get_constraintdef(oid, true)
		FROM pg_constraint WHERE conrelid = to_regclass($1) ORDER BY oid`, p.table(table))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var e existing
		if err := rows.Scan(&e.name, &e.kind, &e.columns, &e.text); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}
