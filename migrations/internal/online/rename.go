package online

import (
	"slices"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// renameColumn adds a column beside the one that it replaces. Triggers keep the two alike, whichever a program writes,
// until the old one goes: while there are both, each may be NULL and has no default, since a trigger could not tell a
// default from a value.
func (s *splitter) renameColumn(o *op.AddColumn, from string) error {
	t, _ := s.before.Table(s.tableBefore(o.Table))
	was, _ := t.Column(from)
	is := schema.Column.SplitClauses(o.Column)
	reason := s.tied(t, was)
	if reason == "" && !sameValues(was.Type, is.Type) {
		reason = "its type changes as well, and a value of one may be none of the other: leave out the rename, and " +
			"have the new" +
			" program write both columns until the old one is dropped"
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

// sameValues reports whether every value of each type is one of the other, so that triggers can copy it.
func sameValues(a, b schema.Type) bool {
	c := convert.Column{Name: "c", SQL: "c"}
	return a.Equal(b) || convert.On(schema.Postgres, c, a, b).IsSafe() && convert.On(schema.Postgres, c, b, a).IsSafe()
}

// tied says why a column cannot have a twin; it is empty where it can.
func (s *splitter) tied(t schema.Table, c schema.Column) string {
	switch {
	case len(t.PrimaryKey.Columns) == 0:
		return "table " + t.Name + " has no primary key, by which its rows could be filled"
	case slices.Contains(t.PrimaryKey.Columns, c.Name):
		return "the column is part of the primary key"
	case c.AutoIncrement || c.Generated != "" || isSerial(c) || len(constraints(c)) > 0:
		return "the database fills or checks the column by itself"
	}
	for _, r := range s.before.References(t.Name) {
		if slices.Contains(r.Key.RefColumns, c.Name) {
			return "foreign key " + r.Key.Name + " of table " + r.Table + " points at the column"
		}
	}
	for _, other := range t.Columns {
		if other.DependsOn(c.Name) {
			return "column " + other.Name + " is computed from it"
		}
	}
	return ""
}

// tableBefore is the name that a table has before the renames.
func (s *splitter) tableBefore(table string) string {
	for _, r := range s.renames {
		if r.Table == "" && r.To == table {
			return r.From
		}
	}
	return table
}

// renameTable leaves a view of the old name behind, through which the old program reads and writes: PostgreSQL
// passes on what is done to it (https://www.postgresql.org/docs/current/sql-createview.html, updatable views). SQLite
// does not, and has no use for it: one process has the file. As long as there is the view, no column can go or get
// another type: it comes last, and goes first.
func (s *splitter) renameTable(o *op.RenameTable) error {
	from, to := quoteTable(o.From), quoteTable(o.To)
	s.at(prepare, o)
	s.views = append(s.views, &op.SQL{
		Text: schema.SQL{Postgres: "CREATE VIEW " + from + " AS SELECT * FROM " + to},
		Back: schema.SQL{Postgres: "DROP VIEW IF EXISTS " + from},
	})
	s.safe[prepare] = "the view " + o.From + " stands in for the table until the old program is gone"
	return nil
}

// placeViews makes the views when all else in their part is done, and drops them before the rest.
func (s *splitter) placeViews() {
	var drops []op.Operation
	for _, view := range s.views {
		s.at(prepare, view)
		drops = append(drops, &op.SQL{Text: view.Back, Back: view.Text})
	}
	s.staged[contract] = append(drops, s.staged[contract]...)
}
