package autogen

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// partSize is how many new tables are tried on one database.
const partSize = 100

// parts splits a draft that creates many tables, and does nothing else, into trials of some of them each. SQLite looks
// through its whole catalogue at each CREATE and DROP, so the time of one trial would grow with the square of the
// tables. The parts prove as much as the whole: they do the same, new tables have no rows, and a table of another part
// that a foreign key points at is there, with the columns that the key needs.
func (t *trial) parts() []*trial {
	created := t.created()
	if t.scratch.server || len(created) <= partSize || !onlyCreates(t.Plan, created) ||
		!distinctNames(t.After) || !keysMatch(t.After) {
		return []*trial{t}
	}
	parts := make([]*trial, (len(created)+partSize-1)/partSize)
	for i := range parts {
		parts[i] = &trial{Draft: t.Draft, scratch: t.scratch}
		parts[i].Plan = diff.Plan{}
	}
	of := func(s diff.Step) *diff.Plan { return &parts[created[creationOf(s.Operation)]/partSize].Plan }
	for _, s := range t.Plan.Upgrade {
		of(s).Upgrade = append(of(s).Upgrade, s)
	}
	for _, s := range t.Plan.Downgrade {
		of(s).Downgrade = append(of(s).Downgrade, s)
	}
	for _, part := range parts {
		part.limit()
	}
	return parts
}

// created returns the tables that the draft creates, numbered in their order.
func (t *trial) created() map[string]int {
	created := map[string]int{}
	for _, s := range t.Plan.Upgrade {
		if create, ok := s.Operation.(*op.CreateTable); ok {
			created[create.Table.Name] = len(created)
		}
	}
	return created
}

// onlyCreates reports whether the plan does nothing but create the tables, and drop them.
func onlyCreates(p diff.Plan, created map[string]int) bool {
	return !slices.ContainsFunc(slices.Concat(p.Upgrade, p.Downgrade), func(s diff.Step) bool {
		_, ok := created[creationOf(s.Operation)]
		return !ok
	})
}

// creationOf returns the table of an operation that is part of its creation, or of the reverse; it is empty for others.
func creationOf(o op.Operation) string {
	switch o := o.(type) {
	case *op.CreateTable:
		return o.Table.Name
	case *op.CreateIndex:
		return o.Table
	case *op.AddForeignKey: // of tables that point at each other
		return o.Table
	case *op.DropForeignKey:
		return o.Table
	case *op.DropTable:
		return o.Table
	default:
		return ""
	}
}

// distinctNames reports whether the names of all tables and indexes differ by more than their case: on SQLite, they
// share one name space.
func distinctNames(s schema.Schema) bool {
	seen := map[string]bool{}
	for _, t := range s.Tables() {
		for _, name := range append(t.IndexNames(), t.Name) {
			name = strings.ToLower(name)
			if seen[name] {
				return false
			}
			seen[name] = true
		}
	}
	return true
}

// keysMatch reports whether all foreign keys point at columns that are unique.
func keysMatch(s schema.Schema) bool {
	for _, t := range s.Tables() {
		for _, k := range t.ForeignKeys {
			if target, ok := s.Table(k.RefTable); !ok || !target.IsKey(k.RefColumns) {
				return false
			}
		}
	}
	return true
}

// limit leaves the tables of the trial's plan in its schemas, those of before, and what other parts create and these
// tables point at.
func (t *trial) limit() {
	here := t.created()
	var created []schema.Table
	others := map[string]schema.Table{}
	for _, table := range t.After.Tables() {
		if _, ok := here[table.Name]; !ok {
			continue
		}
		created = append(created, table)
		for _, k := range table.ForeignKeys {
			_, ours := here[k.RefTable]
			if _, before := t.Before.Table(k.RefTable); !ours && !before {
				others[k.RefTable] = withKey(others[k.RefTable], k.RefTable, k.RefColumns)
			}
		}
	}
	before := slices.AppendSeq(t.Before.Tables(), maps.Values(others))
	t.Before, t.After = schema.New(before...), schema.New(append(before, created...)...)
}

// withKey returns the table with columns that are unique. Their types are of no account to SQLite.
func withKey(t schema.Table, name string, columns []string) schema.Table {
	t.Name = name
	if t.IsKey(columns) {
		return t
	}
	for _, column := range columns {
		if _, ok := t.Column(column); !ok {
			t.Columns = append(t.Columns, schema.Column{Name: column, Type: schema.Type{Kind: schema.Int, Size: 64}})
		}
	}
	t.Uniques = append(t.Uniques, schema.Unique{Name: fmt.Sprintf("trial_%d_%s", len(t.Uniques), name), Columns: columns})
	return t
}
