package runner

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-gormigrate/gormigrate/v2"
	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// execution is one run: the schema moves on with every step.
type execution struct {
	*Runner
	conn     *gorm.DB
	version  int64 // of the data that the plan was made for
	recorded bool  // the table of ids exists
	schema   schema.Schema
}

func (e *execution) steps(ctx context.Context, steps []graph.Step) error {
	for _, step := range steps {
		if err := e.step(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

// step carries out one revision, unless another program has done so in the meantime. What its operations do to the
// schema is found out before the transaction begins: locks are held no longer than necessary.
func (e *execution) step(ctx context.Context, step graph.Step) error {
	operations, err := e.History.Operations(step)
	if err != nil {
		return err
	}
	before, after, err := e.History.replay(step, operations, e.schema)
	if err != nil {
		return err
	}
	var w *work
	began := e.now()
	err = e.attempts(ctx, func() (bool, error) {
		w = &work{execution: e, ctx: ctx, step: step, operations: operations, before: before}
		w.together = e.History.transactional(dialect(e.conn), step.Revision, operations)
		err := w.run()
		return w.together || !w.begun, err
	})
	if err != nil {
		return err
	}
	if w.begun {
		e.report(Event{Kind: Finished, Step: step, Took: e.now().Sub(began)})
		e.warnOfNothing(step, operations)
	}
	e.recorded, e.schema = true, after
	return nil
}

// warnOfNothing tells of a revision that was applied before anything was written into it: what is written later is never
// run. A merge has nothing to do.
func (e *execution) warnOfNothing(step graph.Step, operations []op.Operation) {
	if step.Kind == graph.Upgrade && len(operations) == 0 && len(step.From) < 2 {
		e.report(Event{Kind: Warned, Step: step, Text: fmt.Sprintf("revision %s is empty: nothing was changed", step.Revision)})
	}
}

// work is one revision in one direction.
type work struct {
	*execution
	ctx        context.Context
	step       graph.Step
	operations []op.Operation
	before     []schema.Schema // each of them
	together   bool            // in one transaction
	begun      bool
	done       int // operations
}

// errDone stops a downgrade that another program has carried out.
var errDone = errors.New("the revision is not applied any more")

// run has gormigrate execute the revision: it calls perform, unless the revision is applied, and writes its row.
func (w *work) run() (err error) {
	if !w.together {
		// Building an index concurrently waits for every older transaction, and nobody waits for it.
		if err := w.setTableLock(w.conn, 0); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, w.setTableLock(w.conn, w.tableLock())) }()
	}
	migration := &gormigrate.Migration{ID: w.step.Revision, Migrate: w.perform, Rollback: w.perform}
	g, err := w.gormigrate(migration)
	if err != nil {
		return err
	}
	if w.step.Kind == graph.Upgrade {
		return g.Migrate()
	}
	err = g.RollbackMigration(migration)
	if errors.Is(err, errDone) {
		return nil
	}
	return err
}

func (w *work) perform(tx *gorm.DB) error {
	tx = w.own(tx)
	if err := w.mayBegin(tx); err != nil {
		return err
	}
	w.begun = true
	w.report(Event{Kind: Started, Step: w.step})
	if err := w.operationsAndChecks(tx); err != nil {
		err = w.History.inRevision(w.step.Revision, err)
		if w.together {
			return err
		}
		return &HalfDoneError{Revision: w.step.Revision, Done: w.done, Of: len(w.operations), reason: err}
	}
	return nil
}

// mayBegin looks, where others may have been at work since the plan was made, whether it still holds. That is so on
// SQLite, whose lock is free between two revisions.
func (w *work) mayBegin(tx *gorm.DB) error {
	version, err := dataVersion(tx)
	if err != nil || version == w.version {
		return err
	}
	recorded, err := Applied(w.ctx, tx)
	if err != nil {
		return err
	}
	left, err := w.History.Graph.Upgrade(recorded, w.step.Revision)
	if err != nil {
		return err
	}
	switch {
	case w.step.Kind == graph.Downgrade && len(left.Steps) > 0:
		return errDone
	case w.step.Kind == graph.Upgrade && len(left.Steps) != 1:
		return fmt.Errorf("revision %s: another program took back what it builds on while this one waited", w.step.Revision)
	}
	w.version = version
	return nil
}

func (w *work) operationsAndChecks(tx *gorm.DB) error {
	for i, o := range w.operations {
		if err := w.operation(tx, o, w.before[i]); err != nil {
			return err
		}
		w.done++
	}
	return checkForeignKeys(tx)
}

func (w *work) operation(tx *gorm.DB, o op.Operation, before schema.Schema) error {
	if !w.together {
		if skip, err := w.clearRemains(tx, o); err != nil || skip {
			return err
		}
	}
	return ddl.Execute(w.ctx, tx, o, before)
}
