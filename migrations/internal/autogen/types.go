package autogen

import (
	"fmt"
	"strings"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// warnOfTypes adds warnings about types that are not PostgreSQL's own and that nothing in the history creates or uses:
// misspelled ones, and those of extensions.
func (d *Draft) warnOfTypes() error {
	for i, step := range d.Plan.Upgrade {
		for _, c := range diff.Typed(step.Operation) {
			name, unknown := c.Unknown()
			if !unknown {
				continue
			}
			known, err := d.knowsType(name)
			if err != nil {
				return err
			}
			if !known {
				d.Plan.Upgrade[i].Warnings = append(d.Plan.Upgrade[i].Warnings, diff.Warning{
					Text:   fmt.Sprintf("fails on PostgreSQL, which has no built-in type %s (%s)", name, c.Name),
					Advice: "Create it in an earlier revision, with CREATE TYPE or CREATE EXTENSION in m.SQLFor, or correct the name",
					Only:   schema.Postgres,
				})
			}
		}
	}
	return nil
}

// knowsType reports whether a column has the type already, or SQL in the history names it.
func (c Change) knowsType(name string) (bool, error) {
	for _, t := range c.Before.Tables() {
		for _, column := range t.Columns {
			typed := diff.TypedColumn{Type: column.Type}
			if used, unknown := typed.Unknown(); unknown && used == name {
				return true, nil
			}
		}
	}
	for _, id := range c.Below {
		operations, err := c.history.Operations(graph.Step{Kind: graph.Upgrade, Revision: id})
		if err != nil {
			return false, err
		}
		for _, o := range operations {
			if sql, ok := o.(*op.SQL); ok && strings.Contains(strings.ToLower(sql.Text.Postgres), name) {
				return true, nil
			}
		}
	}
	return false, nil
}
