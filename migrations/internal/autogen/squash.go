package autogen

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// squash is what a draft replaces.
type squash struct {
	steps      []graph.Step   // of its upgrade
	operations []op.Operation // of them, without Go code
	leftOut    []string       // the Go code, for people
	lacking    []string       // what of it rows may lack, for people
	oneWay     bool           // one of them has no Downgrade
}

// Squash drafts the revision that replaces others: what it does is what they do, so folded that nothing is done twice
// to a table without rows. SQL stays, in its order. Go code cannot be copied: it is an ObstaclesError, unless it is to
// be left out and no database has rows before.
func Squash(history *runner.History, s graph.Squash, leaveOutCode bool) (Draft, error) {
	d := Draft{Change: Change{Node: s.Node, history: history}, squash: &squash{}}
	with, err := history.With(revision.Revision{
		ID: s.Node.ID, DownRevision: s.Node.Down, DependsOn: s.Node.DependsOn, BranchLabels: s.Node.Labels,
		Replaces: s.Node.Replaces,
	})
	if err != nil {
		return d, err
	}
	d.Below = slices.DeleteFunc(with.Graph.Ancestors(s.Node.ID), func(id string) bool { return id == s.Node.ID })
	if d.Before, err = history.SchemaAt(d.Below); err != nil {
		return d, err
	}
	plan, err := history.Graph.Upgrade(d.Below, s.Replaced[len(s.Replaced)-1])
	if err != nil {
		return d, err
	}
	d.squash.steps = plan.Steps
	if err := d.checkObstacles(leaveOutCode); err != nil {
		return d, err
	}
	return d, d.foldSteps()
}

// LeftOut returns warnings of Go code that the draft leaves out, although there may be rows that it would change.
func (d *Draft) LeftOut() []string { return d.squash.lacking }

// OneWay reports whether the draft has no way back, as one of the revisions that it replaces has none.
func (d *Draft) OneWay() bool { return d.squash.oneWay }

// foldSteps makes the plan of the draft.
func (d *Draft) foldSteps() error {
	up := newFold(d.Before)
	for _, step := range d.squash.steps {
		if err := d.foldStep(up, step); err != nil {
			return err
		}
	}
	d.After = up.now
	if err := up.flush(); err != nil {
		return err
	}
	d.Plan.Upgrade = unwarned(up.folded)
	err := d.foldBack(newFold(d.After))
	if _, stuck := errors.AsType[*runner.IrreversibleError](err); stuck {
		d.squash.oneWay, err = true, nil
	}
	if err != nil {
		return err
	}
	return d.prove()
}

// foldBack makes the way back of the plan.
func (d *Draft) foldBack(down *fold) error {
	var sql int
	var steps []graph.Step
	for _, step := range slices.Backward(d.squash.steps) {
		back := graph.Step{Kind: graph.Downgrade, Revision: step.Revision}
		operations, err := d.wholly(back)
		if err != nil {
			return err
		}
		steps, sql = append(steps, back), sql+countSQL(operations)
	}
	for _, step := range steps {
		operations, _ := d.wholly(step) // which had no error before
		for _, o := range operations {
			if sql == 0 && len(d.Below) == 0 {
				down.leave()
			}
			if err := down.take(o); err != nil {
				return hint.New(fmt.Errorf("the downgrade of revision %s: %w", d.named(step.Revision), err),
					"correct it, or the one after it; one without a Downgrade gives the squash none either")
			}
			sql -= countSQL([]op.Operation{o})
		}
	}
	if err := down.lead(d.Before); err != nil {
		return err
	}
	d.Plan.Downgrade = unwarned(down.folded)
	return nil
}

func countSQL(operations []op.Operation) (n int) {
	for _, o := range operations {
		if _, isSQL := o.(*op.SQL); isSQL {
			n++
		}
	}
	return n
}

func (d *Draft) foldStep(up *fold, step graph.Step) error {
	operations, err := d.wholly(step)
	if err != nil {
		return err
	}
	for _, o := range operations {
		if isCode(o) {
			d.leaveOut(step, o, len(up.rows) > 0)
		} else {
			d.squash.operations = append(d.squash.operations, plain(o))
		}
		if err := up.take(o); err != nil {
			return fmt.Errorf("revision %s: %w", d.named(step.Revision), err)
		}
	}
	return nil
}

