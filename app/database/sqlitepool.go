package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// queuePatience is how long a statement waits for the writers before it if its context has no deadline.
const queuePatience = 30 * time.Second

// sqlitePool has the connections to a SQLite file: one for writers, since SQLite allows only one at a time, and the
// others for readers. Writers get theirs in the order in which they ask for it. If they took any connection, they would
// poll for the write lock, as SQLite does: under load, some would poll until they had to give up, and no connection
// would be left for readers.
//
// Connections of the embedded pool that are used without GORM, such as those of migrations, and prepared statements may
// write too. They contend with the queue's writer for SQLite's own lock, like other processes.
type sqlitePool struct {
	*sql.DB // for reading

	writer *sql.DB       // has one connection; the same as DB if that has only one
	turn   chan struct{} // full while a caller is next to get the writer; others wait, in order, to send

	statements sync.Map // for reads of single rows: *sql.Stmt by query

	started, refused, waited, waiting atomic.Int64
}

// newSQLitePool returns a pool of at most size connections. Readers are limited to the number of processors, or to two
// on a single processor: SQLite runs in this process, where more readers would take processor time from the writer, for
// whom others wait. BenchmarkLoad in package invitedguest shows the difference.
func newSQLitePool(name string, size int) (*sqlitePool, error) {
	readers, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	p := &sqlitePool{DB: readers, writer: readers, turn: make(chan struct{}, 1)}
	if size == 1 {
		boundPool(readers, 1)
		return p, nil
	}
	if p.writer, err = sql.Open("sqlite", name); err != nil {
		return nil, errors.Join(err, readers.Close())
	}
	boundPool(readers, min(size-1, max(2, runtime.GOMAXPROCS(0))))
	readers.SetConnMaxLifetime(connMaxLifetime) // a connection reads statistics when it opens
	boundPool(p.writer, 1)
	return p, nil
}

// close closes all connections.
func (p *sqlitePool) close() error {
	err := p.Close()
	if p.writer != p.DB {
		err = errors.Join(err, p.writer.Close())
	}
	return err
}

// next waits until all earlier callers have had the writer. The caller then takes the writer, which is free, and calls
// leave.
func (p *sqlitePool) next(ctx context.Context) (leave func(), err error) {
	p.waiting.Add(1)
	defer p.waiting.Add(-1)
	if _, ends := ctx.Deadline(); !ends {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, queuePatience)
		defer cancel()
	}
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for other writers to the database: %w", ctx.Err())
	}
	leave = func() { <-p.turn }
	// The transaction itself must not begin under this context, whose end would roll it back.
	conn, err := p.writer.Conn(ctx)
	if err == nil {
		err = conn.Close() // back to the pool, where nobody else asks for it now
	}
	if err != nil {
		leave()
		return nil, fmt.Errorf("wait for the writer to the database: %w", err)
	}
	return leave, nil
}

// BeginTx implements gorm.TxBeginner.
func (p *sqlitePool) BeginTx(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error) {
	if options != nil && options.ReadOnly { // which takes no write lock
		return p.DB.BeginTx(ctx, options)
	}
	start := time.Now()
	tx, err := p.begin(ctx, options)
	p.waited.Add(int64(time.Since(start)))
	if err != nil {
		p.refused.Add(1)
		return nil, err
	}
	p.started.Add(1)
	return tx, nil
}

func (p *sqlitePool) begin(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error) {
	leave, err := p.next(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return p.writer.BeginTx(ctx, options)
}

// ExecContext implements gorm.ConnPool.
func (p *sqlitePool) ExecContext(ctx context.Context, query string, values ...any) (sql.Result, error) {
	if !writes(query) {
		return p.DB.ExecContext(ctx, query, values...)
	}
	leave, err := p.next(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return p.writer.ExecContext(ctx, query, values...)
}

// QueryContext implements gorm.ConnPool. The rows of a statement that writes keep the writer until they are closed.
func (p *sqlitePool) QueryContext(ctx context.Context, query string, values ...any) (*sql.Rows, error) {
	if !writes(query) {
		return p.DB.QueryContext(ctx, query, values...) //nolint:sqlclosecheck // the caller closes them
	}
	leave, err := p.next(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return p.writer.QueryContext(ctx, query, values...) //nolint:sqlclosecheck // the caller closes them
}

// QueryRowContext implements gorm.ConnPool.
func (p *sqlitePool) QueryRowContext(ctx context.Context, query string, values ...any) *sql.Row {
	if !writes(query) {
		return p.DB.QueryRowContext(ctx, query, values...)
	}
	leave, err := p.next(ctx)
	if err != nil {
		// Only database/sql can make a Row with an error, as it does for a context that has ended.
		ended, cancel := context.WithDeadline(ctx, time.Time{})
		defer cancel()
		return p.writer.QueryRowContext(ended, query, values...)
	}
	defer leave()
	return p.writer.QueryRowContext(ctx, query, values...)
}

// row scans the row that the query finds, and keeps the query prepared: SQLite takes longer to prepare it than to run
// it. It fails with sql.ErrNoRows if there is none.
func (p *sqlitePool) row(ctx context.Context, query string, values, into []any) error {
	statement, ok := p.statements.Load(query)
	if !ok {
		prepared, err := p.PrepareContext(ctx, query)
		if err != nil {
			return err
		}
		if statement, ok = p.statements.LoadOrStore(query, prepared); ok {
			_ = prepared.Close() //nolint:sqlclosecheck // another call was first; all other statements stay prepared
		}
	}
	prepared := statement.(*sql.Stmt) //nolint:forcetypeassert,errcheck // see statements
	return prepared.QueryRowContext(ctx, values...).Scan(into...)
}

// GetDBConn implements gorm.GetDBConnector.
func (p *sqlitePool) GetDBConn() (*sql.DB, error) { return p.DB, nil }

// writes reports whether a statement may write. It looks only at the first word and, for a WITH, for words that write:
// a read that is taken for a write merely waits longer.
func writes(statement string) bool {
	statement = strings.TrimLeft(statement, " \t\r\n")
	end := strings.IndexFunc(statement, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') })
	if end < 0 {
		end = len(statement)
	}
	switch first := statement[:end]; {
	case strings.EqualFold(first, "SELECT"), strings.EqualFold(first, "VALUES"), strings.EqualFold(first, "EXPLAIN"),
		strings.EqualFold(first, "PRAGMA"): // those that write are useless in a pool, or only set up a connection
		return false
	case strings.EqualFold(first, "WITH"):
		rest := strings.ToUpper(statement)
		return slices.ContainsFunc([]string{"INSERT ", "UPDATE ", "DELETE ", "REPLACE "}, func(word string) bool {
			return strings.Contains(rest, word)
		})
	}
	return true
}
