package ddl

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// createTable writes the clauses in GORM's order.
func (p *postgres) createTable(t schema.Table) []string {
	var items []string
	for _, c := range t.Columns {
		items = append(items, p.column(c))
	}
	if len(t.PrimaryKey.Columns) > 0 && !hasInlineKey(t, postgresType) {
		items = append(items, p.primaryKey(t.PrimaryKey))
	}
	var later []string
	for _, k := range t.ForeignKeys {
		if k.NotValid { // CREATE TABLE ignores NOT VALID
			later = append(later, p.addForeignKey(t.Name, k))
		} else {
			items = append(items, p.foreignKey(k))
		}
	}
	for n, u := range t.Uniques {
		if merged(t, n) {
			later = append(later, "ALTER TABLE "+p.table(t.Name)+" ADD "+p.unique(u))
		} else {
			items = append(items, p.unique(u))
		}
	}
	for _, c := range t.Checks {
		if c.NotValid {
			later = append(later, p.addCheck(t.Name, c))
		} else {
			items = append(items, p.check(c))
		}
	}
	create := "CREATE TABLE " + p.table(t.Name) + " (\n  " + strings.Join(items, ",\n  ") + "\n)"
	return append(append([]string{create}, later...), p.comments(t)...)
}

// merged reports whether PostgreSQL would merge the n-th unique constraint of a new table into the primary key or an
// earlier unique constraint on the same columns. There would be one constraint for two names, and dropping the second
// would drop the first.
func merged(t schema.Table, n int) bool {
	columns := t.Uniques[n].Columns
	return slices.Equal(columns, t.PrimaryKey.Columns) ||
		slices.ContainsFunc(t.Uniques[:n], func(u schema.Unique) bool { return slices.Equal(columns, u.Columns) })
}

// hasInlineKey reports whether the type of a column declares the primary key; it looks for the words, as GORM does.
func hasInlineKey(t schema.Table, typeOf func(schema.Column) string) bool {
	return slices.ContainsFunc(t.Columns, func(c schema.Column) bool {
		return strings.Contains(strings.ToUpper(typeOf(c)), "PRIMARY KEY")
	})
}

func (p *postgres) primaryKey(k schema.PrimaryKey) string {
	key := "PRIMARY KEY (" + p.names(k.Columns) + ")"
	if k.Name == "" {
		return key
	}
	return "CONSTRAINT " + p.name(k.Name) + " " + key
}

func (p *postgres) unique(u schema.Unique) string {
	return "CONSTRAINT " + p.name(u.Name) + " UNIQUE (" + p.names(u.Columns) + ")"
}

func (p *postgres) check(c schema.Check) string {
	return "CONSTRAINT " + p.name(c.Name) + " CHECK (" + c.Expression + ")"
}

func (p *postgres) foreignKey(k schema.ForeignKey) string {
	return "CONSTRAINT " + p.name(k.Name) + " FOREIGN KEY (" + p.names(k.Columns) + ") REFERENCES " +
		p.table(k.RefTable) + " (" + p.names(k.RefColumns) + ")" + actions(k)
}

func actions(k schema.ForeignKey) string {
	var text string
	if k.OnDelete != "" {
		text += " ON DELETE " + k.OnDelete
	}
	if k.OnUpdate != "" {
		text += " ON UPDATE " + k.OnUpdate
	}
	return text
}

func (p *postgres) comments(t schema.Table) []string {
	var texts []string
	if t.Comment != "" {
		texts = append(texts, p.commentTable(t.Name, t.Comment))
	}
	for _, c := range t.Columns {
		if c.Comment != "" {
			texts = append(texts, p.commentColumn(t.Name, c.Name, c.Comment))
		}
	}
	return texts
}

func (p *postgres) commentTable(table, text string) string {
	return "COMMENT ON TABLE " + p.table(table) + " IS " + commentLiteral(text)
}

func (p *postgres) commentColumn(table, column, text string) string {
	return "COMMENT ON COLUMN " + p.table(table) + "." + p.name(column) + " IS " + commentLiteral(text)
}

func commentLiteral(text string) string {
	if text == "" {
		return "NULL"
	}
	return postgresLiteral(text)
}
