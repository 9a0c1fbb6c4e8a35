package users

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/text"
	"guestlist/app/utils"
)

// Reindexed is the result of Reindex.
type Reindexed struct {
	Accounts int // all accounts except erased ones
	Changed  int
	Problems []ReindexProblem // addresses that were left unchanged
}

// ReindexProblem is an address that cannot be made canonical.
type ReindexProblem struct {
	UserID int64
	Email  string
	Other  int64 // the user with the canonical address; 0: the address is not valid
}

// reindexBatch is how many accounts are locked at once.
const reindexBatch = 500

// Reindex makes the addresses of all accounts that are not erased canonical and recomputes their keys, in batches, for
// rows that were stored by SQL. ON UPDATE CASCADE updates the keys of guests. On PostgreSQL, Reindex also raises the
// sequence of ids above the greatest one.
func (s *Service) Reindex(ctx context.Context) (total Reindexed, err error) {
	for after := int64(0); ; {
		var rows []User
		err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			err := forNoKeyUpdate(tx).Unscoped().Select("id", "email", "firstname", "lastname", "deleted_at").
				Where("id > ? AND erased_at IS NULL", after).Order("id").Limit(reindexBatch).Find(&rows).Error
			if err != nil {
				return fmt.Errorf("read users: %w", err)
			}
			for i := range rows {
				if err := total.reindex(tx, &rows[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return total, err
		}
		if len(rows) == 0 {
			return total, raiseSequence(ctx, s.db)
		}
		after = rows[len(rows)-1].ID
	}
}

// reindex makes the address of a locked user canonical, unless another account has it, and recomputes the keys.
func (r *Reindexed) reindex(tx *gorm.DB, user *User) error {
	r.Accounts++
	canonical, err := text.CanonicalEmail(user.Email)
	if err != nil {
		r.Problems = append(r.Problems, ReindexProblem{UserID: user.ID, Email: user.Email})
		canonical = user.Email
	}
	if canonical != user.Email && !user.DeletedAt.Valid {
		other, err := holder(tx, canonical)
		if err != nil {
			return err
		}
		if other != 0 {
			r.Problems = append(r.Problems, ReindexProblem{user.ID, user.Email, other})
			canonical = user.Email
		}
	}
	user.Email = canonical
	if err := user.BeforeSave(tx); err != nil {
		return err
	}
	// In SQLite, a text value differs from a blob of the same bytes, so the database compares the stored values.
	done := tx.Unscoped().Model(&User{}).Where("id = ?", user.ID).
		Where("email <> ? OR search_key <> ? OR lastname_key <> ?", user.Email, user.SearchKey, user.LastnameKey).
		UpdateColumns(map[string]any{"email": user.Email, "search_key": user.SearchKey, "lastname_key": user.LastnameKey})
	if done.Error != nil {
		return fmt.Errorf("store the keys of the user %d: %w", user.ID, done.Error)
	}
	r.Changed += int(done.RowsAffected)
	return nil
}

// holder returns the id of the user with the canonical address; 0: none.
func holder(tx *gorm.DB, email string) (int64, error) {
	user, err := FindByEmail(tx.Statement.Context, tx, email)
	if errors.Is(err, utils.ErrUserNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return user.ID, nil
}

// raiseSequence raises PostgreSQL's sequence of ids above the greatest id: rows inserted with explicit ids do not
// advance it. SQLite needs no such step.
func raiseSequence(ctx context.Context, db *gorm.DB) error {
	if db.Name() != "postgres" {
		return nil
	}
	const raise = "SELECT setval(pg_get_serial_sequence('users', 'id'), " +
		"greatest(max(id), nextval(pg_get_serial_sequence('users', 'id')))) FROM users"
	if err := db.WithContext(ctx).Exec(raise).Error; err != nil {
		return fmt.Errorf("raise the sequence of the users' ids: %w", err)
	}
	return nil
}
