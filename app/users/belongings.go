package users

import (
	"context"

	"gorm.io/gorm"
)

// leaveBehind does what then does in tx, by which the user, whose address was never proved, moves away from the address
// or is removed, and lets what hangs on the address stay with it.
func (s *Service) leaveBehind(_ context.Context, tx *gorm.DB, _ *User, then func(tx *gorm.DB) error) error {
	return then(tx)
}

// takeOver removes the account from, whose address was never proved, in tx, so that the user to can have its address and
// what hangs on it.
func (s *Service) takeOver(ctx context.Context, tx *gorm.DB, from, _ *User) error {
	return remove(ctx, tx, from.ID)
}
