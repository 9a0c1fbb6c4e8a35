package drift

import (
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// sqliteColumn is a row of PRAGMA table_xinfo.
type sqliteColumn struct {
	Table, Name, Type string
	Default           *string
	NotNull           bool
	Key               int // its position in the primary key, from 1; 0 if it is not in it
	Hidden            int
}

func sqliteKey(table string) string { return "constraint " + table + ".primary key" }

// describeColumns adds the columns and primary keys of tables to all.
func describeColumns(tx *gorm.DB, tables []string, all objects) error {
	var columns []sqliteColumn
	err := tx.Raw(`SELECT m.name AS "table", c.name, c.type, c.dflt_value AS "default", c."notnull" AS not_null,
			c.pk AS "key", c.hidden
		FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table' AND m.name COLLATE NOCASE IN ?
		ORDER BY m.name, c.cid`, tables).Scan(&columns).Error
	if err != nil {
		return err
	}
	keys := map[string][]sqliteColumn{}
	for _, c := range columns {
		all["column "+c.Table+"."+c.Name] = c.describe()
		if c.Key > 0 {
			keys[c.Table] = append(keys[c.Table], c)
		}
	}
	for table, key := range keys {
		slices.SortFunc(key, func(a, b sqliteColumn) int { return a.Key - b.Key })
		var names []string
		for _, c := range key {
			names = append(names, c.Name)
		}
		all[sqliteKey(table)] = primaryKey + "(" + strings.Join(names, ", ") + ")"
	}
	return nil
}

func (c sqliteColumn) describe() string {
	text := schema.NormalText(c.Type)
	if c.NotNull {
		text += " not null"
	}
	if c.Default != nil {
		if value := sqliteDefault(*c.Default); value != "null" {
			text += " default " + value
		}
	}
	if c.Hidden > 1 {
		text += " generated"
	}
	return text
}

// sqliteDefault normalises a default, so that equal values have equal texts. The grammar of SQLite (parse.y, ccons)
// takes a name without parentheses, quoted or not, for a string, and true and false for 1 and 0; no default is NULL.
func sqliteDefault(text string) string {
	tokens := slices.DeleteFunc(schema.Tokens(text), func(t schema.Token) bool { return t.Kind == schema.SpaceToken })
	if len(tokens) == 1 && tokens[0].Kind == schema.NameToken {
		name, _ := tokens[0].Name()
		return "'" + strings.ReplaceAll(name, "'", "''") + "'"
	}
	normal := schema.NormalText(text)
	switch normal {
	case "true":
		return "1"
	case "false":
		return "0"
	case "null", "current_timestamp", "current_date", "current_time":
		return normal
	}
	number := strings.ReplaceAll(normal, " ", "")
	if f, err := strconv.ParseFloat(number, 64); err == nil && strings.Trim(number, "+-.0123456789e") == "" {
		if strings.ContainsAny(number, ".e") {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
		return strings.TrimPrefix(number, "+")
	}
	if len(tokens) == 1 && tokens[0].Kind == schema.WordToken {
		return "'" + strings.ReplaceAll(tokens[0].Text, "'", "''") + "'"
	}
	return normal
}
