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

// run carries out a plan: the schema changes with every step.
type run struct {
	*Runner
	conn    *gorm.DB
	version int64 // of the data that the plan was made for
	schema  schema.Schema
	state   *state // that every revision begins in; nil until one may leave another
	known   broken // what was wrong with foreign keys at the version knownAt; nil where that is not known
	knownAt int64
	keysOn  bool // foreign keys of SQLite are on now
}

func (r *run) steps(ctx context.Context, planned []graph.Step) error {
	for _, p := range planned {
		if err := r.step(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// step carries out one revision, unless another program has done so in the meantime.
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
	if !done || s.started { // maybe another program did the rest
		r.report(Event{Kind: Finished, Step: planned, Took: r.now().Sub(began)})
	}
	if done {
		r.known = nil
		r.schema, err = r.History.replay(planned, operations, r.schema)
		return err
	}
	r.warnOfNothing(planned, operations)
	r.learn(s)
	return nil
}

// retry says when a step that failed may be tried again.
func (s *step) retry() retry {
	switch {
	case !s.started:
		return soon
	case s.inTransaction && !s.inUnits && !s.uncleaned:
		return later
	default:
		return never
	}
}

// prepare returns the operations of a revision, and notes the state of the session if they may leave another.
func (r *run) prepare(ctx context.Context, planned graph.Step) ([]op.Operation, error) {
	operations, err := r.History.Operations(planned)
	if err == nil && r.state == nil && mayDirty(operations) {
		err = r.attempts(ctx, func() (retry, error) {
			r.state, err = stateOf(r.conn)
			return soon, err
		})
	}
	return operations, err
}

// learn takes over what a step that was carried out has found.
func (r *run) learn(s *step) {
	r.schema = s.after
	if s.broken != nil || len(r.known) > 0 {
		r.known = s.broken // nil where it was not looked for: what is wrong may have been mended
	}
	r.knownAt = r.version
}

// attempt carries out one revision, and says whether that may be tried again if it failed.
func (r *run) attempt(ctx context.Context, planned graph.Step, operations []op.Operation) (*step, retry, error) {
	s := &step{run: r, Step: planned, ctx: ctx, operations: operations, after: r.schema}
	s.inUnits = hasBatches(operations)
	s.inTransaction = s.inUnits || r.History.transactional(dialect(r.conn), s.Revision, operations)
	s.foreignKeys = !s.inUnits && r.keepsForeignKeys(operations, r.schema)
	err := s.execute()
	if s.foreignKeys && !s.inUnits && needsForeignKeysOff(err) {
		s = &step{run: r, Step: planned, ctx: ctx, operations: operations, after: r.schema, inTransaction: true, again: true}
		err = s.execute()
	}
	return s, s.retry(), err
}

// warnOfNothing warns of a revision that was applied before anything was written into it: what is written later is
// never run. A merge has nothing to do.
func (r *run) warnOfNothing(planned graph.Step, operations []op.Operation) {
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
	after         schema.Schema // after the operations done
	inTransaction bool
	inUnits       bool // many transactions: see units
	foreignKeys   bool // are on; only on SQLite
	again         bool // after an attempt with foreign keys on
	started       bool
	uncleaned     bool   // is all that is wrong: the revision is done
	done          int    // operations
	broken        broken // what is wrong with foreign keys after them; nil where nothing can have broken one
}

// errDone stops a revision that another program has carried out.
var errDone = errors.New("the revision is applied, or taken back, already")

// execute has gormigrate execute the revision: it calls perform and writes, or deletes, the revision's row. The
// transaction begins here, as gormigrate ignores a failure to begin, such as a lock that is held.
func (s *step) execute() (err error) {
	conn := s.conn.WithContext(s.ctx)
	defer func() {
		if !s.started || !mayDirty(s.operations) {
			return
		}
		if cleaned := s.clean(conn, err != nil); err == nil {
			s.uncleaned, err = cleaned != nil, cleaned
		}
	}()
	if !s.inTransaction {
		if err := s.recheck(conn); err != nil {
			return err
		}
		return s.gormigrate(conn)
	}
	if err := s.setForeignKeys(conn); err != nil {
		return err
	}
	if s.inUnits {
		return s.executeUnits(conn)
	}
	tx, err := begin(conn)
	if err != nil {
		return fmt.Errorf("begin the transaction of revision %s: %w", s.Revision, err)
	}
	if err = s.recheck(on(conn, tx)); err == nil {
		err = s.gormigrate(on(conn, startedTx{conn.Statement.ConnPool, tx}))
	}
	if err != nil {
		undo(conn, tx)
	}
	return err
}

// recheck verifies, if the database changed since planning, that the step is still due. It may change on SQLite, whose
// lock is free between two revisions.
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
		return errDone // and the next may be done as well, so the version stays as it is
	}
	if s.Kind == graph.Upgrade && len(left.Steps) > 1 {
		return fmt.Errorf("revision %s: another program took back what it builds on while this one waited", s.Revision)
	}
	s.version = version
	return nil
}

// perform is called by gormigrate, with the connection or transaction that it was given.
func (s *step) perform(tx *gorm.DB) error {
	if s.inUnits { // and all of them are done
		return s.History.forgetProgress(on(s.conn.WithContext(s.ctx), tx.Statement.ConnPool), s.Revision)
	}
	s.started = true
	if !s.again {
		s.report(Event{Kind: Started, Step: s.Step})
	}
	tx = on(s.conn.WithContext(s.ctx), tx.Statement.ConnPool)
	err := s.operationsAndChecks(tx)
	if replaced := s.History.revisions[s.Revision].Replaces; err == nil && s.Kind == graph.Downgrade && len(replaced) > 0 {
		err = s.History.record(tx, replaced, nil) // gormigrate deletes the revision's own row only
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
	before, err := s.brokenBefore(tx)
	if err != nil {
		return err
	}
	for _, o := range s.operations {
		if s.after, err = s.operation(tx, o, s.after); err != nil {
			return err
		}
		s.done++
	}
	if mayDirty(s.operations) {
		if err := s.reset(tx); err != nil {
			return err
		}
	}
	return s.checkForeignKeys(tx, before)
}

// clean makes the connection what it was before the run, even when somebody stops it.
func (s *step) clean(conn *gorm.DB, failed bool) error {
	if err := s.forgetPrepared(); err != nil {
		return err
	}
	return s.attempts(context.WithoutCancel(s.ctx), func() (retry, error) { return soon, s.state.clean(conn, failed) })
}

// reset sets the session back, in which the revision is recorded.
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
		return s.outside(tx, o, before)
	}
	if code, ok := o.(*op.Run); ok {
		return s.code(tx, code, before)
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
