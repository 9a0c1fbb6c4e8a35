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

// units carries out a revision with batches in many transactions: one for each operation, and for each batch. The
// progress is written in the same transaction, and read at the beginning of the next, as on SQLite another program may
// have gone on with the revision between the two.
type units struct {
	*step

	begun    bool     // whether progress has been read
	progress progress // as of the last transaction
	entered  op.Operation
	walk     walk
}

// walk is what is reported of the walk through a table.
type walk struct {
	operation       *op.Batches // nil before it
	of              int64       // rows, about; 0 where that is not known
	began, reported time.Time
}

func (s *step) executeUnits(conn *gorm.DB) error {
	u := &units{step: s}
	s.known = nil // what is wrong with foreign keys changes with every transaction
	for {
		var end bool
		err := u.enter(conn)
		began := u.now()
		if err == nil {
			end, err = u.transactions(conn)
		}
		switch {
		case errors.Is(err, errDone):
			return err
		case err != nil:
			return u.failed(err)
		case end:
			return nil
		}
		if err := u.letOthers(u.now().Sub(began)); err != nil {
			return u.failed(err)
		}
	}
}

// transactions carries out what comes next, as often as it takes.
func (u *units) transactions(conn *gorm.DB) (end bool, err error) {
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

func (u *units) failed(err error) error {
	if !u.started {
		return err
	}
	return &BatchesError{
		Revision: u.Revision, Kind: u.Kind, Done: u.done, Of: len(u.operations), Table: u.History.batchesTable(),
		reason: u.History.inRevision(u.Revision, err),
	}
}

// letOthers gives writers that wait for the lock of SQLite a chance to get it: they ask for it again and again, at
// least every tenth of a second.
func (u *units) letOthers(took time.Duration) error {
	if u.walk.operation == nil || dialect(u.conn) != schema.SQLite {
		return nil
	}
	return u.wait(u.ctx, min(took/10, busyTimeout*time.Millisecond))
}

// next is the operation that comes next; nil where there is none.
func (u *units) next() op.Operation {
	if u.done < len(u.operations) {
		return u.operations[u.done]
	}
	return nil
}

// enter prepares for the operation that comes next. While a walk goes on, SQLite enforces foreign keys: checking them
// all after each batch would take too long.
func (u *units) enter(conn *gorm.DB) error {
	next := u.next()
	if !u.begun || next == u.entered {
		return nil
	}
	u.entered = next
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

// transaction carries out what comes next, and reports whether that was the end.
func (u *units) transaction(conn *gorm.DB) (end bool, again retry, err error) {
	tx, err := begin(conn)
	if err != nil {
		return false, soon, fmt.Errorf("begin a transaction of revision %s: %w", u.Revision, err)
	}
	after, end, err := u.unit(on(conn, tx))
	switch {
	case err != nil:
	case end:
		err = u.gormigrate(on(conn, startedTx{conn.Statement.ConnPool, tx}))
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

// advance is where the revision is after a transaction.
type advance struct {
	progress

	schema schema.Schema
}

// unit carries out the next operation or batch, unless the progress is not what it was after the transaction before:
// then it only takes note of that.
func (u *units) unit(tx *gorm.DB) (after advance, end bool, err error) {
	if err := u.recheck(tx); err != nil {
		return after, false, err
	}
	now, err := u.History.readProgress(tx, u.Step)
	if err != nil {
		return after, false, err
	}
	after = advance{now, u.after}
	if !u.begun || !now.equal(u.progress) {
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
		after, err = u.operationAlone(tx, o)
	}
	if err == nil && u.progress.Done == nil && u.progress.Last == nil {
		err = u.History.createBatches(tx)
	}
	if err == nil {
		err = u.History.writeProgress(tx, u.Step, after.progress)
	}
	return after, false, err
}

// resume begins the revision, or goes on where a run of it is.
func (u *units) resume(now progress) (schema.Schema, error) {
	if err := now.check(u.operations); err != nil {
		return schema.Schema{}, u.History.inRevision(u.Revision, u.History.changed(u.Step, err))
	}
	after, err := op.ApplyAll(u.schema, u.operations[:len(now.Done)])
	if err != nil || u.begun {
		return after, err
	}
	u.begun = true
	if !u.started {
		u.started = true
		u.report(Event{Kind: Started, Step: u.Step})
	}
	if text := now.String(); text != "" {
		u.report(Event{Kind: Noted, Step: u.Step, Text: fmt.Sprintf("revision %s goes on where it was stopped: %s",
			u.Revision, text)})
	}
	return after, nil
}

// operationAlone carries out an operation as if it were the only one of its revision.
func (u *units) operationAlone(tx *gorm.DB, o op.Operation) (advance, error) {
	alone := *u.step
	alone.operations = []op.Operation{o}
	err := alone.operationsAndChecks(tx)
	return advance{u.progress.with(o), alone.after}, err
}

// batch carries out the next batch, and returns the progress after it.
func (u *units) batch(tx *gorm.DB, o *op.Batches) (progress, error) {
	if o.Step == nil && o.Text.For(dialect(tx)) == "" {
		return u.progress.with(o), nil
	}
	rows, count, err := ddl.NextBatch(u.ctx, tx, o, u.after, u.progress.Last)
	if errors.Is(err, ddl.ErrNoRows) {
		return u.progress.with(o), nil
	}
	if err != nil {
		return progress{}, fmt.Errorf("%s: look for the next rows: %w", o, err)
	}
	own := tx
	var refused error
	if o.Step != nil {
		own = u.programs(tx, &refused)
	}
	err = ddl.ExecuteBatch(u.ctx, own, o, rows)
	if refused != nil {
		err = refused
	}
	if err != nil {
		return progress{}, fmt.Errorf("%s: %w", o, err)
	}
	return u.progress.past(rows, count), u.state.reset(tx)
}

// reportProgress reports how far a walk is, at most once a second.
func (u *units) reportProgress() {
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
