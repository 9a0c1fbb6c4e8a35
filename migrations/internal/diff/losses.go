package diff

import (
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Losses follows revisions that are run one after the other, and warns of what the rows lose.
type Losses struct {
	watch   *watch
	dialect schema.Dialect
}

// FollowLosses begins with the schema before the first revision, on a database of the dialect.
func FollowLosses(before schema.Schema, d schema.Dialect) Losses { return Losses{newWatch(before), d} }

// Upgrade returns the operations of the next revision, with what each of them loses.
func (l Losses) Upgrade(operations []op.Operation) []Step {
	return l.next(operations, func(o op.Operation) []Warning {
		switch o.(type) {
		case *op.DropTable, *op.DropColumn:
			return l.watch.about(o)
		}
		return l.retype(o)
	})
}

// Downgrade is Upgrade for the way back: that what the upgrade added is dropped goes without saying.
func (l Losses) Downgrade(operations []op.Operation) []Step {
	return l.next(operations, l.retype)
}

func (l Losses) retype(o op.Operation) []Warning {
	if alter, ok := o.(*op.AlterColumn); ok {
		return l.watch.retype(alter)
	}
	return nil
}

func (l Losses) next(operations []op.Operation, about func(op.Operation) []Warning) []Step {
	l.watch.begin(operations)
	steps := make([]Step, 0, len(operations))
	for _, o := range operations {
		step := Step{Operation: o}
		for _, w := range about(o) {
			if w, concerns := w.On(l.dialect); concerns {
				step.Warnings = append(step.Warnings, w)
			}
		}
		steps = append(steps, step)
		l.watch.see(o)
	}
	return steps
}
