package runner

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/go-gormigrate/gormigrate/v2"
	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/logger"

	"guestlist/migrations/internal/graph"
)

// gormigrate has gormigrate execute the revision on a connection, in the transaction where that has begun one.
func (w *work) gormigrate(pool gorm.ConnPool) error {
	db := w.conn
	if w.records != nil {
		db = w.records
	}
	db = db.WithContext(w.ctx)
	db.Statement.ConnPool = pool
	migration := &gormigrate.Migration{ID: w.step.Revision, Migrate: w.perform, Rollback: w.perform}
	options := &gormigrate.Options{TableName: Table, UseTransaction: w.together}
	g := gormigrate.New(db, options, []*gormigrate.Migration{migration})
	if w.step.Kind == graph.Downgrade {
		return g.RollbackMigration(migration)
	}
	return g.Migrate()
}

// begun is a connection whose transaction has begun already.
type begun struct {
	gorm.ConnPool

	tx *sql.Tx
}

// BeginTx implements gorm.TxBeginner.
func (b begun) BeginTx(context.Context, *sql.TxOptions) (*sql.Tx, error) { return b.tx, nil }

// openRecords returns the connection for gormigrate once the table of ids exists. It spares gormigrate from asking
// whether it does, and whether the revision is in it, which is known by then (mayBegin). For 1,000 revisions the two
// questions would take as long as running them.
func openRecords(conn *gorm.DB) (*gorm.DB, error) {
	db, err := gorm.Open(knowing{conn.Dialector}, &gorm.Config{
		ConnPool: conn.Statement.ConnPool, Logger: logger.Discard, NowFunc: conn.NowFunc,
		SkipDefaultTransaction: true, DisableAutomaticPing: true,
	})
	if err != nil {
		return nil, fmt.Errorf("open the table of applied revisions: %w", err)
	}
	db.Logger = conn.Logger // from here on: GORM logs that a callback is replaced, which is on purpose
	return db, nil
}

// knowing is a dialect that knows that the table of ids exists and lacks the revision.
type knowing struct{ gorm.Dialector }

// Initialize implements gorm.Dialector: GORM's own callbacks, but that a query finds nothing.
func (knowing) Initialize(db *gorm.DB) error {
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{})
	if err := db.Callback().Query().Replace("gorm:query", func(*gorm.DB) {}); err != nil {
		return fmt.Errorf("replace GORM's query: %w", err)
	}
	return nil
}

// Migrator implements gorm.Dialector.
func (k knowing) Migrator(db *gorm.DB) gorm.Migrator {
	return knowingMigrator{k.Dialector.Migrator(db)}
}

type knowingMigrator struct{ gorm.Migrator }

// HasTable implements gorm.Migrator.
func (m knowingMigrator) HasTable(table any) bool {
	return table == Table || m.Migrator.HasTable(table)
}
