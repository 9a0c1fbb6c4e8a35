package database

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// ObserverName is the name of the GORM plugin that observes queries that bypass GORM's callbacks, such as those of a
// Lookup. The plugin must be an Observer.
const ObserverName = "database:observer"

// Observer is notified of each query when it has ended, with the statement, without its values, the table, and the
// error or nil.
type Observer interface {
	ObserveQuery(ctx context.Context, begin time.Time, statement, table string, err error)
}

func unobserved(error) {}

// observe reports to the observer, if there is one, a query that begins now and ends when the returned function is
// called.
func observe(ctx context.Context, db *gorm.DB, statement, table string) (ended func(error)) {
	observer, ok := db.Plugins[ObserverName].(Observer)
	if !ok {
		return unobserved
	}
	begin := time.Now()
	return func(err error) { observer.ObserveQuery(ctx, begin, statement, table, err) }
}
