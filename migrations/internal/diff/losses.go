package diff

import (
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Losses follows revisions that are run one after the other, and warns of what the rows lose, or make fail.
type Losses struct {
	watch   *watch
	dialect schema.Dialect
}

// FollowLosses begins with the schema before the first revision, on a database of the dialect.
func FollowLosses(before schema.Schema, d schema.Dialect) Losses { return Losses{newWatch(before), d} }

// Upgrade returns the operations of the next revision, with what each of them loses or may fail by.
func (l Losses) Upgrade(operations []op.Operation) []Step { return l.next(operations, l.watch.about) }

// Downgrade is Upgrade for the way back: that what the upgrade added is dropped goes without saying.
func (l Losses) Downgrade(operations []op.Operation) []Step {
	return l.next(operations, func(o op.Operation) []Warning {
		if drops(o) {
			return nil
		}
		return l.watch.about(o)
	})
}

// next warns of no more than what is lost once a revision has run SQL or Go of its own, which may have prepared the
// rows for what follows.
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
