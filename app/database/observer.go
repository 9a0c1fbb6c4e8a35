package database

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// ObserverName is the name of the GORM plugin that is told of the queries that bypass GORM's callbacks: those of a
// Lookup. The plugin has to be an Observer.
const ObserverName = "database:observer"

// Observer is told of a query when it has ended: the statement, without its values, the table, and how it went.
type Observer interface {
	ObserveQuery(ctx context.Context, begin time.Time, statement, table string, err error)
}

func unobserved(error) {}

// observe tells the observer, if there is one, of a query that begins now and ends when the returned function is
// called.
func observe(ctx context.Context, db *gorm.DB, statement, table string) (ended func(error)) {
	observer, ok := db.Plugins[ObserverName].(Observer)
	if !ok {
		return unobserved
	}
	begin := time.Now()
	return func(err error) { observer.ObserveQuery(ctx, begin, statement, table, err) }
}
