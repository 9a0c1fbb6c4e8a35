package runner

import (
	"errors"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// outside carries out an operation of a revision that has no transaction. Whatever can be, is done in a transaction of
// the operation's own, and so can be tried again if a table is in use.
func (s *step) outside(tx *gorm.DB, o op.Operation, before schema.Schema) (after schema.Schema, err error) {
	switch o := o.(type) {
	case *op.Run:
		return s.code(tx, o, before)
	case *op.SQL:
		return s.outsideSQL(tx, o, before)
	}
	note, skip, err := s.noteRemains(tx, o)
	switch {
	case err != nil:
		return before, err
	case skip:
		after, err = o.Apply(before)
	case ddl.Concurrent(dialect(tx), o):
		err = s.withoutTableLock(func() error {
			after, err = ddl.Execute(s.ctx, tx, o, before)
			return err
		})
	default:
		err = s.attempts(s.ctx, func() (retry, error) {
			after, err = s.alone(tx, o, before)
			return later, err
		})
	}
	if err == nil && note != "" {
		s.report(Event{Kind: Noted, Step: s.Step, Text: note})
	}
	return after, err
}

// alone executes an operation in a transaction of its own.
func (s *step) alone(conn *gorm.DB, o op.Operation, before schema.Schema) (schema.Schema, error) {
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

// outsideSQL executes the statements of a text one by one, as psql does: PostgreSQL makes a transaction of several that
// it gets at once (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT).
func (s *step) outsideSQL(tx *gorm.DB, o *op.SQL, before schema.Schema) (schema.Schema, error) {
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
			err = s.withoutTableLock(execute)
		} else {
			err = s.attempts(s.ctx, func() (retry, error) { return later, execute() })
		}
		if err != nil {
			return before, err
		}
	}
	return o.Apply(before)
}

// withoutTableLock lets statements wait for locks as long as it takes: building an index concurrently waits for every
// older transaction, and nobody waits for it.
func (s *step) withoutTableLock(do func() error) (err error) {
	if err := s.setTableLock(s.conn, 0); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.setTableLock(s.conn, s.tableLock())) }()
	return do()
}
