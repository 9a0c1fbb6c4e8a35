package diff

import (
	"fmt"
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Plan leads from one schema to another, and back.
type Plan struct {
	Upgrade, Downgrade []Step
}

// Step is an operation with the warnings about running it on tables with rows.
type Step struct {
	Operation op.Operation
	Warnings  []Warning
}

// Comments returns the warnings as a revision file shows them above the operation, line by line.
func (s Step) Comments() []string {
	var comments []string
	for _, w := range s.Warnings {
		comments = append(comments, w.comments()...)
	}
	return comments
}

// IsEmpty reports whether nothing changes.
func (p Plan) IsEmpty() bool { return len(p.Upgrade) == 0 }

// Warnings returns the warnings of the upgrade, in the order of its steps.
func (p Plan) Warnings() []Warning {
	var all []Warning
	for _, s := range p.Upgrade {
		all = append(all, s.Warnings...)
	}
	return all
}

// Foresees reports whether the plan warns, in either direction, that rows on SQLite may make the operation fail. A nil
// operation means the foreign keys, which SQLite checks after all operations.
func (p Plan) Foresees(failed op.Operation) bool {
	return slices.ContainsFunc(slices.Concat(p.Upgrade, p.Downgrade), func(s Step) bool {
		if !slices.ContainsFunc(s.Warnings, func(w Warning) bool { return w.Only != schema.Postgres }) {
			return false
		}
		switch o := s.Operation.(type) {
		case *op.DropTable, *op.DropColumn: // their warnings are about losses
			return false
		case *op.AddForeignKey:
			return failed == nil || failed == s.Operation
		default:
			return o == failed
		}
	})
}

// Operations returns the operations of the steps.
func Operations(steps []Step) []op.Operation {
	operations := make([]op.Operation, 0, len(steps))
	for _, s := range steps {
		operations = append(operations, s.Operation)
	}
	return operations
}

// Diff returns the plan that leads from one schema to another. Objects in renames, and those whose names differ only in
// case, are renamed; any other object that only one schema has is dropped or added.
func Diff(from, to schema.Schema, renames ...Rename) (Plan, error) {
	renames = withCase(from, to, renames)
	r, err := rename(from, to, renames)
	if err != nil {
		return Plan{}, err
	}
	upgrade := slices.Concat(r.operations, newDiffer(r.schema, to).operations())
	plan, err := PlanOf(from, to, upgrade)
	if err != nil {
		return Plan{}, err
	}
	hint(plan.Upgrade, r.candidates(renames))
	return plan, nil
}

// PlanOf returns the plan with the given upgrade, which has to lead from one schema to the other.
func PlanOf(from, to schema.Schema, upgrade []op.Operation) (Plan, error) {
	downgrade, err := Prove(from, to, upgrade)
	if err != nil {
		return Plan{}, err
	}
	return Plan{Upgrade: warnUpgrade(from, upgrade), Downgrade: warnDowngrade(to, downgrade)}, nil
}

// Prove checks that the operations lead from one schema to the other, and returns the downgrade.
func Prove(from, to schema.Schema, upgrade []op.Operation) (downgrade []op.Operation, err error) {
	after, err := op.ApplyAll(from, upgrade)
	if err != nil {
		return nil, fmt.Errorf("the upgrade cannot be applied: %w", err)
	}
	if difference := describe(to, after); difference != "" {
		return nil, fmt.Errorf("the upgrade leads to another schema: %s", difference)
	}
	downgrade, err = op.ReverseAll(from, upgrade)
	if err != nil {
		return nil, fmt.Errorf("the upgrade cannot be reversed: %w", err)
	}
	downgrade = tidy(downgrade)
	back, err := op.ApplyAll(after, downgrade)
	if err != nil {
		return nil, fmt.Errorf("the downgrade cannot be applied: %w", err)
	}
	if difference := describe(from, back); difference != "" {
		return nil, fmt.Errorf("the downgrade leads to another schema: %s", difference)
	}
	return downgrade, nil
}

// tidy removes drops of indexes whose table is dropped later.
func tidy(operations []op.Operation) []op.Operation {
	dropped := map[string]bool{}
	var kept []op.Operation
	for _, o := range slices.Backward(operations) {
		switch o := o.(type) {
		case *op.DropTable:
			dropped[o.Table] = true
		case *op.CreateTable:
			delete(dropped, o.Table.Name)
		case *op.DropIndex:
			if dropped[o.Table] {
				continue
			}
		}
		kept = append(kept, o)
	}
	slices.Reverse(kept)
	return kept
}
