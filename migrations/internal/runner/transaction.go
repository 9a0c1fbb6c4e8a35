package runner

import (
	"context"
	"database/sql"
	"fmt"

	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// begin begins a transaction on conn; on SQLite one that holds the write lock.
//
// Unless the DSN says otherwise, drivers begin a deferred transaction, which takes the lock at its first write, and
// fails there without waiting if another program has written since its first read
// (https://www.sqlite.org/lang_transaction.html). database/sql cannot begin an immediate one, so begin ends the
// driver's empty transaction and begins another under the same sql.Tx.
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

// undo rolls back a failed transaction. Not every driver rolls back after a COMMIT that failed because of a reader,
// which leaves the transaction of SQLite open; the second ROLLBACK ends it. If SQLite has already rolled back, ROLLBACK
// fails harmlessly (https://www.sqlite.org/lang_transaction.html).
func undo(conn *gorm.DB, tx *sql.Tx) {
	_ = tx.Rollback()
	if dialect(conn) == schema.SQLite {
		_, _ = conn.Statement.ConnPool.ExecContext(context.WithoutCancel(conn.Statement.Context), "ROLLBACK")
	}
}

// on returns conn on the transaction tx.
func on(conn *gorm.DB, tx gorm.ConnPool) *gorm.DB {
	conn = conn.Session(&gorm.Session{NewDB: true, Context: conn.Statement.Context})
	conn.Statement.ConnPool = tx
	return conn
}

// startedTx is a connection with a started transaction, which BeginTx returns: GORM then begins none of its own.
type startedTx struct {
	gorm.ConnPool

	tx *sql.Tx
}

// BeginTx implements gorm.TxBeginner.
func (s startedTx) BeginTx(context.Context, *sql.TxOptions) (*sql.Tx, error) { return s.tx, nil }
