// Package online splits a schema change into a series of revisions that can be applied to a live PostgreSQL database
// under two versions of a program. Nothing is locked for more than a moment. The old program runs on every schema up to
// the rollout of the new one, and the new program on every schema from there on. The package is pure:
//
//	operations of a plan ─▶ Split ─▶ prepare ─▶ fill ─▶ build ─▶ constrain ─▶ validate ─▶ finish
//	                                 ─▶ rollout ─▶ constrain ─▶ validate ─▶ contract
//
// A column that is renamed, or gets a type for which PostgreSQL rewrites the table, is replaced by a new column next to
// the old one. Triggers keep the two in sync, and existing rows are filled in batches.
package online

import (
	"errors"
	"fmt"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Part is one revision of a series.
type Part struct {
	Title         string // a word or two
	NoTransaction bool
	Safe          string   // why the part is safe, though it looks unsafe
	Before        []string // what has to be done by hand before it is applied
	Operations    []op.Operation
}

// Series holds the parts of a change, in order. The parts from index Rollout on are applied once the old program no
// longer runs; Rollout is len(Parts) if there are none.
type Series struct {
	Parts   []Part
	Rollout int
}

// stage is the part of the series to which an operation belongs.
type stage int

const (
	prepare   stage = iota // quick changes that break nothing
	fill                   // fills new columns, in batches
	build                  // builds indexes
	constrain              // adds constraints for new rows
	validate               // validates them for existing rows
	finish                 // quick changes that need all of the above
	secondConstrain
	secondValidate
	contract // drops what only the old program needs
	stages
)

var parts = [stages]Part{
	prepare:         {Title: "prepare"},
	fill:            {Title: "fill", NoTransaction: true},
	build:           {Title: "build", NoTransaction: true},
	constrain:       {Title: "constrain"},
	validate:        {Title: "validate", NoTransaction: true},
	finish:          {Title: "finish"},
	secondConstrain: {Title: "constrain after the rollout"},
	secondValidate:  {Title: "validate after the rollout", NoTransaction: true},
	contract:        {Title: "contract"},
}

// Error is the error of an operation that cannot be done online.
type Error struct {
	Operation op.Operation
	reason    string
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Operation, e.reason) }

// Split returns the series for the operations that lead from one schema to another. The renames of columns are passed
// separately; in the operations, these columns are dropped and added.
func Split(before, after schema.Schema, operations []op.Operation, renames []diff.Rename) (Series, error) {
	s := splitter{before: before, now: before, after: after, operations: operations, renames: renames,
		fresh: map[string]bool{}}
	for _, o := range operations {
		if err := s.split(o); err != nil {
			return Series{}, err
		}
		next, err := o.Apply(s.now)
		if err != nil {
			return Series{}, fmt.Errorf("%s: %w", o, err)
		}
		s.now = next
	}
	s.placeViews()
	series := s.series()
	return series, series.prove(before, after)
}

// prove checks that the series leads from one schema to the other.
func (s Series) prove(before, after schema.Schema) error {
	now := before
	for _, p := range s.Parts {
		next, err := op.ApplyAll(now, p.Operations)
		if err != nil {
			return fmt.Errorf("the part %q cannot be applied: %w", p.Title, err)
		}
		now = next
	}
	if !diff.Same(now, after) {
		return errors.New("the changes conflict: make one at a time")
	}
	return nil
}

// splitter sorts operations into stages.
type splitter struct {
	before, now, after schema.Schema
	operations         []op.Operation
	renames            []diff.Rename
	fresh              map[string]bool // tables that the series creates, which no program uses yet
	twins              []twins         // of columns whose types change; the twin takes over the name at the end
	views              []*op.SQL       // that give renamed tables their old names
	staged             [stages][]op.Operation
	safe               [stages]string
	todo               [stages][]string
}

func (s *splitter) at(where stage, operations ...op.Operation) {
	s.staged[where] = append(s.staged[where], operations...)
}

func (s *splitter) series() Series {
	var series Series
	for where, operations := range s.staged {
		if stage(where) == secondConstrain {
			series.Rollout = len(series.Parts)
		}
		if len(operations) == 0 {
			continue
		}
		p := parts[where]
		p.Operations, p.Safe, p.Before = operations, s.safe[where], s.todo[where]
		series.Parts = append(series.Parts, p)
	}
	return series
}

// split assigns an operation, or the operations that replace it, to stages.
func (s *splitter) split(o op.Operation) error {
	switch o := o.(type) {
	case *op.CreateTable:
		s.fresh[o.Table.Name] = true
		s.at(prepare, o)
	case *op.DropTable:
		s.at(contract, o)
		s.safe[contract] = noLongerUsed
	case *op.RenameTable:
		return s.renameTable(o)
	case *op.AddColumn:
		return s.addColumn(o)
	case *op.DropColumn:
		return s.dropColumn(o)
	case *op.AlterColumn:
		return s.alterColumn(o)
	case *op.CreateIndex:
		s.createIndex(o)
	case *op.DropIndex:
		s.dropIndex(o)
	case *op.AddUnique:
		s.addUnique(o)
	case *op.AddPrimaryKey:
		return s.addPrimaryKey(o)
	case *op.AddCheck:
		s.addCheck(o)
	case *op.AddForeignKey:
		s.addForeignKey(o)
	case *op.ValidateCheck, *op.ValidateForeignKey:
		s.at(validate, o)
	case *op.DropUnique, *op.DropCheck, *op.DropForeignKey:
		s.dropConstraint(o)
	default: // operations that relax, rename or comment
		s.at(prepare, o)
	}
	return nil
}

