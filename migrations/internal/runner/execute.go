package runner

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// execution is one run: the schema moves on with every step.
type execution struct {
	*Runner
	conn    *gorm.DB
	records *gorm.DB // the same for gormigrate, once the table of ids exists
	version int64    // of the data that the plan was made for
	schema  schema.Schema
}

func (e *execution) steps(ctx context.Context, steps []graph.Step) error {
	for _, step := range steps {
		if err := e.step(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

// step carries out one revision, unless another program has done so in the meantime.
func (e *execution) step(ctx context.Context, step graph.Step) error {
	operations, err := e.History.Operations(step)
	if err != nil {
		return err
	}
	var w *work
	began := e.now()
	err = e.attempts(ctx, func() (bool, error) {
		w = &work{execution: e, ctx: ctx, step: step, operations: operations, after: e.schema}
		w.together = e.History.transactional(dialect(e.conn), step.Revision, operations)
		err := w.run()
		return w.together || !w.begun, err
	})
	if errors.Is(err, errDone) {
		e.schema, err = e.History.replay(step, operations, e.schema)
		return err
	}
	if err != nil {
		return err
	}
	if e.records == nil {
		if e.records, err = openRecords(e.conn); err != nil {
			return err
		}
	}
	e.report(Event{Kind: Finished, Step: step, Took: e.now().Sub(began)})
	e.warnOfNothing(step, operations)
	e.schema = w.after
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
	after      schema.Schema // behind the operations done
	together   bool          // in one transaction
	begun      bool
	done       int // operations
}

// errDone stops a revision that another program has carried out.
var errDone = errors.New("the revision is applied, or taken back, already")

// run has gormigrate execute the revision: it calls perform and writes, or deletes, the revision's row. The transaction
// begins here: a failure to begin, such as a lock that is held, goes unnoticed there.
func (w *work) run() (err error) {
	if !w.together {
		// Building an index concurrently waits for every older transaction, and nobody waits for it.
		if err := w.setTableLock(w.conn, 0); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, w.setTableLock(w.conn, w.tableLock())) }()
		if err := w.mayBegin(w.conn.WithContext(w.ctx)); err != nil {
			return err
		}
		return w.gormigrate(w.conn.Statement.ConnPool)
	}
	pool, ok := w.conn.Statement.ConnPool.(gorm.TxBeginner)
	if !ok {
		return fmt.Errorf("a %T cannot begin a transaction", w.conn.Statement.ConnPool)
	}
	tx, err := pool.BeginTx(w.ctx, nil)
	if err != nil {
		return fmt.Errorf("begin the transaction of revision %s: %w", w.step.Revision, err)
	}
	if err := w.mayBegin(w.on(tx)); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return w.gormigrate(begun{w.conn.Statement.ConnPool, tx})
}

// on returns the runner's connection in the transaction.
func (w *work) on(tx gorm.ConnPool) *gorm.DB {
	conn := w.conn.WithContext(w.ctx)
	conn.Statement.ConnPool = tx
	return conn
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
	if applied := len(left.Steps) == 0; applied == (w.step.Kind == graph.Upgrade) {
		return errDone // and the next may be done as well, so the version stays as it is
	}
	if w.step.Kind == graph.Upgrade && len(left.Steps) > 1 {
		return fmt.Errorf("revision %s: another program took back what it builds on while this one waited", w.step.Revision)
	}
	w.version = version
	return nil
}

// perform is called by gormigrate, with its own connection.
func (w *work) perform(tx *gorm.DB) error {
	tx = w.on(tx.Statement.ConnPool)
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

func (w *work) operationsAndChecks(tx *gorm.DB) (err error) {
	for _, o := range w.operations {
		if w.after, err = w.operation(tx, o, w.after); err != nil {
			return err
		}
		w.done++
	}
	return checkForeignKeys(tx, w.operations)
}

func (w *work) operation(tx *gorm.DB, o op.Operation, before schema.Schema) (schema.Schema, error) {
	if !w.together {
		if skip, err := w.clearRemains(tx, o); err != nil {
			return before, err
		} else if skip {
			return o.Apply(before)
		}
	}
	return ddl.Execute(w.ctx, tx, o, before)
}
