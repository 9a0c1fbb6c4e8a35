package online

import (
	"fmt"
	"hash/crc32"
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// dropIndex keeps an index for the old program. If a new index needs its name, it is dropped before the rollout, or
// renamed if one of its columns is dropped; if the type of one of its columns changes, it is dropped before the rollout
// too.
func (s *splitter) dropIndex(o *op.DropIndex) {
	again := slices.ContainsFunc(s.operations, func(other op.Operation) bool {
		made, ok := other.(*op.CreateIndex)
		return ok && made.Index.Name == o.Index
	})
	t, _ := s.now.Table(o.Table)
	i, _ := t.Index(o.Index)
	part := schema.Table{Name: t.Name, Indexes: []schema.Index{i}}
	switch {
	case s.retypes(part), again && !s.losesColumn(part):
		s.at(build, &op.DropIndex{Table: o.Table, Index: o.Index, Concurrent: true})
	case again:
		old := objectName(o.Index, "", "old")
		s.at(prepare, &op.RenameIndex{Table: o.Table, From: o.Index, To: old})
		s.at(contract, &op.DropIndex{Table: o.Table, Index: old})
	default:
		s.at(contract, o)
	}
}

// dropConstraint drops a constraint in the first part, as that only relaxes the schema. One on a dropped column is kept
// for the old program, whose ON CONFLICT may need it and whose deletes may cascade through it; it is renamed if a new
// constraint needs its name.
func (s *splitter) dropConstraint(o op.Operation) {
	table, name, part := s.constraint(o)
	if s.retypes(part) || !s.losesColumn(part) {
		s.at(prepare, o)
		return
	}
	if !s.added(name) {
		s.at(contract, o)
		return
	}
	old := objectName(name, "", "old")
	s.at(prepare, &op.RenameConstraint{Table: table, From: name, To: old})
	switch o.(type) {
	case *op.DropUnique:
		s.at(contract, &op.DropUnique{Table: table, Name: old})
	case *op.DropCheck:
		s.at(contract, &op.DropCheck{Table: table, Name: old})
	default:
		s.at(contract, &op.DropForeignKey{Table: table, Name: old})
	}
}

// constraint returns the constraint that an operation drops, as a table with nothing else.
func (s *splitter) constraint(o op.Operation) (table, name string, part schema.Table) {
	switch o := o.(type) {
	case *op.DropUnique:
		t, _ := s.now.Table(o.Table)
		u, _ := t.Unique(o.Name)
		return o.Table, o.Name, schema.Table{Name: o.Table, Uniques: []schema.Unique{u}}
	case *op.DropCheck:
		t, _ := s.now.Table(o.Table)
		c, _ := t.Check(o.Name)
		return o.Table, o.Name, schema.Table{Name: o.Table, Checks: []schema.Check{c}}
	case *op.DropForeignKey:
		t, _ := s.now.Table(o.Table)
		k, _ := t.ForeignKey(o.Name)
		return o.Table, o.Name, schema.Table{Name: o.Table, ForeignKeys: []schema.ForeignKey{k}}
	default:
		return "", "", schema.Table{}
	}
}

// losesColumn reports whether a part of a table uses a column that the series drops.
func (s *splitter) losesColumn(part schema.Table) bool {
	return slices.ContainsFunc(s.operations, func(o op.Operation) bool {
		d, ok := o.(*op.DropColumn)
		return ok && d.Table == part.Name && len(part.Uses(d.Column).Names()) > 0
	})
}

// retypes reports whether a part of a table uses a column whose type changes: the part is dropped with the old column.
func (s *splitter) retypes(part schema.Table) bool {
	return slices.ContainsFunc(s.operations, func(o op.Operation) bool {
		a, ok := o.(*op.AlterColumn)
		return ok && a.Change.Type != nil && a.Table == part.Name && len(part.Uses(a.Column).Names()) > 0
	})
}

// added reports whether the series adds a constraint of that name.
func (s *splitter) added(name string) bool {
	return slices.ContainsFunc(s.operations, func(o op.Operation) bool {
		switch o := o.(type) {
		case *op.AddUnique:
			return o.Unique.Name == name
		case *op.AddCheck:
			return o.Check.Name == name
		case *op.AddForeignKey:
			return o.Key.Name == name
		default:
			return false
		}
	})
}

// objectName is schema.ObjectName, but adds a checksum of the names if they do not fit, so that truncated names stay
// distinct.
func objectName(table, column, label string) string {
	if len(table)+len(column)+len(label)+2 > schema.MaxName {
		label = fmt.Sprintf("%08x_%s", crc32.ChecksumIEEE([]byte(table+"."+column)), label)
	}
	return schema.ObjectName(table, column, label)
}
