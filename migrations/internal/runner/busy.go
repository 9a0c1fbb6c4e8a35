package runner

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// errReading is a statement on a connection whose rows are not read to their end, which PostgreSQL's protocol does not
// allow.
var errReading = errors.New("the step reads rows on the connection that it writes on: read them all first" +
	" (Find into a slice), or close the rows before the next statement")

// idle is the connection or transaction of a step. It refuses statements while rows are read: pgx reports a connection
// that is busy as a bad one, which database/sql takes out of use, waiting for ever for the rows to end.
type idle struct {
	gorm.ConnPool

	conn *sql.Conn
}

type (
	idleConn struct{ idle }
	idleTx   struct {
		idle

		tx *sql.Tx
	}
)

// idleOnly returns pool, which is conn or a transaction on it, as one that is idle before every statement.
func idleOnly(conn, pool gorm.ConnPool) gorm.ConnPool {
	single, ok := conn.(*sql.Conn)
	if !ok {
		return pool
	}
	switch pool := pool.(type) {
	case *sql.Conn:
		return idleConn{idle{pool, single}}
	case *sql.Tx:
		return idleTx{idle{pool, single}, pool}
	}
	return pool
}

func (c idle) check() error {
	return c.conn.Raw(func(driver any) error {
		if pgx, ok := driver.(*stdlib.Conn); ok && pgx.Conn().PgConn().IsBusy() {
			return errReading
		}
		return nil
	})
}

func (c idle) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return c.ConnPool.PrepareContext(ctx, query)
}

func (c idle) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return c.ConnPool.ExecContext(ctx, query, args...)
}

func (c idle) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return c.ConnPool.QueryContext(ctx, query, args...)
}

// QueryRowContext can report an error only by a row, which a context that has ended makes.
func (c idle) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if c.check() != nil {
		ended, cancel := context.WithCancel(ctx)
		cancel()
		ctx = ended
	}
	return c.ConnPool.QueryRowContext(ctx, query, args...)
}

// BeginTx implements gorm.TxBeginner.
func (c idleConn) BeginTx(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return c.conn.BeginTx(ctx, options)
}

// Commit, Rollback and StmtContext implement gorm.Tx.
func (c idleTx) Commit() error { return c.tx.Commit() }

// Rollback is Commit's opposite.
func (c idleTx) Rollback() error { return c.tx.Rollback() }

// StmtContext returns the statement in the transaction.
func (c idleTx) StmtContext(ctx context.Context, statement *sql.Stmt) *sql.Stmt {
	return c.tx.StmtContext(ctx, statement)
}
