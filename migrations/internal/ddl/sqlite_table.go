package ddl

import (
	"strings"

	"guestlist/migrations/schema"
)

func (s sqlite) createTable(t schema.Table) string {
	return "CREATE TABLE " + s.table(t.Name) + " (\n  " + strings.Join(s.items(t), ",\n  ") + "\n)"
}

// items returns the columns and constraints between the parentheses, in GORM's order.
func (s sqlite) items(t schema.Table) []string {
	var items []string
	for _, c := range t.Columns {
		items = append(items, s.column(c))
	}
	if len(t.PrimaryKey.Columns) > 0 && !hasInlineKey(t, sqliteType) {
		items = append(items, s.primaryKey(t.PrimaryKey))
	}
	for _, k := range t.ForeignKeys {
		items = append(items, s.foreignKey(k))
	}
	for _, u := range t.Uniques {
		items = append(items, "CONSTRAINT "+s.name(u.Name)+" UNIQUE ("+s.names(u.Columns)+")")
	}
	for _, c := range t.Checks {
		items = append(items, "CONSTRAINT "+s.name(c.Name)+" CHECK ("+c.Expression+")")
	}
	return items
}

func (s sqlite) primaryKey(k schema.PrimaryKey) string {
	key := "PRIMARY KEY (" + s.names(k.Columns) + ")"
	if k.Name == "" {
		return key
	}
	return "CONSTRAINT " + s.name(k.Name) + " " + key
}

func (s sqlite) foreignKey(k schema.ForeignKey) string {
	return "CONSTRAINT " + s.name(k.Name) + " FOREIGN KEY (" + s.names(k.Columns) + ") REFERENCES " +
		s.table(k.RefTable) + " (" + s.names(k.RefColumns) + ")" + actions(k)
}

// column writes a column as GORM does, except for string defaults, which GORM puts in double quotes.
func (s sqlite) column(c schema.Column) string {
	text := s.name(c.Name) + " " + sqliteType(c)
	if c.NotNull {
		text += " NOT NULL"
	}
	if c.Default.Kind != schema.NoDefault {
		text += " DEFAULT " + sqliteDefault(c.Default)
	}
	return text
}

// sqliteType returns the type that Dialector.DataTypeOf of gorm.io/driver/sqlite would: an AUTOINCREMENT column is the
// primary key.
func sqliteType(c schema.Column) string {
	if c.AutoIncrement && (c.Type.Kind == schema.Int || c.Type.Kind == schema.Uint) {
		return "integer PRIMARY KEY AUTOINCREMENT"
	}
	return c.Type.For(schema.SQLite)
}

// sqliteDefault returns the SQL of a default. SQLite requires parentheses around all but a few expressions, and has
// CURRENT_TIMESTAMP for now().
func sqliteDefault(d schema.Default) string {
	switch d.Kind {
	case schema.NullDefault:
		return "NULL"
	case schema.StringDefault:
		return literal(d.Text)
	case schema.ExpressionDefault:
		return sqliteExpression(d.SQL.SQLite)
	default:
		return d.Text
	}
}

func sqliteExpression(text string) string {
	switch normal := schema.NormalText(text); normal {
	case "now ( )":
		return "CURRENT_TIMESTAMP"
	case "current_timestamp", "current_date", "current_time":
		return strings.ToUpper(normal)
	default:
		return "(" + text + ")"
	}
}

func (s sqlite) createIndex(table string, i schema.Index) string {
	text := "CREATE "
	if i.Unique {
		text += "UNIQUE "
	}
	text += "INDEX " + s.name(i.Name) + " ON " + s.table(table) + " (" + strings.Join(indexKeys(i, s.name), ", ") + ")"
	if i.Where != "" {
		text += " WHERE " + i.Where
	}
	return text
}