// wholly returns the operations of a step, with SQL for a whole table in place of batches: new databases have few rows.
func (d *Draft) wholly(step graph.Step) ([]op.Operation, error) {
	operations, err := d.history.Operations(step)
	for i, o := range operations {
		if batches, ok := o.(*op.Batches); ok && batches.Step == nil {
			operations[i] = &op.SQL{Text: schema.SQL{
				Postgres: strings.ReplaceAll(batches.Text.Postgres, op.RowsMark, "true"),
				SQLite:   strings.ReplaceAll(batches.Text.SQLite, op.RowsMark, "true"),
			}}
		}
	}
	return operations, err
}

// isCode reports whether the operation is Go code, which cannot be copied.
func isCode(o op.Operation) bool {
	switch o := o.(type) {
	case *op.Run:
		return true
	case *op.Batches:
		return o.Step != nil
	}
	return false
}

func (d *Draft) leaveOut(step graph.Step, o op.Operation, rows bool) {
	text := fmt.Sprintf("%s: %s", d.named(step.Revision), o)
	d.squash.leftOut = append(d.squash.leftOut, text)
	if rows {
		d.squash.lacking = append(d.squash.lacking, "rows that SQL before it may insert are without what it does: "+text)
	}
}

// prove checks that the two directions lead where they should.
func (d *Draft) prove() error {
	if err := leads(d.Before, d.After, d.Plan.Upgrade); err != nil {
		return fmt.Errorf("the upgrade: %w", err)
	}
	if d.squash.oneWay {
		return nil
	}
	if err := leads(d.After, d.Before, d.Plan.Downgrade); err != nil {
		return fmt.Errorf("the downgrade: %w", err)
	}
	return nil
}

func leads(from, to schema.Schema, steps []diff.Step) error {
	reached, err := op.ApplyAll(from, diff.Operations(steps))
	if err != nil {
		return err
	}
	rest, err := diff.Diff(reached, to)
	if err == nil && !rest.IsEmpty() {
		err = fmt.Errorf("%s is left to be done", rest.Upgrade[0].Operation)
	}
	return err
}

// unwarned are operations as a plan has them. What there was to know of them, people knew when they were written.
func unwarned(operations []op.Operation) []diff.Step {
	steps := make([]diff.Step, 0, len(operations))
	for _, o := range operations {
		steps = append(steps, diff.Step{Operation: o})
	}
	return steps
}

func (d *Draft) named(id string) string { return id + " (" + d.history.Revision(id).File + ")" }

// notes are what the file says of the code that is left out.
func (s *squash) notes() []string {
	if len(s.leftOut) == 0 {
		return nil
	}
	return append([]string{"This code is left out, as a new database has no rows for it:"}, s.leftOut...)
}

// checkObstacles lists what cannot be part of one revision.
func (d *Draft) checkObstacles(leaveOutCode bool) error {
	err := &ObstaclesError{}
	for _, step := range d.squash.steps {
		r := d.history.Revision(step.Revision)
		for _, o := range append(op.Record(r.Upgrade), op.Record(r.Downgrade)...) {
			text := fmt.Sprintf("%s: %s", d.named(r.ID), o)
			_, isSQL := o.(*op.SQL)
			switch {
			case isCode(o) && (!leaveOutCode || len(d.Below) > 0):
				err.code = true
				err.Obstacles = appendNew(err.Obstacles, text)
			case isSQL && r.NoTransaction:
				err.Obstacles = appendNew(err.Obstacles, text+" (outside of a transaction)")
			}
		}
	}
	if len(err.Obstacles) == 0 {
		return nil
	}
	err.fromBase, err.tried = len(d.Below) == 0, leaveOutCode
	return err
}

func appendNew(list []string, item string) []string {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}

// ObstaclesError is steps of revisions that cannot be part of one revision.
type ObstaclesError struct {
	Obstacles []string // each with its revision and file

	code            bool // some of them are Go code
	fromBase, tried bool // the squash begins at the base; code was to be left out
}

func (e *ObstaclesError) Error() string {
	return "Not squashed: in the way are " + strings.Join(e.Obstacles, "; ")
}

// Hint says what to do about it.
func (e *ObstaclesError) Hint() string {
	around := "squash what comes before them and what comes after them apart"
	switch {
	case e.code && e.fromBase:
		return "Go code cannot be copied: " + around +
			", or leave it out with --leave-out-code, as a new database has no rows that it would change"
	case e.code && e.tried:
		return "code can be left out only of a squash from the base, as databases before this one have rows: " + around
	case e.code:
		return "Go code cannot be copied: " + around
	}
	return "what needs to be outside of a transaction has a revision of its own: " + around
}
