package runner

import (
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// batchedStep runs a revision with batches in many transactions: one for each operation and each batch. Each
// transaction ends by writing the progress and begins by reading it, because on SQLite another program may continue the
// revision in between.
type batchedStep struct {
	*step

	resumed  bool         // progress has been read
	progress progress     // after the last transaction
	prepared op.Operation // by prepareNext
	walk     walk
}

// walk is the walk through a table, for progress reports.
type walk struct {
	operation       *op.Batches // nil if the current operation has no batches
	of              int64       // estimated rows; 0 if unknown
	began, reported time.Time
}

func (s *step) executeBatched(conn *gorm.DB) error {
	u := &batchedStep{step: s}
	s.known = nil // every transaction may change the violations of foreign keys
	for {
		var end bool
		err := u.prepareNext(conn)
		began := u.now()
		if err == nil {
			end, err = u.transactionWithRetry(conn)
		}
		switch {
		case errors.Is(err, errDone):
			return err
		case err != nil:
			return u.batchesError(err)
		case end:
			return nil
		}
		if err := u.yieldLock(u.now().Sub(began)); err != nil {
			return u.batchesError(err)
		}
	}
}

// transactionWithRetry runs the next transaction, and runs it again if it lacked a lock or needs foreign keys off.
func (u *batchedStep) transactionWithRetry(conn *gorm.DB) (end bool, err error) {
	attempt := func() error {
		return u.attempts(u.ctx, func() (again retry, err error) {
			end, again, err = u.transaction(conn)
			return again, err
		})
	}
	err = attempt()
	if u.foreignKeys && u.walk.operation == nil && needsForeignKeysOff(err) {
		u.foreignKeys = false
		if err = u.setForeignKeys(conn); err == nil {
			err = attempt()
		}
	}
	return end, err
}

func (u *batchedStep) batchesError(err error) error {
	if !u.started {
		return err
	}
	return &BatchesError{
		Revision: u.Revision, Kind: u.Kind, Done: u.done, Of: len(u.operations), Table: u.History.batchesTable(),
		reason: u.History.inRevision(u.Revision, err),
	}
}

// yieldLock gives waiting writers a chance to take the lock of SQLite: they poll for it, at least every tenth of a
// second.
func (u *batchedStep) yieldLock(took time.Duration) error {
	if u.walk.operation == nil || dialect(u.conn) != schema.SQLite {
		return nil
	}
	return u.wait(u.ctx, min(took/10, busyTimeout*time.Millisecond))
}

// next returns the next operation, or nil after the last.
func (u *batchedStep) next() op.Operation {
	if u.done < len(u.operations) {
		return u.operations[u.done]
	}
	return nil
}

// prepareNext prepares for the next operation. During a walk SQLite enforces foreign keys, because checking all of them
// after each batch would take too long.
func (u *batchedStep) prepareNext(conn *gorm.DB) error {
	next := u.next()
	if !u.resumed || next == u.prepared {
		return nil
	}
	u.prepared = next
	o, _ := next.(*op.Batches)
	u.walk = walk{operation: o, began: u.now()}
	u.walk.reported = u.walk.began
	u.foreignKeys = next != nil && u.keepsForeignKeys([]op.Operation{next}, u.after)
	if err := u.setForeignKeys(conn); err != nil {
		return err
	}
	if o == nil {
		return nil
	}
	return u.attempts(u.ctx, func() (retry, error) {
		err := ddl.CheckKeys(u.ctx, conn, o, u.after)
		if err == nil {
			u.walk.of, err = ddl.EstimateRows(u.ctx, conn, o)
		}
		return soon, err
	})
}

// transaction runs the next transaction and reports whether it was the last.
func (u *batchedStep) transaction(conn *gorm.DB) (end bool, again retry, err error) {
	tx, err := begin(conn)
	if err != nil {
		return false, soon, fmt.Errorf("begin a transaction of revision %s: %w", u.Revision, err)
	}
	after, end, err := u.doNext(on(conn, tx))
	switch {
	case err != nil:
	case end:
		err = u.runGormigrate(on(conn, startedTx{conn.Statement.ConnPool, tx}))
	default:
		err = tx.Commit()
	}
	if err != nil {
		undo(conn, tx)
		return false, later, err
	}
	u.progress = after.progress
	u.after, u.done = after.schema, len(after.Done)
	u.reportProgress()
	return end, never, nil
}

// advance is the state of the revision after a transaction.
type advance struct {
	progress

	schema schema.Schema
}

// doNext runs the next operation or batch in tx. If another program has changed the progress, it only takes that over.
func (u *batchedStep) doNext(tx *gorm.DB) (after advance, end bool, err error) {
	if err := u.recheck(tx); err != nil {
		return after, false, err
	}
	now, err := u.History.readProgress(tx, u.Step)
	if err != nil {
		return after, false, err
	}
	after = advance{now, u.after}
	if !u.resumed || !now.equal(u.progress) {
		after.schema, err = u.resume(now)
		return after, false, err
	}
	next := u.next()
	if err := ddl.CheckTransaction(dialect(tx), next); err != nil {
		return after, false, hint.New(err, "leave it out")
	}
	switch o := next.(type) {
	case nil:
		return after, true, nil
	case *op.Batches:
		after.progress, err = u.batch(tx, o)
	default:
		after, err = u.singleOperation(tx, o)
	}
	if err == nil && u.progress.Done == nil && u.progress.Last == nil {
		err = u.History.createBatches(tx)
	}
	if err == nil {
		err = u.History.writeProgress(tx, u.Step, after.progress)
	}
	return after, false, err
}

// resume starts the revision, or continues it where an earlier run stopped.
func (u *batchedStep) resume(now progress) (schema.Schema, error) {
	if err := now.check(u.operations); err != nil {
		return schema.Schema{}, u.History.inRevision(u.Revision, u.History.changed(u.Step, err))
	}
	after, err := op.ApplyAll(u.schema, u.operations[:len(now.Done)])
	if err != nil || u.resumed {
		return after, err
	}
	u.resumed = true
	if !u.started {
		u.started = true
		u.report(Event{Kind: Started, Step: u.Step})
	}
	if text := now.String(); text != "" {
		u.report(Event{Kind: Noted, Step: u.Step, Text: fmt.Sprintf("revision %s resumes where it stopped: %s",
			u.Revision, text)})
	}
	return after, nil
}

// singleOperation runs an operation as if it were the only one of its revision.
func (u *batchedStep) singleOperation(tx *gorm.DB, o op.Operation) (advance, error) {
	single := *u.step
	single.operations = []op.Operation{o}
	err := single.operationsAndChecks(tx)
	return advance{u.progress.afterOperation(o), single.after}, err
}

// batch runs the next batch and returns the progress after it.
func (u *batchedStep) batch(tx *gorm.DB, o *op.Batches) (progress, error) {
	if o.Step == nil && o.Text.For(dialect(tx)) == "" {
		return u.progress.afterOperation(o), nil
	}
	rows, count, err := ddl.NextBatch(u.ctx, tx, o, u.after, u.progress.Last)
	if errors.Is(err, ddl.ErrNoRows) {
		return u.progress.afterOperation(o), nil
	}
	if err != nil {
		return progress{}, fmt.Errorf("%s: find the next rows: %w", o, err)
	}
	own := tx
	var refused error
	if o.Step != nil {
		own = u.forProgram(tx, &refused)
	}
	err = ddl.ExecuteBatch(u.ctx, own, o, rows)
	if refused != nil {
		err = refused
	}
	if err != nil {
		return progress{}, fmt.Errorf("%s: %w", o, err)
	}
	return u.progress.afterBatch(rows, count), u.state.reset(tx)
}

// reportProgress reports the progress of a walk, at most once a second.
func (u *batchedStep) reportProgress() {
	if u.walk.operation == nil || u.progress.Last == nil || u.now().Sub(u.walk.reported) < time.Second {
		return
	}
	u.walk.reported = u.now()
	e := Event{
		Kind: Progressed, Step: u.Step, Table: u.progress.Table, Rows: u.progress.Rows,
		Took: u.walk.reported.Sub(u.walk.began),
	}
	if u.walk.of > 0 {
		e.Of = max(u.walk.of, e.Rows)
	}
	u.report(e)
}
