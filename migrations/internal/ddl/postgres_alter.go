package ddl

import (
	"errors"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// alterColumn drops the default before it changes the type, as PostgreSQL would try to cast the default, and sets the
// new one afterwards.
func (p *postgres) alterColumn(o *op.AlterColumn) []string {
	wasTable, _ := p.before.Table(o.Table)
	isTable, _ := p.after.Table(o.Table)
	was, _ := wasTable.Column(o.Column)
	is, _ := isTable.Column(o.Column)
	alter := p.alterOf(o.Table, o.Column)

	retyped := schema.NormalText(baseType(was)) != schema.NormalText(baseType(is)) || o.Change.Using.Postgres != ""
	redefined := retyped || !was.Default.Equal(is.Default)
	texts := p.ungenerate(alter, was, is)
	if isSerial(was) && !isSerial(is) {
		texts = append(texts, alter+"DROP DEFAULT", "DROP SEQUENCE IF EXISTS "+p.sequence(wasTable, was))
	}
	if redefined && was.Default.Kind != schema.NoDefault {
		texts = append(texts, alter+"DROP DEFAULT")
	}
	if retyped {
		texts = append(texts, p.retype(o, wasTable, was, is)...)
	}
	if !isSerial(was) && isSerial(is) {
		texts = append(texts, p.createSequence(isTable, is)...)
	}
	if redefined && is.Default.Kind != schema.NoDefault {
		texts = append(texts, alter+"SET DEFAULT "+postgresDefault(is.Default))
	}
	texts = append(texts, p.nullability(alter, neverNull(wasTable, was), neverNull(isTable, is))...)
	texts = append(texts, p.generate(isTable, was, is)...)
	return append(texts, p.changeInlineSQL(wasTable, isTable)...)
}

func (p *postgres) nullability(alter string, was, is bool) []string {
	switch {
	case was == is:
		return nil
	case is:
		return []string{alter + "SET NOT NULL"}
	default:
		return []string{alter + "DROP NOT NULL"}
	}
}

func (p *postgres) retype(o *op.AlterColumn, t schema.Table, was, is schema.Column) []string {
	text := p.alterOf(o.Table, o.Column) + "TYPE " + baseType(is)
	using := o.Change.Using.Postgres
	if using == "" {
		using = postgresCast(p.name(o.Column), baseType(was), baseType(is))
	}
	if using != "" {
		text += " USING " + using
	}
	texts := []string{text}
	if isSerial(was) && isSerial(is) {
		texts = append(texts, "ALTER SEQUENCE IF EXISTS "+p.sequence(t, was)+" AS "+baseType(is))
	}
	return texts
}

// createSequence gives a column what serial would have given it: its own sequence, set past the column's largest
// number.
func (p *postgres) createSequence(t schema.Table, c schema.Column) []string {
	sequence, table, column := p.sequence(t, c), p.table(t.Name), p.name(c.Name)
	return []string{
		"CREATE SEQUENCE " + sequence + " AS " + baseType(c) + " OWNED BY " + table + "." + column,
		p.advance(t, c),
		p.alterOf(t.Name, c.Name) + "SET DEFAULT nextval(" + postgresLiteral(sequence) + "::regclass)",
	}
}

// sequence returns the quoted name that PostgreSQL gives the sequence of a serial column.
func (p *postgres) sequence(t schema.Table, c schema.Column) string {
	return p.qualify(t.Name, schema.ObjectName(unqualified(t.Name), c.Name, "seq"))
}

// ungenerate makes a generated column an ordinary one. It comes first, as a generated column takes no default.
func (p *postgres) ungenerate(alter string, was, is schema.Column) []string {
	wasIdentity, _ := identityOf(was.Generated)
	isIdentity, _ := identityOf(is.Generated)
	switch {
	case schema.NormalText(was.Generated) == schema.NormalText(is.Generated), was.Generated == "":
		return nil
	case wasIdentity && !isIdentity:
		return []string{alter + "DROP IDENTITY"}
	case !wasIdentity:
		return []string{alter + "DROP EXPRESSION"}
	default:
		return nil
	}
}

// generate makes a column an identity column. It comes last, as the column has to be NOT NULL already.
func (p *postgres) generate(t schema.Table, was, is schema.Column) []string {
	wasIdentity, wasMode := identityOf(was.Generated)
	isIdentity, isMode := identityOf(is.Generated)
	alter := p.alterOf(t.Name, is.Name)
	switch {
	case schema.NormalText(was.Generated) == schema.NormalText(is.Generated), is.Generated == "":
		return nil
	case !isIdentity:
		p.fail(errors.New("PostgreSQL cannot make an existing column a generated one: drop it and add it again"))
		return nil
	case wasIdentity && wasMode == isMode:
		return nil
	case wasIdentity:
		return []string{alter + "SET GENERATED " + isMode}
	default:
		return []string{alter + "ADD GENERATED " + isMode + " AS IDENTITY", p.advance(t, is)}
	}
}

// advance sets the sequence of a column past the column's largest number.
func (p *postgres) advance(t schema.Table, c schema.Column) string {
	return "SELECT setval(" + postgresLiteral(p.sequence(t, c)) +
		", COALESCE(max(" + p.name(c.Name) + "), 0) + 1, false) FROM " + p.table(t.Name)
}

// isSerial reports whether the column's default comes from a sequence created with the column.
func isSerial(c schema.Column) bool {
	identity, _ := identityOf(c.Generated)
	_, serial := schema.SerialBase(c.Type.For(schema.Postgres))
	return !identity && (c.AutoIncrement || serial)
}

// baseType returns the type that a column has once created: serial and constraints are only valid in CREATE and ADD.
func baseType(c schema.Column) string {
	base := c.Type.For(schema.Postgres)
	if c.Type.Kind == schema.Verbatim {
		base = schema.SplitType(base).Type()
	}
	if c.AutoIncrement {
		base = schema.SerialOf(base)
	}
	if of, ok := schema.SerialBase(base); ok {
		return of
	}
	return base
}

// postgresCast returns the USING expression of a type change that PostgreSQL does not make implicitly, or an empty
// string.
func postgresCast(column, was, is string) string {
	verbatim := func(columnType string) schema.Type {
		return schema.Type{Kind: schema.Verbatim, SQL: schema.SQL{Postgres: columnType}}
	}
	return convert.On(schema.Postgres, convert.Column{SQL: column}, verbatim(was), verbatim(is)).Using
}
