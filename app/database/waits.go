package database

import (
	"time"

	"gorm.io/gorm"
)

// Waits is how transactions have waited for SQLite's write lock so far.
type Waits struct {
	Begun   int64         // that got it
	Refused int64         // that did not, in time
	Waiting int64         // now, single statements that write among them
	Waited  time.Duration // of all of them, the wait for the writers before them among it
}

// WaitsOf returns how transactions on db have waited to begin, if it is SQLite, where they have the write lock from
// then on. PostgreSQL has no such lock.
func WaitsOf(db *gorm.DB) (waits Waits, ok bool) {
	pool, ok := db.ConnPool.(*sqlitePool)
	if !ok {
		return Waits{}, false
	}
	return Waits{
		Begun: pool.begun.Load(), Refused: pool.refused.Load(), Waiting: pool.waiting.Load(),
		Waited: time.Duration(pool.waited.Load()),
	}, true
}
