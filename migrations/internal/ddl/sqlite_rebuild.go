package ddl

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// rebuild builds a table again, the way https://www.sqlite.org/lang_altertable.html#otheralter says: create the new
// table under another name, copy the rows, drop the old table, rename the new one, and give it back its indexes and
// triggers.
//
// Foreign keys are off while that happens, or dropping the old table would delete the rows that point at it. And
// ALTER TABLE behaves as it did of old (legacy_alter_table): otherwise it would refuse to rename the new table, as
// the views that use the old one miss it for a moment.
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

// offline returns the rebuild as far as it can be known without the database.
func (r *rebuild) offline() ([]Statement, error) {
	current, err := parseDefinition(r.createTable(r.was))
	if err != nil {
		return nil, err
	}
	var columns []string
	for _, c := range r.was.Columns {
		if _, _, computed := schema.CutGenerated(sqliteType(c)); !computed { // SQLite takes no values for it
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
		", foreign keys off: its triggers, unknown offline, have to be created again"
	return statements, nil
}

// steps returns the statements from the creation of the new table to its final name. The definition and the columns
// are those of the table as it is.
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
	create := edited.unqualified(r.was.Name).create(r.table(r.temporary()))
	steps := []string{create, r.copy(current, edited, columns)}
	if counts(create) {
		steps = append(steps, r.carryCounter()...)
	}
	return append(steps,
		"DROP TABLE "+r.table(r.was.Name),
		"ALTER TABLE "+r.table(r.temporary())+" RENAME TO "+r.table(r.is.Name),
	), nil
}

func (r *rebuild) temporary() string { return "__new_" + r.is.Name }

// copy fills the new table; a column that is new takes its default. Rows keep their rowids, on which tables for
// full-text search may lean (https://www.sqlite.org/fts5.html#external_content_tables).
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

// counts reports whether the table has an AUTOINCREMENT counter.
func counts(create string) bool {
	return slices.ContainsFunc(schema.Tokens(create), func(t schema.Token) bool {
		return t.Kind == schema.WordToken && strings.EqualFold(t.Text, "autoincrement")
	})
}

// carryCounter gives the new table the counter of the old one, which may be ahead of its largest number. Renaming
// the table takes the counter along.
func (r *rebuild) carryCounter() []string {
	// The counter has the name of the table as it was created, in which case may differ.
	was, is := literal(r.was.Name)+" COLLATE NOCASE", literal(r.temporary())
	return []string{
		"DELETE FROM sqlite_sequence WHERE name = " + is +
			" AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = " + was + ")",
		"INSERT INTO sqlite_sequence (name, seq) SELECT " + is + ", seq FROM sqlite_sequence WHERE name = " + was,
	}
}
