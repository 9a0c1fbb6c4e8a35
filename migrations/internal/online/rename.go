package online

import (
	"slices"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// renameColumn adds a column next to the one that it replaces. Triggers keep the two in sync, whichever a program
// writes, until the old one is dropped. Meanwhile both may be NULL and have no default, since a trigger cannot tell a
// default from a value.
func (s *splitter) renameColumn(o *op.AddColumn, from string) error {
	t, _ := s.before.Table(s.tableBefore(o.Table))
	was, _ := t.Column(from)
	is := schema.Column.SplitClauses(o.Column)
	reason := s.tied(t, was)
	if reason == "" && !sameValues(was.Type, is.Type) {
		reason = "its type changes as well, and a value of one type may not be valid in the other: " +
			"leave out the rename, and have the new program write both columns until the old one is dropped"
	}
	if reason != "" {
		return &Error{o, reason}
	}
	loose := is
	loose.NotNull, loose.Default, loose.Comment = false, schema.Default{}, is.Comment
	s.at(prepare, loosen(o.Table, was)...)
	sync := twins{table: o.Table, key: t.PrimaryKey.Columns, from: from, to: is.Name, otherwise: is.Default}
	s.at(prepare, &op.AddColumn{Table: o.Table, Column: loose}, sync.create())
	s.at(fill, sync.fill())
	if is.NotNull {
		s.notNull(o.Table, is.Name, secondConstrain, secondValidate, contract)
	}
	s.at(contract, sync.drop())
	if is.Default.Kind != schema.NoDefault {
		s.at(contract, &op.AlterColumn{Table: o.Table, Column: is.Name, Change: op.ColumnChange{Default: &is.Default}})
	}
	s.at(contract, sync.back(), &op.DropColumn{Table: o.Table, Column: from})
	s.safe[contract] = noLongerUsed
	return nil
}

// sameValues reports whether every value of either type is a value of the other, so that triggers can copy it.
func sameValues(a, b schema.Type) bool {
	c := convert.Column{Name: "c", SQL: "c"}
	return a.Equal(b) || convert.On(schema.Postgres, c, a, b).IsSafe() && convert.On(schema.Postgres, c, b, a).IsSafe()
}

// tied returns the reason why a column cannot have a twin, or an empty string if it can.
func (s *splitter) tied(t schema.Table, c schema.Column) string {
	switch {
	case len(t.PrimaryKey.Columns) == 0:
		return "table " + t.Name + " has no primary key, which filling its rows needs"
	case slices.Contains(t.PrimaryKey.Columns, c.Name):
		return "the column is part of the primary key"
	case c.AutoIncrement || c.Generated != "" || isSerial(c) || len(constraints(c)) > 0:
		return "the database fills or checks the column by itself"
	}
	for _, r := range s.before.References(t.Name) {
		if slices.Contains(r.Key.RefColumns, c.Name) {
			return "foreign key " + r.Key.Name + " of table " + r.Table + " references the column"
		}
	}
	for _, other := range t.Columns {
		if other.DependsOn(c.Name) {
			return "column " + other.Name + " is computed from it"
		}
	}
	return ""
}

// tableBefore returns the name of a table before the renames.
func (s *splitter) tableBefore(table string) string {
	for _, r := range s.renames {
		if r.Table == "" && r.To == table {
			return r.From
		}
	}
	return table
}

// renameTable creates a view with the old name, through which the old program reads and writes; it is an updatable view
// (https://www.postgresql.org/docs/current/sql-createview.html). SQLite has no updatable views and needs none, as a
// single process uses the file. While the view exists, no column can be dropped or change its type, so it is created
// last and dropped first.
func (s *splitter) renameTable(o *op.RenameTable) error {
	from, to := quoteTable(o.From), quoteTable(o.To)
	s.at(prepare, o)
	s.views = append(s.views, &op.SQL{
		Text: schema.SQL{Postgres: "CREATE VIEW " + from + " AS SELECT * FROM " + to},
		Back: schema.SQL{Postgres: "DROP VIEW IF EXISTS " + from},
	})
	s.safe[prepare] = "the view " + o.From + " replaces the table for the old program"
	return nil
}

// placeViews creates the views last in their part, and drops them first.
func (s *splitter) placeViews() {
	var drops []op.Operation
	for _, view := range s.views {
		s.at(prepare, view)
		drops = append(drops, &op.SQL{Text: view.Back, Back: view.Text})
	}
	s.staged[contract] = append(drops, s.staged[contract]...)
}
