package runner

import (
	"github.com/go-gormigrate/gormigrate/v2"
	"gorm.io/gorm"

	"guestlist/migrations/internal/graph"
)

// runGormigrate executes the revision with gormigrate on conn, in its transaction if it has one.
func (s *step) runGormigrate(conn *gorm.DB) error {
	migration := &gormigrate.Migration{ID: s.Revision, Migrate: s.perform, Rollback: s.perform}
	options := &gormigrate.Options{TableName: s.History.table, UseTransaction: s.inTransaction}
	g := gormigrate.New(conn, options, []*gormigrate.Migration{migration})
	if s.Kind == graph.Downgrade {
		return g.RollbackMigration(migration)
	}
	return g.Migrate()
}
