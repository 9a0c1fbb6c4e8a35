package runner

import (
	"context"
	"database/sql"
	"fmt"

	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// begin begins a transaction on conn; on SQLite one that has the write lock.
//
// A deferred transaction, which drivers begin unless their DSN says otherwise, takes the lock at its first write, and
// fails there without waiting if another program has written since its first read
// (https://www.sqlite.org/lang_transaction.html). database/sql cannot ask for an immediate one, so the transaction of
// the driver's, empty as it is, ends and another begins under the same sql.Tx.
func begin(conn *gorm.DB) (*sql.Tx, error) {
	pool, ok := conn.Statement.ConnPool.(gorm.TxBeginner)
	if !ok {
		return nil, fmt.Errorf("a %T cannot begin a transaction", conn.Statement.ConnPool)
	}
	ctx := conn.Statement.Context
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil || dialect(conn) != schema.SQLite {
		return tx, err
	}
	for _, statement := range []string{"COMMIT", "BEGIN IMMEDIATE"} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			undo(conn, tx)
			return nil, err
		}
	}
	return tx, nil
}

// undo ends a transaction that failed. Not every driver rolls back after a COMMIT that failed because somebody reads,
// which leaves the transaction of SQLite open; the second ROLLBACK does. Where SQLite has rolled back by itself, a
// ROLLBACK fails, and no harm is done (https://www.sqlite.org/lang_transaction.html).
func undo(conn *gorm.DB, tx *sql.Tx) {
	_ = tx.Rollback()
	if dialect(conn) == schema.SQLite {
		_, _ = conn.Statement.ConnPool.ExecContext(context.WithoutCancel(conn.Statement.Context), "ROLLBACK")
	}
}

// on returns conn in the transaction.
func on(conn *gorm.DB, tx gorm.ConnPool) *gorm.DB {
	conn = conn.Session(&gorm.Session{NewDB: true, Context: conn.Statement.Context})
	conn.Statement.ConnPool = tx
	return conn
}

// startedTx is a connection whose transaction has begun. GORM begins transactions with it without noticing.
type startedTx struct {
	gorm.ConnPool

	tx *sql.Tx
}

// BeginTx implements gorm.TxBeginner.
func (s startedTx) BeginTx(context.Context, *sql.TxOptions) (*sql.Tx, error) { return s.tx, nil }
