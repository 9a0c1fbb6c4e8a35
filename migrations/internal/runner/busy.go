package runner

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
)

// errReading rejects a statement on a connection with unread rows, which PostgreSQL's protocol does not allow.
var errReading = errors.New("the step still reads rows on its only connection: read them all first" +
	" (Find into a slice), or close the rows before the next statement")

// guardedPool is the connection or transaction of a step. It rejects statements while rows are read: pgx reports a busy
// connection as a bad one, and database/sql then waits forever for the rows to end before it closes it.
type guardedPool struct {
	gorm.ConnPool

	conn *sql.Conn
}

type (
	guardedConn struct{ guardedPool }

	// guardedTx also rejects statements that end the transaction, which is the revision's, and, while the foreign keys of
	// SQLite are on, statements that drop tables.
	guardedTx struct {
		guardedPool

		tx      *sql.Tx
		step    *step
		refused *error // the first rejection, in case the code ignores it
	}
)

// guarded returns the pool that Go code gets in place of pool, the connection or a transaction on it. In a transaction,
// the first rejected statement sets refused.
func (s *step) guarded(pool gorm.ConnPool, refused *error) gorm.ConnPool {
	single, ok := s.conn.Statement.ConnPool.(*sql.Conn)
	if !ok {
		return pool
	}
	switch pool := pool.(type) {
	case *sql.Conn:
		return guardedConn{guardedPool{pool, single}}
	case *sql.Tx:
		return &guardedTx{guardedPool{pool, single}, pool, s, refused}
	}
	return pool
}

func (c guardedPool) check() error {
	return c.conn.Raw(func(conn any) error {
		if pgx, ok := conn.(*stdlib.Conn); ok && pgx.Conn().PgConn().IsBusy() {
			return errReading
		}
		return nil
	})
}

func (c guardedPool) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return c.ConnPool.PrepareContext(ctx, query)
}

func (c guardedPool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return c.ConnPool.ExecContext(ctx, query, args...)
}

func (c guardedPool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return c.ConnPool.QueryContext(ctx, query, args...)
}

func (c guardedPool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if err := c.check(); err != nil {
		return rejectedRow(ctx, err)
	}
	return c.ConnPool.QueryRowContext(ctx, query, args...)
}

// rejectedRow returns a row whose error is the reason. Only database/sql can make one, so it queries a database to
// which no connection succeeds.
func rejectedRow(ctx context.Context, reason error) *sql.Row {
	db := sql.OpenDB(rejecter{reason})
	defer func() { _ = db.Close() }()
	return db.QueryRowContext(ctx, "")
}

// rejecter is a driver.Connector and driver.Driver whose connections fail.
type rejecter struct{ reason error }

func (r rejecter) Connect(context.Context) (driver.Conn, error) { return nil, r.reason }
func (r rejecter) Driver() driver.Driver                        { return r }
func (r rejecter) Open(string) (driver.Conn, error)             { return nil, r.reason }

// BeginTx implements gorm.TxBeginner.
func (c guardedConn) BeginTx(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return c.conn.BeginTx(ctx, options)
}

func (c *guardedTx) check(query string) error {
	err := ddl.CheckTransactionText(dialect(c.step.conn), query)
	if err == nil && c.step.foreignKeys && ddl.DropsTablesText(query) {
		err = errDropsTable
	}
	if err != nil && *c.refused == nil {
		*c.refused = err
	}
	return err
}

// PrepareContext rejects the end of the transaction.
func (c *guardedTx) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	if err := c.check(query); err != nil {
		return nil, err
	}
	return c.guardedPool.PrepareContext(ctx, query)
}

// ExecContext rejects the end of the transaction.
func (c *guardedTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := c.check(query); err != nil {
		return nil, err
	}
	return c.guardedPool.ExecContext(ctx, query, args...)
}

// QueryContext rejects the end of the transaction.
func (c *guardedTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := c.check(query); err != nil {
		return nil, err
	}
	return c.guardedPool.QueryContext(ctx, query, args...)
}

// QueryRowContext rejects the end of the transaction.
func (c *guardedTx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if err := c.check(query); err != nil {
		return rejectedRow(ctx, err)
	}
	return c.guardedPool.QueryRowContext(ctx, query, args...)
}

// Commit implements gorm.Tx; it always fails.
func (c *guardedTx) Commit() error { return c.check("COMMIT") }

// Rollback implements gorm.Tx; it always fails.
func (c *guardedTx) Rollback() error { return c.check("ROLLBACK") }

// StmtContext implements gorm.Tx.
func (c *guardedTx) StmtContext(ctx context.Context, statement *sql.Stmt) *sql.Stmt {
	return c.tx.StmtContext(ctx, statement)
}
