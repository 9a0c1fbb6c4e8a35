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

// partSize is the number of new tables that are tried on one database.
const partSize = 100

// parts splits a draft that only creates tables, and many of them, into trials of partSize tables. SQLite reads its
// whole catalogue on each CREATE and DROP, so a single trial would take time quadratic in the number of tables. The
// parts prove as much as the whole: new tables have no rows, and a stand-in with the columns that the foreign key needs
// replaces a referenced table of another part.
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

// created returns the tables that the draft creates, with their index in order of creation.
func (t *trial) created() map[string]int {
	created := map[string]int{}
	for _, s := range t.Plan.Upgrade {
		if create, ok := s.Operation.(*op.CreateTable); ok {
			created[create.Table.Name] = len(created)
		}
	}
	return created
}

// onlyCreates reports whether the plan only creates the tables, and drops them.
func onlyCreates(p diff.Plan, created map[string]int) bool {
	return !slices.ContainsFunc(slices.Concat(p.Upgrade, p.Downgrade), func(s diff.Step) bool {
		_, ok := created[creationOf(s.Operation)]
		return !ok
	})
}

// creationOf returns the table that an operation helps to create or drop, or an empty string.
func creationOf(o op.Operation) string {
	switch o := o.(type) {
	case *op.CreateTable:
		return o.Table.Name
	case *op.CreateIndex:
		return o.Table
	case *op.AddForeignKey: // of tables that reference each other
		return o.Table
	case *op.DropForeignKey:
		return o.Table
	case *op.DropTable:
		return o.Table
	default:
		return ""
	}
}

// distinctNames reports whether the names of all tables and indexes, which share a namespace on SQLite, differ by more
// than case.
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

// keysMatch reports whether all foreign keys reference unique columns.
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

// limit reduces the trial's schemas to the tables before, the tables of its plan, and stand-ins for the tables of other
// parts that these reference.
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

// withKey returns the table with the columns and a unique constraint on them. Their types do not matter to SQLite.
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
