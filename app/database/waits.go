package database

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// sqlitePool is SQLite's connections, with a measure of how long transactions wait to begin: each has the write lock
// from its beginning, and there is only one.
type sqlitePool struct {
	*sql.DB

	begun, refused, waited atomic.Int64

	statements sync.Map // of reads of single rows, by their text: *sql.Stmt
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
			_ = prepared.Close() //nolint:sqlclosecheck // another was first: all others stay
		}
	}
	return statement.(*sql.Stmt).QueryRowContext(ctx, values...).Scan(into...) //nolint:forcetypeassert,errcheck // see statements
}

// BeginTx implements gorm.TxBeginner.
func (p *sqlitePool) BeginTx(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error) {
	start := time.Now()
	tx, err := p.DB.BeginTx(ctx, options)
	p.waited.Add(int64(time.Since(start)))
	if err != nil {
		p.refused.Add(1)
		return nil, err
	}
	p.begun.Add(1)
	return tx, nil
}

// GetDBConn implements gorm.GetDBConnector.
func (p *sqlitePool) GetDBConn() (*sql.DB, error) { return p.DB, nil }

// Waits is how transactions have waited for SQLite's write lock so far.
type Waits struct {
	Begun   int64         // that got it
	Refused int64         // that did not, in time
	Waited  time.Duration // of all of them, the wait for a connection among it
}

// WaitsOf returns how transactions on db have waited to begin, if it is SQLite, where they have the write lock from
// then on. PostgreSQL has no such lock.
func WaitsOf(db *gorm.DB) (waits Waits, ok bool) {
	pool, ok := db.ConnPool.(*sqlitePool)
	if !ok {
		return Waits{}, false
	}
	return Waits{pool.begun.Load(), pool.refused.Load(), time.Duration(pool.waited.Load())}, true
}
