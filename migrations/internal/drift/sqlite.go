package drift

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/internal/sqlite"
	"guestlist/migrations/schema"
)

// memory opens in-memory databases with the driver of another database.
type memory struct{ driver driver.Driver }

// Connect implements driver.Connector.
func (m memory) Connect(context.Context) (driver.Conn, error) { return m.driver.Open(":memory:") }

// Driver implements driver.Connector.
func (m memory) Driver() driver.Driver { return m.driver }

// scratchSQLite calls use with an empty database in memory.
func scratchSQLite(ctx context.Context, db *gorm.DB, use func(tx *gorm.DB) error) (err error) {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	scratch := sql.OpenDB(memory{pool.Driver()})
	scratch.SetMaxOpenConns(1) // each connection is a separate database
	defer func() { err = errors.Join(err, scratch.Close()) }()
	tx, err := sqlite.Open(scratch)
	if err != nil {
		return err
	}
	return use(tx.WithContext(ctx))
}

// sqliteQueries describe the foreign keys and unique constraints of a list of tables. Pragmas do not return the names
// of constraints.
var sqliteQueries = []string{
	`SELECT 'foreign key ' || m.name || ' (' || group_concat(k."from", ', ') || ')' AS name,
		'to ' || k."table" || ' (' || group_concat(coalesce(k."to", ''), ', ') || ') on delete ' || k.on_delete
			|| ' on update ' || k.on_update AS text
	FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k WHERE m.type = 'table' AND m.name COLLATE NOCASE IN ?
	GROUP BY m.name, k.id`,

	`SELECT 'unique constraint ' || m.name || ' ('
			|| (SELECT group_concat(c.name, ', ') FROM pragma_index_info(i.name) c) || ')' AS name,
		'there' AS text
	FROM sqlite_master m JOIN pragma_index_list(m.name) i ON i.origin = 'u'
	WHERE m.type = 'table' AND m.name COLLATE NOCASE IN ?`,
}

func describeSQLite(tx *gorm.DB, tables []string) (objects, error) {
	all := objects{}
	if len(tables) == 0 {
		return all, nil
	}
	if err := describeColumns(tx, tables, all); err != nil {
		return nil, err
	}
	for _, query := range sqliteQueries {
		var rows []object
		if err := tx.Raw(query, tables).Scan(&rows).Error; err != nil {
			return nil, err
		}
		for _, r := range rows {
			all[r.Name] = r.Text
		}
	}
	err := describeDefinitions(tx, tables, all)
	for _, table := range tables {
		all.rename("table " + table)
	}
	return all, err
}

// describeDefinitions adds what only the CREATE statement shows: checks, AUTOINCREMENT, the definition of indexes and
// the names of constraints.
func describeDefinitions(tx *gorm.DB, tables []string, all objects) error {
	var rows []struct{ Type, Name, SQL string }
	err := tx.Raw(`SELECT type, name, sql FROM sqlite_master
		WHERE type IN ('table', 'index') AND sql IS NOT NULL AND tbl_name COLLATE NOCASE IN ?
		ORDER BY name`, tables).Scan(&rows).Error
	if err != nil {
		return err
	}
	named := names{}
	for _, r := range rows {
		if r.Type == "index" {
			all["index "+r.Name] = indexText(r.SQL)
			continue
		}
		text := "there"
		tokens := schema.Tokens(r.SQL)
		if hasWord(tokens, "AUTOINCREMENT") {
			text += ", numbered"
		}
		all["table "+r.Name] = text
		for _, check := range checks(tokens) {
			all[sqliteConstraint(r.Name, "CHECK", check)] = "there"
		}
		named.read(r.Name, r.SQL)
	}
	named.describe(all)
	return nil
}

// indexText drops ASC, which is the default: a word asc before a comma or the end is a direction unless it is the only
// word of its column.
func indexText(create string) string {
	words := strings.Split(schema.NormalText(create), " ")
	var significant []string
	for n, w := range words {
		ends := n+1 < len(words) && (words[n+1] == "," || words[n+1] == ")")
		if w == "asc" && ends && n > 0 && words[n-1] != "," && words[n-1] != "(" {
			continue
		}
		significant = append(significant, w)
	}
	return strings.Join(significant, " ")
}

func hasWord(tokens []schema.Token, word string) bool {
	for _, t := range tokens {
		if t.Kind == schema.WordToken && strings.EqualFold(t.Text, word) {
			return true
		}
	}
	return false
}

// checks returns the expressions of the CHECK constraints in the definition of a table.
func checks(tokens []schema.Token) []string {
	var found []string
	for i, t := range tokens {
		if t.Kind == schema.WordToken && strings.EqualFold(t.Text, "CHECK") {
			found = append(found, schema.NormalText(parenthesis(tokens[i+1:])))
		}
	}
	return found
}

// parenthesis returns the text from the first parenthesis to its closing one.
func parenthesis(tokens []schema.Token) string {
	var text strings.Builder
	depth := 0
	for _, t := range tokens {
		switch {
		case t.Kind == schema.SymbolToken && t.Text == "(":
			depth++
		case t.Kind == schema.SymbolToken && t.Text == ")":
			depth--
		}
		text.WriteString(t.Text)
		if depth == 0 && t.Kind == schema.SymbolToken {
			break
		}
	}
	return text.String()
}
