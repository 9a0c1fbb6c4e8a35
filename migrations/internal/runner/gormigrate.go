package runner

import (
	"github.com/go-gormigrate/gormigrate/v2"
	"gorm.io/gorm"

	"guestlist/migrations/internal/graph"
)

// gormigrate has gormigrate execute the revision on conn, in the transaction if that has begun one.
func (s *step) gormigrate(conn *gorm.DB) error {
	migration := &gormigrate.Migration{ID: s.Revision, Migrate: s.perform, Rollback: s.perform}
	options := &gormigrate.Options{TableName: s.History.table, UseTransaction: s.inTransaction}
	g := gormigrate.New(conn, options, []*gormigrate.Migration{migration})
	if s.Kind == graph.Downgrade {
		return g.RollbackMigration(migration)
	}
	return g.Migrate()
}
