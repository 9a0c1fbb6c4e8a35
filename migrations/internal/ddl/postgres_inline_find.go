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

// actualName returns the name that a constraint has in the database, or an empty string if it does not exist there.
func (p *postgres) actualName(name string) string {
	if found, ok := p.actual[name]; ok {
		return found
	}
	return name
}

// existing is a constraint in the database.
type existing struct{ name, kind, columns, text string }

// matches reports whether e has the kind and the columns of c.
func (e existing) matches(c inlineConstraint) bool {
	return e.kind == c.kind && e.columns == strings.Join(slices.Sorted(slices.Values(c.columns)), ",")
}

// findInline reads the actual names of the constraints that PostgreSQL named. They may differ from those that follow
// from the schema: PostgreSQL also avoided the names that other tables and dropped columns used at the time, and a
// rename may have left an old name. An offline script uses the names that follow from the schema.
func (p *postgres) findInline(ctx context.Context, conn gorm.ConnPool, o op.Operation) error {
	t, ok := p.before.Table(inlineTable(o))
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
	p.actual = matchNames(wanted, there)
	return nil
}

// matchNames maps the name of each wanted constraint to that of its match in the database, or to an empty string. Among
// several checks on the same columns, the same text matches before the same name.
func matchNames(wanted []inlineConstraint, there []existing) map[string]string {
	found := map[string]string{}
	for _, c := range wanted {
		found[c.name] = ""
	}
	sameName := func(e existing, c inlineConstraint) bool { return e.name == c.name }
	sameText := func(e existing, c inlineConstraint) bool {
		return withoutParentheses(e.text) == withoutParentheses(c.rest)
	}
	for _, likely := range []func(e existing, c inlineConstraint) bool{
		func(e existing, c inlineConstraint) bool { return sameName(e, c) && sameText(e, c) },
		sameText,
		sameName,
		func(existing, inlineConstraint) bool { return true },
	} {
		for _, c := range wanted {
			i := slices.IndexFunc(there, func(e existing) bool { return e.matches(c) && likely(e, c) })
			if i >= 0 && found[c.name] == "" {
				found[c.name] = there[i].name
				there = slices.Delete(there, i, i+1)
			}
		}
	}
	return found
}

// withoutParentheses returns the SQL without parentheses, as the server adds its own.
func withoutParentheses(sql string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(schema.NormalText(sql)), func(word string) bool {
		return word == "(" || word == ")"
	}), " ")
}

// inlineTable returns the table of an operation that may drop or rename constraints by generated names, or an empty
// string.
func inlineTable(o op.Operation) string {
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

// constraintsOf returns the constraints of a table in the database, oldest first.
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
