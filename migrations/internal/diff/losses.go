package diff

import (
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Losses follows revisions in the order in which they run, and returns warnings about the rows that they lose or that
// make them fail.
type Losses struct {
	watch   *watch
	dialect schema.Dialect
}

// FollowLosses returns the Losses of revisions on a database of the dialect, starting from the schema before the first
// one.
func FollowLosses(before schema.Schema, d schema.Dialect) Losses { return Losses{newWatch(before), d} }

// Upgrade returns the operations of the next revision with their warnings.
func (l Losses) Upgrade(operations []op.Operation) []Step { return l.next(operations, l.watch.about) }

// Downgrade is Upgrade for a downgrade. It does not warn of dropped tables and columns, as a downgrade is meant to drop
// what the upgrade added.
func (l Losses) Downgrade(operations []op.Operation) []Step {
	return l.next(operations, func(o op.Operation) []Warning {
		if drops(o) {
			return nil
		}
		return l.watch.about(o)
	})
}

// next returns the steps of a revision. After SQL or Go code, which may have prepared the rows, it warns only of
// losses.
func (l Losses) next(operations []op.Operation, about func(op.Operation) []Warning) []Step {
	l.watch.begin(operations)
	steps := make([]Step, 0, len(operations))
	prepared := false
	for _, o := range operations {
		step := Step{Operation: o}
		warnings := about(o)
		if alter, ok := o.(*op.AlterColumn); ok && prepared {
			warnings = l.watch.retype(alter)
		} else if prepared && !drops(o) {
			warnings = nil
		}
		for _, w := range warnings {
			if w, concerns := w.On(l.dialect); concerns {
				step.Warnings = append(step.Warnings, w)
			}
		}
		switch o.(type) {
		case *op.SQL, *op.Run:
			prepared = true
		}
		steps = append(steps, step)
		l.watch.see(o)
	}
	return steps
}