const noLongerUsed = "no program uses what it drops any more"

func (s *splitter) createIndex(o *op.CreateIndex) {
	if s.fresh[o.Table] {
		s.at(prepare, o)
		return
	}
	built := &op.CreateIndex{Table: o.Table, Index: o.Index, Concurrent: true}
	if moved, ok := s.onTwins(schema.Table{Name: o.Table, Indexes: []schema.Index{o.Index}}); ok {
		built.Index = moved.Indexes[0]
		built.Index.Name = temporary(o.Index.Name)
		s.at(finish, &op.RenameIndex{Table: o.Table, From: built.Index.Name, To: o.Index.Name})
	}
	s.at(build, built)
}

// addUnique builds an index concurrently, and makes the constraint from it.
func (s *splitter) addUnique(o *op.AddUnique) {
	if s.fresh[o.Table] {
		s.at(prepare, o)
		return
	}
	name, columns := o.Unique.Name, o.Unique.Columns
	if moved, ok := s.onTwins(schema.Table{Name: o.Table, Uniques: []schema.Unique{o.Unique}}); ok {
		name, columns = temporary(name), moved.Uniques[0].Columns
	}
	s.at(build, uniqueIndex(o.Table, name, columns))
	s.at(finish, &op.AddUnique{Table: o.Table, Unique: o.Unique, Index: name})
}

func uniqueIndex(table, name string, columns []string) *op.CreateIndex {
	index := schema.Index{Name: name, Unique: true}
	for _, c := range columns {
		index.Keys = append(index.Keys, schema.IndexKey{Column: c})
	}
	return &op.CreateIndex{Table: table, Index: index, Concurrent: true}
}

func (s *splitter) addPrimaryKey(o *op.AddPrimaryKey) error {
	if s.fresh[o.Table] {
		s.at(prepare, o)
		return nil
	}
	t, _ := s.now.Table(o.Table)
	for _, name := range o.Key.Columns {
		if c, _ := t.Column(name); !c.NotNull {
			return &Error{o, "column " + name + " may be NULL: make it NOT NULL first"}
		}
	}
	name := schema.ObjectName(o.Table, "", "key")
	s.at(build, uniqueIndex(o.Table, name, o.Key.Columns))
	s.at(finish, &op.AddPrimaryKey{Table: o.Table, Key: o.Key, Index: name})
	return nil
}

func (s *splitter) addCheck(o *op.AddCheck) {
	if s.fresh[o.Table] {
		s.at(prepare, o)
		return
	}
	check := o.Check
	if moved, ok := s.onTwins(schema.Table{Name: o.Table, Checks: []schema.Check{check}}); ok {
		check = moved.Checks[0]
		check.Name = temporary(check.Name)
		s.at(finish, &op.RenameConstraint{Table: o.Table, From: check.Name, To: o.Check.Name})
	}
	check.NotValid = true
	s.at(constrain, &op.AddCheck{Table: o.Table, Check: check})
	s.at(validate, &op.ValidateCheck{Table: o.Table, Name: check.Name})
}

func (s *splitter) addForeignKey(o *op.AddForeignKey) {
	if s.fresh[o.Table] {
		s.at(s.onceKey(o.Key, prepare), o)
		return
	}
	key := o.Key
	key.NotValid = true
	if where := s.onceKey(key, constrain); where == finish {
		s.at(finish, &op.AddForeignKey{Table: o.Table, Key: key})
		s.at(secondValidate, &op.ValidateForeignKey{Table: o.Table, Name: key.Name})
		return
	}
	if moved, ok := s.onTwins(schema.Table{Name: o.Table, ForeignKeys: []schema.ForeignKey{key}}); ok {
		key = moved.ForeignKeys[0]
		key.Name = temporary(key.Name)
		s.at(finish, &op.RenameConstraint{Table: o.Table, From: key.Name, To: o.Key.Name})
	}
	s.at(constrain, &op.AddForeignKey{Table: o.Table, Key: key})
	s.at(validate, &op.ValidateForeignKey{Table: o.Table, Name: key.Name})
}

// onceKey returns the stage at which a foreign key can be added: first, unless the columns that it references become a
// key only in this series.
func (s *splitter) onceKey(k schema.ForeignKey, first stage) stage {
	target, was := s.before.Table(k.RefTable)
	if s.fresh[k.RefTable] || was && target.IsKey(k.RefColumns) {
		return first
	}
	return finish
}
