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

// Scratch is where drafts are tried.
type Scratch struct {
	Name string // of the database, for people

	server bool // and not SQLite in memory
	// open opens an empty database with the schemas named; the function returned closes and removes it.
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

// On tries drafts on a PostgreSQL server, in a database or schema of their own.
func On(server *postgres.Server) Scratch {
	return Scratch{Name: "PostgreSQL", server: true, open: server.Empty}
}

// schemas lists those that names of tables say.
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

// ScratchError is a database for a trial that could not be made, or removed.
type ScratchError struct{ reason error }

// Error is one line, whatever the reason's text.
func (e *ScratchError) Error() string { return strings.Join(strings.Fields(e.reason.Error()), " ") }

// Unwrap returns the reason.
func (e *ScratchError) Unwrap() error { return e.reason }

// noScratch reports whether a trial failed as there was no database for it.
func noScratch(err error) bool {
	_, failed := errors.AsType[*ScratchError](err)
	return failed
}
