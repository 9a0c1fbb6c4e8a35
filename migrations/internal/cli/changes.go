package cli

import (
	"context"
	"errors"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/runner"
)

// change is what a step does to the values of a column, such as rounding them, and in how many rows.
type change struct {
	text string
	rows int64
}

// countChanges counts the rows whose values a downgrade changes, or fails on. It leaves out tables and columns that
// have their names only during the downgrade, because a query cannot find them yet.
func (s *session) countChanges(ctx context.Context, plan graph.Plan, applied []string) ([]change, error) {
	before, err := s.SchemaAt(applied)
	if err != nil {
		return nil, err
	}
	d, err := s.dialect(ctx)
	if err != nil {
		return nil, err
	}
	r, err := s.runner(ctx, s.waitLimit())
	if err != nil {
		return nil, err
	}
	losses := diff.FollowLosses(before, d)
	var all []change
	for _, step := range plan.Steps {
		operations, err := s.Operations(step)
		if err != nil {
			return nil, err
		}
		for _, planned := range losses.Downgrade(operations) {
			for _, w := range planned.Warnings {
				c := change{text: strings.TrimPrefix(strings.TrimPrefix(w.Text, "on PostgreSQL, "), "on SQLite, ")}
				known, err := count(ctx, r, w.Query.For(d), &c.rows)
				if err != nil {
					return nil, err
				}
				if known {
					all = append(all, c)
				}
			}
		}
	}
	return all, nil
}

// count counts rows with a query; known is false if there is no query, or it fails because its table or column does not
// exist.
func count(ctx context.Context, r *runner.Runner, query string, rows *int64) (known bool, err error) {
	if query == "" {
		return false, nil
	}
	err = r.Read(ctx, func(tx *gorm.DB) error { return tx.Raw(query).Scan(rows).Error })
	if _, locked := errors.AsType[*runner.LockError](err); locked {
		return false, err
	}
	return err == nil, nil
}
