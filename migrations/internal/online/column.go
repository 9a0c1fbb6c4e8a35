package online

import (
	"slices"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/lint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// batch is the number of rows in a batch.
const batch = 1000

// addColumn adds a column, as a nullable one if PostgreSQL would otherwise scan or rewrite the table.
func (s *splitter) addColumn(o *op.AddColumn) error {
	if s.fresh[o.Table] {
		s.at(prepare, o)
		return nil
	}
	c := schema.Column.SplitClauses(o.Column)
	if from, renamed := s.renamed(o.Table, c.Name); renamed {
		return s.renameColumn(o, from)
	}
	claim, err := lint.Of(o, s.now)
	if err != nil {
		return err
	}
	filled := c.Default.Kind != schema.NoDefault && c.Default.Kind != schema.NullDefault
	switch {
	case claim.Work == lint.Moment, claim.Work == lint.Unknown:
		s.at(prepare, o)
	case c.Computed() || c.AutoIncrement || c.Generated != "" || isSerial(c) || len(constraints(c)) > 0:
		return &Error{o, "PostgreSQL scans or rewrites the whole table for it"}
	case filled:
		s.addFilled(o.Table, c)
	default:
		loose := c
		loose.NotNull = false
		s.at(prepare, &op.AddColumn{Table: o.Table, Column: loose})
		s.notNull(o.Table, c.Name, secondConstrain, secondValidate, contract)
		s.todo[secondConstrain] = append(s.todo[secondConstrain], "fill "+o.Table+"."+c.Name+
			" in the rows that the old program has written, with m.BatchesSQL in a separate revision")
	}
	return nil
}

// addFilled adds a column with a volatile default: new rows get it immediately, existing rows in batches.
func (s *splitter) addFilled(table string, c schema.Column) {
	bare := c
	bare.NotNull, bare.Default = false, schema.Default{}
	s.at(prepare, &op.AddColumn{Table: table, Column: bare}, &op.AlterColumn{Table: table, Column: c.Name,
		Change: op.ColumnChange{Default: &c.Default}})
	text := func(d schema.Dialect) string {
		return "UPDATE " + quoteTable(table) + " SET " + quoteName(c.Name) + " = " + ddl.DefaultSQL(d, c.Default) +
			" WHERE {rows} AND " + quoteName(c.Name) + " IS NULL"
	}
	s.at(fill, &op.Batches{Table: table, Size: batch, Text: forEach(text)})
	if c.NotNull {
		s.notNull(table, c.Name, constrain, validate, finish)
	}
}

// notNull makes a column NOT NULL by means of a valid check, which spares PostgreSQL a scan of the table under a lock.
func (s *splitter) notNull(table, column string, constrained, validated, finished stage) {
	check := schema.Check{
		Name:       objectName("chk_"+table, column, "not_null"),
		Expression: quoteName(column) + " IS NOT NULL", NotValid: true,
	}
	s.at(constrained, &op.AddCheck{Table: table, Check: check})
	s.at(validated, &op.ValidateCheck{Table: table, Name: check.Name})
	is := true
	s.at(finished, &op.AlterColumn{Table: table, Column: column, Change: op.ColumnChange{NotNull: &is}},
		&op.DropCheck{Table: table, Name: check.Name})
}

// dropColumn drops a column once no program uses it any more. Until then it may be NULL, as the new program writes rows
// without it.
func (s *splitter) dropColumn(o *op.DropColumn) error {
	t, _ := s.now.Table(o.Table)
	c, _ := t.Column(o.Column)
	if _, renamed := s.becomes(o.Table, o.Column); renamed {
		return nil // renameColumn drops it
	}
	if c.NotNull && c.Default.Kind == schema.NoDefault && c.Generated == "" && !c.AutoIncrement &&
		!slices.Contains(t.PrimaryKey.Columns, c.Name) {
		s.at(prepare, nullable(o.Table, o.Column))
	}
	s.at(contract, o)
	s.safe[contract] = noLongerUsed
	return nil
}

func nullable(table, column string) *op.AlterColumn {
	not := false
	return &op.AlterColumn{Table: table, Column: column, Change: op.ColumnChange{NotNull: &not}}
}

// alterColumn handles the parts of a change one by one.
func (s *splitter) alterColumn(o *op.AlterColumn) error {
	if s.fresh[o.Table] {
		s.at(prepare, o)
		return nil
	}
	rest := o.Change
	if rest.Type != nil {
		claim, err := lint.Of(&op.AlterColumn{Table: o.Table, Column: o.Column, Change: op.ColumnChange{Type: rest.Type}},
			s.now)
		if err != nil {
			return err
		}
		if claim.Work != lint.Moment {
			return s.retype(o)
		}
	}
	t, _ := s.now.Table(o.Table)
	if rest.NotNull != nil && *rest.NotNull && !slices.Contains(t.PrimaryKey.Columns, o.Column) {
		s.notNull(o.Table, o.Column, constrain, validate, finish)
		rest.NotNull = nil
	}
	if rest != (op.ColumnChange{}) {
		s.at(prepare, &op.AlterColumn{Table: o.Table, Column: o.Column, Change: rest})
	}
	return nil
}

// renamed returns the old name of a renamed column.
func (s *splitter) renamed(table, to string) (from string, ok bool) {
	i := slices.IndexFunc(s.renames, func(r diff.Rename) bool {
		return r.Kind == diff.Column && s.tableAfter(r.Table) == table && r.To == to
	})
	if i < 0 {
		return "", false
	}
	return s.renames[i].From, true
}

// becomes returns the new name of a renamed column.
func (s *splitter) becomes(table, from string) (to string, ok bool) {
	i := slices.IndexFunc(s.renames, func(r diff.Rename) bool {
		return r.Kind == diff.Column && s.tableAfter(r.Table) == table && r.From == from
	})
	if i < 0 {
		return "", false
	}
	return s.renames[i].To, true
}

// tableAfter returns the name of a table after the renames.
func (s *splitter) tableAfter(table string) string {
	for _, r := range s.renames {
		if r.Kind == diff.Table && r.From == table {
			return r.To
		}
	}
	return table
}

func isSerial(c schema.Column) bool {
	_, serial := schema.SerialBase(c.Type.For(schema.Postgres))
	return serial
}

// constraints returns the constraints written inside the type of the column.
func constraints(c schema.Column) []string {
	if c.Type.Kind != schema.Verbatim {
		return nil
	}
	return schema.SplitType(c.Type.For(schema.Postgres)).Constraints
}
