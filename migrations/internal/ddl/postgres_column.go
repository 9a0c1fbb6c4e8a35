package ddl

import (
	"slices"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

func (p *postgres) column(c schema.Column) string {
	text := p.name(c.Name) + " " + postgresType(c)
	if c.NotNull {
		text += " NOT NULL"
	}
	if c.Default.Kind != schema.NoDefault {
		text += " DEFAULT " + postgresDefault(c.Default)
	}
	return text
}

// postgresType returns the type that Dialector.DataTypeOf of gorm.io/driver/postgres would.
func postgresType(c schema.Column) string {
	base := c.Type.For(schema.Postgres)
	if c.AutoIncrement {
		base = schema.SerialOf(base)
	}
	identity, mode := identityOf(c.Generated)
	switch {
	case identity:
		return c.Type.For(schema.Postgres) + " GENERATED " + mode + " AS IDENTITY"
	case c.Generated != "":
		return base + " GENERATED ALWAYS AS (" + c.Generated + ") STORED"
	default:
		return base
	}
}

// identityOf parses GORM's generated tag for an identity column: the word identity, and always or by default, in any
// order.
func identityOf(generated string) (identity bool, mode string) {
	mode = "BY DEFAULT"
	for word := range strings.FieldsSeq(strings.ToLower(generated)) {
		switch word {
		case "identity":
			identity = true
		case "always":
			mode = "ALWAYS"
		case "by", "default":
		default:
			return false, ""
		}
	}
	return identity, mode
}

func (p *postgres) alter(table string) string { return "ALTER TABLE " + p.table(table) + " " }

func (p *postgres) addColumn(o *op.AddColumn) []string {
	texts := []string{p.alter(o.Table) + "ADD COLUMN " + p.column(o.Column)}
	if o.Column.Comment != "" {
		texts = append(texts, p.commentColumn(o.Table, o.Column.Name, o.Column.Comment))
	}
	return texts
}

// dropColumn first drops, by name, what depends on the column in the history. PostgreSQL would drop dependents on its
// own, but not necessarily the same ones.
func (p *postgres) dropColumn(o *op.DropColumn) []string {
	t, _ := p.before.Table(o.Table)
	uses := t.Uses(o.Column)
	var texts []string
	for _, k := range uses.ForeignKeys {
		texts = append(texts, p.dropConstraint(o.Table, k.Name))
	}
	for _, c := range uses.Checks {
		texts = append(texts, p.dropConstraint(o.Table, c.Name))
	}
	for _, i := range uses.Indexes {
		texts = append(texts, "DROP INDEX "+p.qualify(o.Table, i.Name))
	}
	for _, u := range uses.Uniques {
		texts = append(texts, p.dropConstraint(o.Table, u.Name))
	}
	if uses.PrimaryKey {
		texts = append(texts, p.dropPrimaryKey(o.Table)...)
	}
	for _, c := range inlineConstraints(t) { // PostgreSQL keeps a check that mentions only others
		if c.column == o.Column && c.kind == "check" && !slices.Contains(c.columns, o.Column) && p.actualName(c.name) != "" {
			texts = append(texts, p.dropInline(t, c)...)
		}
	}
	texts = append(texts, p.alter(o.Table)+"DROP COLUMN "+p.name(o.Column))
	is, _ := p.after.Table(o.Table)
	return append(texts, p.renameInline(t, is, o.Column, "")...)
}

// dropPrimaryKey also drops the NOT NULL of columns that had it only as part of the key.
func (p *postgres) dropPrimaryKey(table string) []string {
	t, _ := p.before.Table(table)
	texts := []string{p.dropConstraint(table, primaryKeyName(t))}
	for _, name := range t.PrimaryKey.Columns {
		if c, _ := t.Column(name); !neverNull(schema.Table{}, c) {
			texts = append(texts, p.alterOf(table, name)+"DROP NOT NULL")
		}
	}
	return texts
}

// primaryKeyName returns the name of the primary key, or the one that PostgreSQL generates for an unnamed key.
func primaryKeyName(t schema.Table) string {
	if t.PrimaryKey.Name != "" {
		return t.PrimaryKey.Name
	}
	return schema.ObjectName(unqualified(t.Name), "", "pkey")
}

// neverNull reports whether PostgreSQL marks the column NOT NULL, declared or implied.
func neverNull(t schema.Table, c schema.Column) bool {
	identity, _ := identityOf(c.Generated)
	return c.NotNull || identity || isSerial(c) || slices.Contains(t.PrimaryKey.Columns, c.Name)
}

func (p *postgres) alterOf(table, column string) string {
	return p.alter(table) + "ALTER COLUMN " + p.name(column) + " "
}

func (p *postgres) dropConstraint(table, name string) string {
	return p.alter(table) + "DROP CONSTRAINT " + p.name(name)
}
