package ddl

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/schema"
)

// inspect answers all that the database's catalogue says of the tables, in an order that does not depend on when
// things were made.
func (db testDB) inspect(t *testing.T) string {
	t.Helper()
	var lines []string
	if db.dialect == schema.Postgres {
		for _, query := range postgresCatalogue() {
			lines = append(lines, db.query(t, query)...)
		}
	} else {
		lines = db.inspectSQLite(t)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func postgresCatalogue() []string {
	return []string{
		`SELECT c.relname, 'column', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
			a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum)
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
		`SELECT viewname, 'view', regexp_replace(definition, '\s+', ' ', 'g') FROM pg_views WHERE schemaname = current_schema()`,
		`SELECT tgrelid::regclass, 'trigger', pg_get_triggerdef(g.oid) FROM pg_trigger g
		JOIN pg_class c ON c.oid = tgrelid
		WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace`,
	}
}

func (db testDB) tables(t *testing.T) []string {
	t.Helper()
	if db.dialect == schema.Postgres {
		return db.query(t, `SELECT relname FROM pg_class
			WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY 1`)
	}
	return db.query(t, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
		ORDER BY 1`)
}

func (db testDB) inspectSQLite(t *testing.T) []string {
	t.Helper()
	lines := db.query(t, `SELECT tbl_name, type, name, sql FROM sqlite_master
		WHERE type IN ('trigger', 'view') OR type = 'index' AND sql IS NOT NULL`)
	for i := range lines {
		lines[i] = schema.NormalText(lines[i])
	}
	for _, table := range db.tables(t) {
		for _, l := range db.inspectTable(t, table) {
			lines = append(lines, table+" | "+l)
		}
	}
	return lines
}

func (db testDB) inspectTable(t *testing.T, table string) []string {
	t.Helper()
	lines := db.query(t, `SELECT 'column', name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)`, table)
	lines = append(lines, db.query(t, `SELECT 'key', "from", "table", "to", on_update, on_delete
		FROM pragma_foreign_key_list(?)`, table)...)
	for _, index := range db.query(t, `SELECT name FROM pragma_index_list(?) WHERE origin = 'c'`, table) {
		lines = append(lines, db.query(t, `SELECT 'index', x.name, x."unique", x.partial, i.seqno, i.name, i.desc, i.coll
			FROM pragma_index_list(?) x JOIN pragma_index_xinfo(x.name) i WHERE x.name = ? AND i.key`, table, index)...)
	}
	d, err := parseDefinition(db.query(t, `SELECT sql FROM sqlite_master WHERE name = ? AND type = 'table'`, table)[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range d.items {
		lines = append(lines, "definition | "+schema.NormalText(i.text))
	}
	return append(lines, "tail | "+schema.NormalText(d.tail))
}

// contents answers all rows of all tables, and SQLite's counters.
func (db testDB) contents(t *testing.T, leaveOut ...string) string {
	t.Helper()
	var lines []string
	for _, table := range db.tables(t) {
		if slices.Contains(leaveOut, table) {
			continue
		}
		for _, row := range db.rows(t, table, leaveOut) {
			lines = append(lines, table+": "+row)
		}
	}
	if db.dialect == schema.SQLite && !slices.Contains(leaveOut, "counter") {
		lines = append(lines, db.query(t, "SELECT 'counter', name, seq FROM sqlite_sequence")...)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func (db testDB) rows(t *testing.T, table string, leaveOut []string) []string {
	t.Helper()
	names := "SELECT name FROM pragma_table_xinfo($1)"
	if db.dialect == schema.Postgres {
		names = `SELECT attname FROM pg_attribute
			WHERE attrelid = quote_ident($1)::regclass AND attnum > 0 AND NOT attisdropped`
	}
	columns := db.query(t, names, table)
	slices.Sort(columns)
	var pairs []string
	for _, c := range columns {
		if !slices.Contains(leaveOut, table+"."+c) {
			pairs = append(pairs, fmt.Sprintf("%s AS %s", quote(c, `"`), quote(c, `"`)))
		}
	}
	return db.query(t, "SELECT "+strings.Join(pairs, ", ")+" FROM "+quote(table, `"`))
}
