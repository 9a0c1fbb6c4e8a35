package runner

import (
	"fmt"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/session"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// code runs the program's own code.
func (s *step) code(tx *gorm.DB, o *op.Run, before schema.Schema) (schema.Schema, error) {
	var refused error
	after, err := ddl.Execute(s.ctx, s.programs(tx, &refused), o, before)
	if refused != nil {
		return before, fmt.Errorf("%s: %w", o, refused)
	}
	return after, err
}

// programs returns tx for the program's own code, which gets the program's own configuration of GORM. In a transaction,
// refused gets what the code is refused.
func (s *step) programs(tx *gorm.DB, refused *error) *gorm.DB {
	own := s.DB.Session(&gorm.Session{Context: s.ctx, Logger: session.Logger(s.DB)})
	own.DryRun = false // the revision would be recorded without having changed a row
	return on(own, s.forCode(tx.Statement.ConnPool, refused))
}
