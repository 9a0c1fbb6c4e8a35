package database

import (
	"time"

	"gorm.io/gorm"
)

// Waits holds statistics about waiting for SQLite's write lock, since the start.
type Waits struct {
	Started int64         // transactions that got it
	Refused int64         // transactions that did not get it in time
	Waiting int64         // waiting now, including single statements that write
	Waited  time.Duration // the total wait of transactions, including that for the writers before them
}

// WaitsOf returns how transactions on db have waited to begin, which is when they take SQLite's write lock. ok is false
// for PostgreSQL, which has no such lock.
func WaitsOf(db *gorm.DB) (waits Waits, ok bool) {
	pool, ok := db.ConnPool.(*sqlitePool)
	if !ok {
		return Waits{}, false
	}
	return Waits{
		Started: pool.started.Load(), Refused: pool.refused.Load(), Waiting: pool.waiting.Load(),
		Waited: time.Duration(pool.waited.Load()),
	}, true
}
