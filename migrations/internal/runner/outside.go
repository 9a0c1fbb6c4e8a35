package runner

import (
	"errors"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// withoutTransaction carries out an operation of a revision that has no transaction. If possible, the operation runs in
// its own transaction, and so can be tried again if a table is in use.
func (s *step) withoutTransaction(tx *gorm.DB, o op.Operation, before schema.Schema) (after schema.Schema, err error) {
	switch o := o.(type) {
	case *op.Run:
		return s.runCode(tx, o, before)
	case *op.SQL:
		return s.sqlWithoutTransaction(tx, o, before)
	}
	note, skip, err := s.noteRemains(tx, o)
	switch {
	case err != nil:
		return before, err
	case skip:
		after, err = o.Apply(before)
	case ddl.Concurrent(dialect(tx), o):
		err = s.withoutLockTimeout(func() error {
			after, err = ddl.Execute(s.ctx, tx, o, before)
			return err
		})
	default:
		err = s.attempts(s.ctx, func() (retry, error) {
			after, err = s.inOwnTransaction(tx, o, before)
			return later, err
		})
	}
	if err == nil && note != "" {
		s.report(Event{Kind: Noted, Step: s.Step, Text: note})
	}
	return after, err
}

// inOwnTransaction executes an operation in its own transaction.
func (s *step) inOwnTransaction(conn *gorm.DB, o op.Operation, before schema.Schema) (schema.Schema, error) {
	tx, err := begin(conn)
	if err != nil {
		return before, err
	}
	after, err := ddl.Execute(s.ctx, on(conn, tx), o, before)
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		undo(conn, tx)
		return before, err
	}
	return after, nil
}

// sqlWithoutTransaction executes the statements of a text one by one, as psql does: PostgreSQL runs several that arrive
// together in one transaction
// (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT).
func (s *step) sqlWithoutTransaction(tx *gorm.DB, o *op.SQL, before schema.Schema) (schema.Schema, error) {
	statements, err := ddl.Statements(dialect(tx), o, before)
	if err != nil {
		return before, err
	}
	for _, statement := range statements {
		one := &op.SQL{Text: schema.Both(statement.SQL)}
		execute := func() error {
			_, err := ddl.Execute(s.ctx, tx, one, before)
			return err
		}
		if statement.Outside {
			err = s.withoutLockTimeout(execute)
		} else {
			err = s.attempts(s.ctx, func() (retry, error) { return later, execute() })
		}
		if err != nil {
			return before, err
		}
	}
	return o.Apply(before)
}

// withoutLockTimeout lets statements wait for locks without limit: a concurrent index build waits for every older
// transaction, and blocks nobody.
func (s *step) withoutLockTimeout(do func() error) (err error) {
	if err := s.setLockTimeout(s.conn, 0); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.setLockTimeout(s.conn, s.tableLockTimeout())) }()
	return do()
}
