package catalogue

import (
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/schema"
)

// Catalogue returns the database's own description of its tables, views and triggers. It is sorted, so that it does not
// depend on the order of their creation.
func (db *Database) Catalogue(t *testing.T) string {
	t.Helper()
	lines := db.sqliteCatalogue
	if db.Dialect == schema.Postgres {
		lines = db.postgresCatalogue
	}
	all := lines(t)
	slices.Sort(all)
	return strings.Join(all, "\n")
}

func (db *Database) postgresCatalogue(t *testing.T) []string {
	t.Helper()
	var lines []string
	for _, query := range []string{
		`SELECT c.relname, 'column', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
			a.attidentity, a.attgenerated, CASE WHEN pg_get_expr(d.adbin, d.adrelid) !~ '^NULL::'
				THEN pg_get_expr(d.adbin, d.adrelid) END, col_description(c.oid, a.attnum)
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'`,
		`SELECT c.relname, 'constraint', k.conname, pg_get_constraintdef(k.oid)
		FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.relnamespace = current_schema()::regnamespace`,
		`SELECT tablename, 'index', indexdef FROM pg_indexes WHERE schemaname = current_schema()`,
		`SELECT sequencename, 'sequence', data_type, d.refobjid::regclass, d.refobjsubid > 0
		FROM pg_sequences s LEFT JOIN pg_depend d ON d.objid = quote_ident(s.sequencename)::regclass
			AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
		WHERE s.schemaname = current_schema()`,
		`SELECT relname, 'comment', obj_description(oid, 'pg_class') FROM pg_class
		WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'`,
		`SELECT viewname, 'view', regexp_replace(definition, '\s+', ' ', 'g') FROM pg_views
		WHERE schemaname = current_schema()`,
		`SELECT tgrelid::regclass, 'trigger', pg_get_triggerdef(g.oid) FROM pg_trigger g
		JOIN pg_class c ON c.oid = tgrelid
		WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace`,
	} {
		for _, l := range db.Query(t, query) {
			lines = append(lines, strings.ReplaceAll(l, db.Space+".", ""))
		}
	}
	return lines
}

func (db *Database) sqliteCatalogue(t *testing.T) []string {
	t.Helper()
	lines := db.Query(t, `SELECT tbl_name, type, name, sql FROM sqlite_master
		WHERE type IN ('trigger', 'view') OR type = 'index' AND sql IS NOT NULL`)
	for i := range lines {
		lines[i] = strings.ReplaceAll(schema.NormalText(lines[i]), " asc", "") // the default
	}
	for _, table := range db.Tables(t) {
		for _, l := range db.sqliteTable(t, table) {
			lines = append(lines, table+" | "+l)
		}
	}
	return lines
}

// Tables returns the names of the tables.
func (db *Database) Tables(t *testing.T) []string {
	t.Helper()
	if db.Dialect == schema.Postgres {
		return db.Query(t,
			`SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'`)
	}
	return db.Query(t, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`)
}

func (db *Database) sqliteTable(t *testing.T, table string) []string {
	t.Helper()
	lines := db.Query(t, `SELECT 'column', name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?)`, table)
	lines = append(lines, db.Query(t, `SELECT 'key', "from", "table", "to", on_update, on_delete
		FROM pragma_foreign_key_list(?)`, table)...)
	for _, index := range db.Query(t, `SELECT name FROM pragma_index_list(?) WHERE origin = 'c'`, table) {
		lines = append(lines, db.Query(t, `SELECT 'index', x.name, x."unique", x.partial, i.seqno, i.name, i.desc, i.coll
			FROM pragma_index_list(?) x JOIN pragma_index_xinfo(x.name) i WHERE x.name = ? AND i.key`, table, index)...)
	}
	create := db.Query(t, `SELECT sql FROM sqlite_master WHERE name = ? AND type = 'table'`, table)[0]
	for _, item := range items(create) {
		lines = append(lines, "definition | "+item)
	}
	return lines
}

// items returns the definitions in the parentheses of a CREATE TABLE, and the text after them, in a form that does not
// distinguish GORM's spelling from ours.
func items(create string) []string {
	tokens := schema.Tokens(create)
	var found []string
	var item, tail strings.Builder
	depth, last := 0, ""
	for _, t := range tokens {
		switch t.Text {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth == 0 || depth == 1 && (t.Text == "," || t.Text == "(" && item.Len() == 0 && len(found) == 0) {
			if item.Len() > 0 {
				found = append(found, normalItem(item.String()))
			}
			item.Reset()
			if depth == 0 && len(found) > 0 && t.Text != ")" {
				tail.WriteString(t.Text)
			}
			continue
		}
		item.WriteString(asString(t, last))
		if t.Kind != schema.SpaceToken {
			last = t.Text
		}
	}
	return append(found, "then "+schema.NormalText(tail.String()))
}

// asString returns the token, as a string if it is a default in double quotes, which GORM writes on SQLite.
func asString(t schema.Token, last string) string {
	if name, ok := t.Name(); ok && t.Kind == schema.NameToken && strings.EqualFold(last, "default") {
		return "'" + strings.ReplaceAll(name, "'", "''") + "'"
	}
	return t.Text
}

// normalItem returns the normal form of a definition, without parentheses around a default and without DEFAULT NULL.
func normalItem(item string) string {
	definition, value, ok := strings.Cut(item, " DEFAULT ")
	if !ok {
		return schema.NormalText(item)
	}
	if schema.NormalText(value) == "null" {
		return schema.NormalText(definition)
	}
	return schema.NormalText(definition) + " default " + schema.NormalText(value)
}

// Difference returns the lines that are in only one of the texts.
func Difference(want, got string) string {
	wanted, gotten := strings.Split(want, "\n"), strings.Split(got, "\n")
	var text strings.Builder
	for _, l := range wanted {
		if !slices.Contains(gotten, l) {
			text.WriteString("\n- " + l)
		}
	}
	for _, l := range gotten {
		if !slices.Contains(wanted, l) {
			text.WriteString("\n+ " + l)
		}
	}
	return text.String()
}
