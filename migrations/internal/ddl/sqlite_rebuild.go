package ddl

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// rebuild rebuilds a table, following https://www.sqlite.org/lang_altertable.html#otheralter: create the new table
// under another name, copy the rows, drop the old table, rename the new one, and create its indexes and triggers again.
//
// Foreign keys are off meanwhile, or dropping the old table would delete the rows that reference it. legacy_alter_table
// is on, or SQLite would refuse to rename the new table while views refer to the old one, which is gone for a moment.
type rebuild struct {
	sqlite
	was         schema.Table
	is          schema.Table
	conversions []conversion
}

const (
	legacyOn  = "PRAGMA legacy_alter_table = ON"
	legacyOff = "PRAGMA legacy_alter_table = OFF"
)

// offline returns the statements of the rebuild, as far as they are known without the database.
func (r *rebuild) offline() ([]Statement, error) {
	current, err := parseDefinition(r.createTable(r.was))
	if err != nil {
		return nil, err
	}
	var columns []string
	for _, c := range r.was.Columns {
		if _, _, computed := schema.CutGenerated(sqliteType(c)); !computed { // generated columns take no values
			columns = append(columns, c.Name)
		}
	}
	steps, err := r.steps(current, columns)
	if err != nil {
		return nil, err
	}
	for _, i := range r.is.Indexes {
		steps = append(steps, r.createIndex(r.is.Name, i))
	}
	statements := append(plain(legacyOn), append(plain(steps...), plain(legacyOff)...)...)
	statements[0].Remark = "rebuild " + r.is.Name +
		" with foreign keys off; create its triggers, unknown offline, again"
	return statements, nil
}

// steps returns the statements from the creation of the new table to its final name. The definition and the columns are
// those of the table before.
func (r *rebuild) steps(current definition, columns []string) ([]string, error) {
	was, err := parseDefinition(r.createTable(r.was))
	if err != nil {
		return nil, err
	}
	is, err := parseDefinition(r.createTable(r.is))
	if err != nil {
		return nil, err
	}
	edited, err := current.edit(was, is)
	if err != nil {
		return nil, err
	}
	create := edited.unqualify(r.was.Name).create(r.table(r.temporary()))
	steps := []string{create, r.copy(current, edited, columns)}
	if hasCounter(create) {
		steps = append(steps, r.carryCounter()...)
	}
	return append(steps,
		"DROP TABLE "+r.table(r.was.Name),
		"ALTER TABLE "+r.table(r.temporary())+" RENAME TO "+r.table(r.is.Name),
	), nil
}

func (r *rebuild) temporary() string { return "__new_" + r.is.Name }

// copy returns the statement that fills the new table; new columns take their defaults. Rows keep their rowids, on
// which full-text search tables may depend (https://www.sqlite.org/fts5.html#external_content_tables).
func (r *rebuild) copy(current, edited definition, columns []string) string {
	var into, from []string
	for _, c := range columns {
		if edited.find(columnKey+strings.ToLower(c)) < 0 {
			continue
		}
		into = append(into, r.name(c))
		from = append(from, r.value(c))
	}
	if rowid := rowidOf(current, edited, columns); rowid != "" {
		into = append([]string{rowid}, into...)
		from = append([]string{rowid}, from...)
	}
	return "INSERT INTO " + r.table(r.temporary()) + " (" + strings.Join(into, ", ") + ")" +
		" SELECT " + strings.Join(from, ", ") + " FROM " + r.table(r.was.Name)
}

func (r *rebuild) value(column string) string {
	i := slices.IndexFunc(r.conversions, func(c conversion) bool { return strings.EqualFold(c.column, column) })
	if i < 0 {
		return r.name(column)
	}
	return r.conversions[i].expression
}

// hasCounter reports whether the table has an AUTOINCREMENT counter.
func hasCounter(create string) bool {
	return slices.ContainsFunc(schema.Tokens(create), func(t schema.Token) bool {
		return t.Kind == schema.WordToken && strings.EqualFold(t.Text, "autoincrement")
	})
}

// carryCounter copies the counter of the old table, which may be ahead of its largest number. Renaming the table
// renames the counter.
func (r *rebuild) carryCounter() []string {
	// The counter keeps the name of the table at its creation, which may differ in case.
	was, is := literal(r.was.Name)+" COLLATE NOCASE", literal(r.temporary())
	return []string{
		"DELETE FROM sqlite_sequence WHERE name = " + is +
			" AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = " + was + ")",
		"INSERT INTO sqlite_sequence (name, seq) SELECT " + is + ", seq FROM sqlite_sequence WHERE name = " + was,
	}
}
