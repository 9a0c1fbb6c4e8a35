package autogen

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/internal/postgres"
	"guestlist/migrations/internal/sqlite"
	"guestlist/migrations/schema"
)

// Scratch provides the databases on which drafts are tried.
type Scratch struct {
	Name string // of the database, for messages

	server bool // PostgreSQL, not SQLite in memory
	// open opens an empty database with the named schemas. The returned function closes and removes it.
	open func(ctx context.Context, schemas []string) (*gorm.DB, func() error, error)
}

// Memory tries drafts on SQLite in memory.
func Memory() Scratch {
	return Scratch{Name: "SQLite", open: func(context.Context, []string) (*gorm.DB, func() error, error) {
		db, err := sqlite.Memory()
		if err != nil {
			return nil, nil, err
		}
		pool, err := db.DB()
		if err != nil {
			return nil, nil, err
		}
		return db, pool.Close, nil
	}}
}

// On tries drafts on a PostgreSQL server, each in its own database or schema.
func On(server *postgres.Server) Scratch {
	return Scratch{Name: "PostgreSQL", server: true, open: server.Empty}
}

// schemas returns the schemas in the names of tables, except public.
func (t *trial) schemas() []string {
	var all []string
	for _, s := range []schema.Schema{t.Before, t.After} {
		for _, table := range s.Names() {
			if name, _, says := strings.Cut(table, "."); says && name != "public" && !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// ScratchError is returned if a scratch database could not be created or removed.
type ScratchError struct{ reason error }

// Error returns the reason on one line.
func (e *ScratchError) Error() string { return strings.Join(strings.Fields(e.reason.Error()), " ") }

// Unwrap returns the reason.
func (e *ScratchError) Unwrap() error { return e.reason }

// noScratch reports whether a trial failed for lack of a scratch database.
func noScratch(err error) bool {
	_, failed := errors.AsType[*ScratchError](err)
	return failed
}
