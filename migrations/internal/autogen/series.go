package autogen

import (
	"slices"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/online"
	"guestlist/migrations/op"
)

// Series are drafts that make a change step by step, so that a live database and two versions of the program survive
// it.
type Series struct {
	Drafts []Draft
	// Rollout is the number of drafts to apply before the new program is rolled out; the others follow once the
	// old program no longer runs.
	Rollout int
}

// Series plans the change as a series; identify returns the id of the n-th of the revisions. The series is empty if
// nothing has changed.
func (c Change) Series(identify func(n, of int) (string, error), renames ...diff.Rename) (Series, error) {
	ofColumn := func(r diff.Rename) bool { return r.Kind == diff.Column }
	whole, err := c.Draft(slices.DeleteFunc(slices.Clone(renames), ofColumn)...)
	if err != nil {
		return Series{}, err
	}
	planned, err := online.Split(c.Before, c.After, diff.Operations(whole.Plan.Upgrade), renames)
	if err != nil {
		return Series{},
			hint.New(err, "leave out --online, and apply it when nobody uses the table; or write it by hand with {db} revision")
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

// oneWay takes from SQL what undoes it, as each direction says by now what it does.
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
