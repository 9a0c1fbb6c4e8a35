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
	rows int64 // or uncounted
}

// uncounted is the number of rows if the query that counts them failed.
const uncounted = -1

// countChanges counts the rows whose values a downgrade changes, or fails on.
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
				if c.rows, err = count(ctx, r, w.Query.For(d)); err != nil {
					return nil, err
				}
				all = append(all, c)
			}
		}
	}
	return all, nil
}

// count returns the number of rows that a query counts, 0 without a query, and uncounted if the query fails, as on a
// table whose schema a step renames.
func count(ctx context.Context, r *runner.Runner, query string) (rows int64, err error) {
	if query == "" {
		return 0, nil
	}
	err = r.Read(ctx, func(tx *gorm.DB) error { return tx.Raw(query).Scan(&rows).Error })
	_, locked := errors.AsType[*runner.LockError](err)
	switch {
	case err == nil:
		return rows, nil
	case locked || ctx.Err() != nil:
		return 0, err
	default:
		return uncounted, nil
	}
}
