package online

import (
	"guestlist/migrations/internal/convert"
	"guestlist/migrations/internal/lint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// retype adds a column of the new type next to the old one, fills it, and swaps the two. Both programs have to work
// with either type, so the values must be of one class.
func (s *splitter) retype(o *op.AlterColumn) error {
	t, _ := s.now.Table(o.Table)
	was, _ := t.Column(o.Column)
	changed, err := o.Apply(s.now)
	if err != nil {
		return err
	}
	isTable, _ := changed.Table(o.Table)
	is, _ := isTable.Column(o.Column)
	reason := s.tied(t, was)
	switch {
	case reason != "":
	case is.AutoIncrement || is.Generated != "":
		reason = "the database fills the column by itself"
	case convert.Class(was.Type) != convert.Class(is.Type):
		reason = "the old program cannot use " + is.Type.String() + " for " + was.Type.String() +
			": give the new column another name in the model"
	case !lint.SameValues(was.Type, is.Type):
		reason = "the old program may write values of " + was.Type.String() + " that " + is.Type.String() + " does not hold"
	case s.tableBefore(o.Table) != o.Table:
		reason = "the table is renamed as well: make one change after the other"
	}
	if reason != "" {
		return &Error{o, reason}
	}
	twin := is
	twin.Name, twin.NotNull, twin.Default = freeName(t, o.Column+"_new"), false, schema.Default{}
	sync := twins{table: o.Table, key: t.PrimaryKey.Columns, from: was.Name, to: twin.Name, was: was.Type, is: is.Type,
		oneWay: true}
	s.at(prepare, &op.AddColumn{Table: o.Table, Column: twin}, sync.create())
	s.at(fill, sync.fill())
	s.swap(t, was, is, twin.Name, sync)
	s.twins = append(s.twins, sync)
	return nil
}

// onTwins returns a part to be added to a table with the columns whose types change replaced by their twins, and
// reports whether there are any.
func (s *splitter) onTwins(part schema.Table) (moved schema.Table, ok bool) {
	moved = part
	for _, t := range s.twins {
		if t.table == part.Name && len(moved.Uses(t.from).Names()) > 0 {
			moved, _ = schema.Schema{}.With(moved).RenameColumn(part.Name, t.from, t.to).Table(part.Name)
			ok = true
		}
	}
	return moved, ok
}

// temporary returns the name of an index or constraint on a twin, until the twin takes over the column's name.
func temporary(name string) string { return objectName(name, "", "new") }

// swap gives the twin the indexes and constraints of the column, and then its name.
func (s *splitter) swap(t schema.Table, was, is schema.Column, twin string, sync twins) {
	renamed, _ := s.now.RenameColumn(t.Name, was.Name, twin).Table(t.Name)
	uses := renamed.Uses(twin)
	var after []op.Operation
	for _, i := range uses.Indexes {
		name := i.Name
		i.Name = temporary(name)
		s.at(build, &op.CreateIndex{Table: t.Name, Index: i, Concurrent: true})
		after = append(after, &op.RenameIndex{Table: t.Name, From: i.Name, To: name})
	}
	for _, u := range uses.Uniques {
		s.at(build, uniqueIndex(t.Name, temporary(u.Name), u.Columns))
		kept, _ := t.Unique(u.Name)
		after = append(after, &op.AddUnique{Table: t.Name, Unique: kept, Index: temporary(u.Name)})
	}
	for _, c := range uses.Checks {
		name := c.Name
		c.Name, c.NotValid = temporary(name), true
		s.at(constrain, &op.AddCheck{Table: t.Name, Check: c})
		s.at(validate, &op.ValidateCheck{Table: t.Name, Name: c.Name})
		after = append(after, &op.RenameConstraint{Table: t.Name, From: c.Name, To: name})
	}
	for _, k := range uses.ForeignKeys {
		name := k.Name
		k.Name, k.NotValid = temporary(name), true
		s.at(constrain, &op.AddForeignKey{Table: t.Name, Key: k})
		s.at(validate, &op.ValidateForeignKey{Table: t.Name, Name: k.Name})
		after = append(after, &op.RenameConstraint{Table: t.Name, From: k.Name, To: name})
	}
	if is.NotNull {
		s.notNull(t.Name, twin, constrain, validate, finish)
	}
	s.at(finish, sync.drop())
	s.at(finish, strip(t, was)...)
	s.at(finish, sync.back(), &op.DropColumn{Table: t.Name, Column: was.Name},
		&op.RenameColumn{Table: t.Name, From: twin, To: was.Name})
	if is.Default.Kind != schema.NoDefault {
		s.at(finish, &op.AlterColumn{Table: t.Name, Column: is.Name, Change: op.ColumnChange{Default: &is.Default}})
	}
	s.at(finish, after...)
	s.safe[finish] = t.Name + "." + was.Name + " keeps its name, and both programs work with either type"
}

// strip drops what would keep the downgrade from adding a column again without values.
func strip(t schema.Table, c schema.Column) []op.Operation {
	var all []op.Operation
	uses := t.Uses(c.Name)
	for _, k := range uses.ForeignKeys {
		all = append(all, &op.DropForeignKey{Table: t.Name, Name: k.Name})
	}
	for _, check := range uses.Checks {
		all = append(all, &op.DropCheck{Table: t.Name, Name: check.Name})
	}
	for _, i := range uses.Indexes {
		all = append(all, &op.DropIndex{Table: t.Name, Index: i.Name})
	}
	for _, u := range uses.Uniques {
		all = append(all, &op.DropUnique{Table: t.Name, Name: u.Name})
	}
	return append(all, loosen(t.Name, c)...)
}

// loosen makes a column nullable and drops its default.
func loosen(table string, c schema.Column) []op.Operation {
	var change op.ColumnChange
	if c.NotNull {
		change.NotNull = new(bool)
	}
	if c.Default.Kind != schema.NoDefault {
		change.Default = &schema.Default{}
	}
	if change == (op.ColumnChange{}) {
		return nil
	}
	return []op.Operation{&op.AlterColumn{Table: table, Column: c.Name, Change: change}}
}

// freeName returns the name, followed by underscores while a column of the table has it.
func freeName(t schema.Table, name string) string {
	for {
		if _, taken := t.Column(name); !taken {
			return name
		}
		name += "_"
	}
}
