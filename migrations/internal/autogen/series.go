package autogen

import (
	"slices"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/online"
	"guestlist/migrations/op"
)

// Series holds the drafts of a change made step by step, on a live database and under two versions of the program.
type Series struct {
	Drafts []Draft
	// Rollout is the number of drafts to apply before the rollout of the new program; the others are applied once the old
	// program no longer runs.
	Rollout int
}

// Series plans the change as a series. The function identify returns the id of the n-th revision, counted from 1. The
// series is empty if nothing has changed.
func (c Change) Series(identify func(n, of int) (string, error), renames ...diff.Rename) (Series, error) {
	ofColumn := func(r diff.Rename) bool { return r.Kind == diff.Column }
	whole, err := c.Draft(slices.DeleteFunc(slices.Clone(renames), ofColumn)...)
	if err != nil {
		return Series{}, err
	}
	planned, err := online.Split(c.Before, c.After, diff.Operations(whole.Plan.Upgrade), renames)
	if err != nil {
		return Series{},
			hint.New(err, "leave out --online, and apply it while nothing uses the table; "+
				"or write it by hand with {db} revision")
	}
	series := Series{Rollout: planned.Rollout}
	next := c
	for n, part := range planned.Parts {
		if next.Node.ID, err = identify(n+1, len(planned.Parts)); err != nil {
			return Series{}, err
		}
		d, err := next.part(part)
		if err != nil {
			return Series{}, err
		}
		series.Drafts = append(series.Drafts, d)
		next.Before, next.Below = d.After, append(slices.Clone(next.Below), d.Node.ID)
		next.Node.Down, next.Node.DependsOn, next.Node.Labels = []string{d.Node.ID}, nil, nil
	}
	return series, nil
}

// part drafts one part of a series.
func (c Change) part(p online.Part) (Draft, error) {
	var err error
	if c.After, err = op.ApplyAll(c.Before, p.Operations); err != nil {
		return Draft{}, err
	}
	plan, err := diff.PlanOf(c.Before, c.After, p.Operations)
	if err != nil {
		return Draft{}, err
	}
	plan.Upgrade, plan.Downgrade = oneWay(plan.Upgrade), oneWay(plan.Downgrade)
	d := Draft{Change: c, Plan: plan, Title: p.Title, NoTransaction: p.NoTransaction, Safe: p.Safe, First: p.Before}
	return d, d.warnOfTypes()
}

// oneWay removes the reverse from SQL operations, as each direction has its own operations.
func oneWay(steps []diff.Step) []diff.Step {
	var all []diff.Step
	for _, s := range steps {
		sql, isSQL := s.Operation.(*op.SQL)
		switch {
		case !isSQL:
			all = append(all, s)
		case !sql.Text.IsZero() || len(sql.Declared) > 0:
			all = append(all, diff.Step{Operation: &op.SQL{Text: sql.Text, Declared: sql.Declared}, Warnings: s.Warnings})
		}
	}
	return all
}
