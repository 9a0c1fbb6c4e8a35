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

// run carries out a plan. Its schema advances with every step.
type run struct {
	*Runner
	conn    *gorm.DB
	version int64 // the data version for which the plan was made
	schema  schema.Schema
	state   *sessionState // in which every revision begins; nil until one may change it
	known   violations    // violations of foreign keys at version knownAt; nil if unknown
	knownAt int64
	keysOn  bool // SQLite's foreign keys are on
}

func (r *run) steps(ctx context.Context, planned []graph.Step) error {
	for _, p := range planned {
		if err := r.step(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// step carries out one revision, unless another program has done so meanwhile.
func (r *run) step(ctx context.Context, planned graph.Step) error {
	operations, err := r.prepare(ctx, planned)
	if err != nil {
		return err
	}
	var s *step
	began := r.now()
	err = r.attempts(ctx, func() (again retry, err error) {
		s, again, err = r.attempt(ctx, planned, operations)
		return again, err
	})
	done := errors.Is(err, errDone)
	if err != nil && !done {
		return err
	}
	if !done || s.started { // another program may have done the rest
		r.report(Event{Kind: Finished, Step: planned, Took: r.now().Sub(began)})
	}
	if done {
		r.known = nil
		r.schema, err = r.History.replay(planned, operations, r.schema)
		return err
	}
	r.warnEmpty(planned, operations)
	r.afterStep(s)
	return nil
}

// retry returns when a failed step may be tried again.
func (s *step) retry() retry {
	switch {
	case !s.started:
		return soon
	case s.inTransaction && !s.batched && !s.resetFailed:
		return later
	default:
		return never
	}
}

// prepare returns the operations of a revision, and reads the session state if they may change it.
func (r *run) prepare(ctx context.Context, planned graph.Step) ([]op.Operation, error) {
	operations, err := r.History.Operations(planned)
	if err == nil && r.state == nil && hasOwnCode(operations) {
		err = r.attempts(ctx, func() (retry, error) {
			r.state, err = stateOf(r.conn)
			return soon, err
		})
	}
	return operations, err
}

// afterStep takes over the results of a step.
func (r *run) afterStep(s *step) {
	r.schema = s.after
	if s.violations != nil || len(r.known) > 0 {
		r.known = s.violations // nil if not checked: the step may have fixed some
	}
	r.knownAt = r.version
}

// attempt carries out one revision and returns when it may be tried again.
func (r *run) attempt(ctx context.Context, planned graph.Step, operations []op.Operation) (*step, retry, error) {
	s := &step{run: r, Step: planned, ctx: ctx, operations: operations, after: r.schema}
	s.batched = hasBatches(operations)
	s.inTransaction = s.batched || r.History.transactional(dialect(r.conn), s.Revision, operations)
	s.foreignKeys = !s.batched && r.keepsForeignKeys(operations, r.schema)
	err := s.execute()
	if s.foreignKeys && !s.batched && needsForeignKeysOff(err) {
		s = &step{run: r, Step: planned, ctx: ctx, operations: operations, after: r.schema}
		s.inTransaction, s.secondAttempt = true, true
		err = s.execute()
	}
	return s, s.retry(), err
}

// warnEmpty warns of a revision applied while still empty: what is written into it later never runs. A merge is empty
// by design.
func (r *run) warnEmpty(planned graph.Step, operations []op.Operation) {
	if planned.Kind == graph.Upgrade && len(operations) == 0 && len(planned.From) < 2 {
		r.report(Event{Kind: Warned, Step: planned, Text: fmt.Sprintf("revision %s is empty: nothing was changed",
			planned.Revision)})
	}
}

// step is one revision in one direction.
type step struct {
	*run
	graph.Step
	ctx           context.Context
	operations    []op.Operation
	after         schema.Schema // after the finished operations
	inTransaction bool
	batched       bool // runs in many transactions: see batchedStep
	foreignKeys   bool // run with foreign keys on; only on SQLite
	secondAttempt bool // a second attempt, with foreign keys off
	started       bool
	resetFailed   bool       // the revision is done, but the session could not be reset
	done          int        // finished operations
	violations    violations // violations of foreign keys after them; nil if not checked
}

// errDone stops a revision that another program has carried out meanwhile.
var errDone = errors.New("the revision is already applied or reverted")

// execute makes gormigrate execute the revision: it calls perform and writes or deletes the revision's row. The
// transaction begins here, because gormigrate ignores a failure to begin one, such as a held lock.
func (s *step) execute() (err error) {
	conn := s.conn.WithContext(s.ctx)
	defer func() {
		if !s.started || !hasOwnCode(s.operations) {
			return
		}
		if cleaned := s.clean(conn, err != nil); err == nil {
			s.resetFailed, err = cleaned != nil, cleaned
		}
	}()
	if !s.inTransaction {
		if err := s.recheck(conn); err != nil {
			return err
		}
		return s.runGormigrate(conn)
	}
	if err := s.setForeignKeys(conn); err != nil {
		return err
	}
	if s.batched {
		return s.executeBatched(conn)
	}
	tx, err := begin(conn)
	if err != nil {
		return fmt.Errorf("begin the transaction of revision %s: %w", s.Revision, err)
	}
	if err = s.recheck(on(conn, tx)); err == nil {
		err = s.runGormigrate(on(conn, startedTx{conn.Statement.ConnPool, tx}))
	}
	if err != nil {
		undo(conn, tx)
	}
	return err
}

// recheck verifies, if the database changed since planning, that the step is still due. Only a SQLite database can
// change, because its lock is free between two revisions.
func (s *step) recheck(tx *gorm.DB) error {
	version, err := dataVersion(tx)
	if err != nil || version == s.version {
		return err
	}
	recorded, err := s.History.applied(tx)
	if err != nil {
		return err
	}
	left, err := s.History.Graph.Upgrade(recorded, s.Revision)
	if err != nil {
		return err
	}
	if applied := len(left.Steps) == 0; applied == (s.Kind == graph.Upgrade) {
		return errDone // the next step may be done too, so version stays
	}
	if s.Kind == graph.Upgrade && len(left.Steps) > 1 {
		return fmt.Errorf("revision %s: another program reverted a revision below it while this one waited", s.Revision)
	}
	s.version = version
	return nil
}

// perform is called by gormigrate, with the connection or transaction given to it.
func (s *step) perform(tx *gorm.DB) error {
	if s.batched { // all transactions but this last one are done
		return s.History.forgetProgress(on(s.conn.WithContext(s.ctx), tx.Statement.ConnPool), s.Revision)
	}
	s.started = true
	if !s.secondAttempt {
		s.report(Event{Kind: Started, Step: s.Step})
	}
	tx = on(s.conn.WithContext(s.ctx), tx.Statement.ConnPool)
	err := s.operationsAndChecks(tx)
	if replaced := s.History.revisions[s.Revision].Replaces; err == nil && s.Kind == graph.Downgrade && len(replaced) > 0 {
		err = s.History.record(tx, replaced, nil) // gormigrate deletes only the revision's own row
	}
	if err != nil {
		err = s.History.inRevision(s.Revision, err)
		if s.inTransaction {
			return err
		}
		return &HalfDoneError{Revision: s.Revision, Done: s.done, Of: len(s.operations), reason: err}
	}
	return nil
}

func (s *step) operationsAndChecks(tx *gorm.DB) (err error) {
	if err := s.deferForeignKeys(tx); err != nil {
		return err
	}
	before, err := s.violationsBefore(tx)
	if err != nil {
		return err
	}
	for _, o := range s.operations {
		if s.after, err = s.operation(tx, o, s.after); err != nil {
			return err
		}
		s.done++
	}
	if hasOwnCode(s.operations) {
		if err := s.reset(tx); err != nil {
			return err
		}
	}
	return s.checkForeignKeys(tx, before)
}

// clean resets the connection after the revision, even if the context is cancelled.
func (s *step) clean(conn *gorm.DB, failed bool) error {
	if err := s.forgetPrepared(); err != nil {
		return err
	}
	return s.attempts(context.WithoutCancel(s.ctx), func() (retry, error) { return soon, s.state.clean(conn, failed) })
}

// reset resets the session before the revision is recorded.
func (s *step) reset(tx *gorm.DB) error {
	if err := s.forgetPrepared(); err != nil {
		return err
	}
	if err := s.state.reset(tx); err != nil {
		return err
	}
	return s.stillLocked(tx)
}

func (s *step) operation(tx *gorm.DB, o op.Operation, before schema.Schema) (schema.Schema, error) {
	if !s.inTransaction {
		return s.withoutTransaction(tx, o, before)
	}
	if code, ok := o.(*op.Run); ok {
		return s.runCode(tx, code, before)
	}
	if err := ddl.CheckTransaction(dialect(tx), o); err != nil {
		return before, err
	}
	if s.Kind == graph.Upgrade && !s.Trial {
		if err := ddl.CheckDefaults(s.ctx, tx, o); err != nil {
			return before, err
		}
	}
	return ddl.Execute(s.ctx, tx, o, before)
}
