package users

import (
	"context"

	"gorm.io/gorm"
)

// TakeOver is takeOver for tests.
func (s *Service) TakeOver(ctx context.Context, tx *gorm.DB, from, to *User) error {
	return s.takeOver(ctx, tx, from, to)
}
