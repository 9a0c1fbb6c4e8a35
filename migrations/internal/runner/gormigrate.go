package runner

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/go-gormigrate/gormigrate/v2"
	"gorm.io/gorm"
)

// gormigrate returns a gormigrate for one migration on the connection, which begins its transaction here: a failure to
// begin, such as a lock that is held, goes unnoticed there. Where the table of ids is known to exist, gormigrate is
// spared from looking for it, which for 1,000 revisions would take as long as running them.
func (w *work) gormigrate(migration *gormigrate.Migration) (*gormigrate.Gormigrate, error) {
	conn := w.conn.WithContext(w.ctx)
	if w.together {
		pool, ok := conn.Statement.ConnPool.(gorm.TxBeginner)
		if !ok {
			return nil, fmt.Errorf("a %T cannot begin a transaction", conn.Statement.ConnPool)
		}
		tx, err := pool.BeginTx(w.ctx, nil)
		if err != nil {
			return nil, fmt.Errorf("begin the transaction of revision %s: %w", w.step.Revision, err)
		}
		conn.Statement.ConnPool = begun{conn.Statement.ConnPool, tx}
	}
	if w.recorded {
		config := *conn.Config
		config.Dialector = knowing{conn.Dialector}
		conn.Config = &config
	}
	options := &gormigrate.Options{TableName: Table, UseTransaction: w.together}
	return gormigrate.New(conn, options, []*gormigrate.Migration{migration}), nil
}

// begun is a connection whose transaction has begun already.
type begun struct {
	gorm.ConnPool

	tx *sql.Tx
}

// BeginTx implements gorm.TxBeginner.
func (b begun) BeginTx(context.Context, *sql.TxOptions) (*sql.Tx, error) { return b.tx, nil }

// knowing is a dialect that knows that the table of ids exists.
type knowing struct{ gorm.Dialector }

// Migrator implements gorm.Dialector.
func (k knowing) Migrator(db *gorm.DB) gorm.Migrator {
	return knowingMigrator{k.Dialector.Migrator(db)}
}

type knowingMigrator struct{ gorm.Migrator }

// HasTable implements gorm.Migrator.
func (m knowingMigrator) HasTable(table any) bool {
	return table == Table || m.Migrator.HasTable(table)
}

// own returns the runner's connection in the transaction that gormigrate has begun: its own has a dialect that has
// forgotten what it can do besides.
func (w *work) own(tx *gorm.DB) *gorm.DB {
	conn := w.conn.WithContext(w.ctx)
	conn.Statement.ConnPool = tx.Statement.ConnPool
	return conn
}
