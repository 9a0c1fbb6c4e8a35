package runner

import (
	"fmt"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/session"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// runCode runs Go code of the program.
func (s *step) runCode(tx *gorm.DB, o *op.Run, before schema.Schema) (schema.Schema, error) {
	var refused error
	after, err := ddl.Execute(s.ctx, s.forProgram(tx, &refused), o, before)
	if refused != nil {
		return before, fmt.Errorf("%s: %w", o, refused)
	}
	return after, err
}

// forProgram returns tx with the program's own configuration of GORM, for its code. In a transaction, the first
// rejected statement sets refused.
func (s *step) forProgram(tx *gorm.DB, refused *error) *gorm.DB {
	own := s.DB.Session(&gorm.Session{Context: s.ctx, Logger: session.Logger(s.DB)})
	own.DryRun = false // or the revision would be recorded without changing a row
	return on(own, s.guarded(tx.Statement.ConnPool, refused))
}
