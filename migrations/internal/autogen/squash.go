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

// squash holds the revisions that a draft replaces.
type squash struct {
	steps      []graph.Step   // of its upgrade
	operations []op.Operation // of the steps, without Go code
	leftOut    []string       // descriptions of the Go code left out
	warnings   []string       // warnings about left-out code that may have rows to change
	oneWay     bool           // one of the revisions has no Downgrade
}

// Squash drafts the revision that replaces others. It does what they do, folded so that nothing is done twice to a
// table without rows. SQL stays, in order. Go code cannot be copied: Squash returns an ObstaclesError, unless
// leaveOutCode is set and the squash begins at the base, where no database has rows.
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

// Warnings returns warnings about Go code that the draft leaves out although there may be rows for it to change.
func (d *Draft) Warnings() []string { return d.squash.warnings }

// OneWay reports whether the draft has no downgrade, because one of the revisions that it replaces has none.
func (d *Draft) OneWay() bool { return d.squash.oneWay }

// foldSteps makes the draft's plan.
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

// foldBack makes the downgrade of the draft's plan.
func (d *Draft) foldBack(down *fold) error {
	var sql int
	var steps []graph.Step
	for _, step := range slices.Backward(d.squash.steps) {
		back := graph.Step{Kind: graph.Downgrade, Revision: step.Revision}
		operations, err := d.operationsOf(back)
		if err != nil {
			return err
		}
		steps, sql = append(steps, back), sql+countSQL(operations)
	}
	for _, step := range steps {
		operations, _ := d.operationsOf(step) // returned no error above
		for _, o := range operations {
			if sql == 0 && len(d.Below) == 0 {
				down.leave()
			}
			if err := down.take(o); err != nil {
				return hint.New(fmt.Errorf("the downgrade of revision %s: %w", d.named(step.Revision), err),
					"correct it, or the one after it; if one has no Downgrade, the squash has none")
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
	operations, err := d.operationsOf(step)
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

// operationsOf returns the operations of a step, with batches replaced by SQL for the whole table: new databases have
// few rows.
func (d *Draft) operationsOf(step graph.Step) ([]op.Operation, error) {
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
		d.squash.warnings = append(d.squash.warnings, "rows that SQL before it may insert are not changed by it: "+text)
	}
}

// prove checks that both directions lead to the right schema.
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
		err = fmt.Errorf("%s is missing", rest.Upgrade[0].Operation)
	}
	return err
}

// unwarned returns operations as steps without warnings, which were shown when the revisions were written.
func unwarned(operations []op.Operation) []diff.Step {
	steps := make([]diff.Step, 0, len(operations))
	for _, o := range operations {
		steps = append(steps, diff.Step{Operation: o})
	}
	return steps
}

func (d *Draft) named(id string) string { return id + " (" + d.history.Revision(id).File + ")" }

// notes returns the file's comment lines about code that is left out.
func (s *squash) notes() []string {
	if len(s.leftOut) == 0 {
		return nil
	}
	return append([]string{"This code is left out, as a new database has no rows for it to change:"}, s.leftOut...)
}

// checkObstacles returns an ObstaclesError if an operation cannot be part of a single revision.
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
				err.Obstacles = appendNew(err.Obstacles, text+" (outside a transaction)")
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

// ObstaclesError lists the operations that cannot be part of a single revision.
type ObstaclesError struct {
	Obstacles []string // each with its revision and file

	code            bool // some of them are Go code
	fromBase, tried bool // the squash begins at the base; code was to be left out
}

func (e *ObstaclesError) Error() string {
	return "Not squashed. These cannot be part of one revision: " + strings.Join(e.Obstacles, "; ")
}

// Hint returns what to do about it.
func (e *ObstaclesError) Hint() string {
	around := "squash the revisions before and after them separately"
	switch {
	case e.code && e.fromBase:
		return "Go code cannot be copied: " + around +
			", or leave it out with --leave-out-code, as a new database has no rows that it would change"
	case e.code && e.tried:
		return "code can be left out only of a squash from the base, as databases have rows before this one: " + around
	case e.code:
		return "Go code cannot be copied: " + around
	}
	return "what runs outside a transaction needs its own revision: " + around
}
