package runner

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
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

	// idleTx also refuses to end the transaction, which is the revision's, and to drop tables while the foreign keys of
	// SQLite are on.
	idleTx struct {
		idle

		tx      *sql.Tx
		step    *step
		refused *error // the first refusal, which the step may not pass on
	}
)

// forCode returns pool, which is the connection or a transaction on it, as a step of Go code gets it. In a transaction,
// refused gets what the code is refused.
func (s *step) forCode(pool gorm.ConnPool, refused *error) gorm.ConnPool {
	single, ok := s.conn.Statement.ConnPool.(*sql.Conn)
	if !ok {
		return pool
	}
	switch pool := pool.(type) {
	case *sql.Conn:
		return idleConn{idle{pool, single}}
	case *sql.Tx:
		return &idleTx{idle{pool, single}, pool, s, refused}
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
		ctx = ended(ctx)
	}
	return c.ConnPool.QueryRowContext(ctx, query, args...)
}

func ended(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}

// BeginTx implements gorm.TxBeginner.
func (c idleConn) BeginTx(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return c.conn.BeginTx(ctx, options)
}

func (c *idleTx) check(query string) error {
	err := ddl.CheckTransactionText(dialect(c.step.conn), query)
	if err == nil && c.step.foreignKeys && ddl.DropsTablesText(query) {
		err = errDropsTable
	}
	if err != nil && *c.refused == nil {
		*c.refused = err
	}
	return err
}

// PrepareContext refuses to prepare the end of the transaction.
func (c *idleTx) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	if err := c.check(query); err != nil {
		return nil, err
	}
	return c.idle.PrepareContext(ctx, query)
}

// ExecContext refuses to end the transaction.
func (c *idleTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := c.check(query); err != nil {
		return nil, err
	}
	return c.idle.ExecContext(ctx, query, args...)
}

// QueryContext refuses to end the transaction.
func (c *idleTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := c.check(query); err != nil {
		return nil, err
	}
	return c.idle.QueryContext(ctx, query, args...)
}

// QueryRowContext refuses to end the transaction.
func (c *idleTx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if c.check(query) != nil {
		ctx = ended(ctx)
	}
	return c.idle.QueryRowContext(ctx, query, args...)
}

// Commit, Rollback and StmtContext implement gorm.Tx.
func (c *idleTx) Commit() error { return c.check("COMMIT") }

// Rollback is Commit's opposite.
func (c *idleTx) Rollback() error { return c.check("ROLLBACK") }

// StmtContext returns the statement in the transaction.
func (c *idleTx) StmtContext(ctx context.Context, statement *sql.Stmt) *sql.Stmt {
	return c.tx.StmtContext(ctx, statement)
}
