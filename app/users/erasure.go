package users

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/database"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// Erase erases every account that has had the address, including an account that holds its belongings. It returns the
// canonical address and the number of erased accounts. It first deletes the account that has the address now, and fails
// as DeleteByEmail does, but with utils.ErrUserNotFound only if there is nothing to erase.
func (s *Service) Erase(ctx context.Context, actor audit.Actor, email string) (address string, erased int, err error) {
	taken := true
	for taken && err == nil { // an account that holds the address's belongings is deleted too: see leaveBelongings
		_, taken, err = s.DeleteByEmail(ctx, actor, email)
	}
	if err != nil && !errors.Is(err, utils.ErrUserNotFound) {
		return address, 0, err
	}
	notFound := err
	if address, err = text.CanonicalEmail(email); err != nil {
		return "", 0, err
	}
	ids, err := deletedWith(ctx, s.db, address)
	if err != nil {
		return address, 0, err
	}
	for _, id := range ids {
		done, err := s.erase(ctx, actor, id, s.db.NowFunc())
		if err != nil {
			return address, erased, err
		}
		if done {
			erased++
		}
	}
	if erased == 0 {
		return address, 0, notFound
	}
	return address, erased, nil
}

// eraseBatch is how many accounts are looked up at once.
const eraseBatch = 100

// EraseDeleted erases the accounts that were deleted before a time, each in its own transaction, to hold locks only
// briefly. If some accounts cannot be erased, it continues with the others and returns the joined errors.
func (s *Service) EraseDeleted(ctx context.Context, before time.Time) error {
	var failures []error
	for last := int64(0); ; {
		ids, err := deletedBefore(ctx, s.db, before, last, eraseBatch)
		if err != nil || len(ids) == 0 {
			return errors.Join(append(failures, err)...)
		}
		for _, id := range ids {
			if _, err := s.erase(ctx, audit.Program(), id, time.Time{}); err != nil {
				failures = append(failures, err)
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		last = ids[len(ids)-1]
	}
}

// erase erases a deleted account and reports whether it did: another program may have done it, or be doing it. Data
// stored under the address belongs to this account until the time until, or until the account's deletion if that is
// later or another account has the address now. erase tries again after a deadlock on PostgreSQL, which is simpler than
// one lock order for the mails of several addresses.
func (s *Service) erase(ctx context.Context, actor audit.Actor, id int64, until time.Time) (done bool, err error) {
	for range maxAttempts {
		err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			user, err := lockDeleted(tx, id)
			if done = err == nil && user != nil; !done {
				return err
			}
			return s.eraseLocked(ctx, tx, actor, user, until)
		})
		if err == nil {
			return done, nil
		}
		if !database.Unavailable(err) || ctx.Err() != nil {
			break
		}
	}
	return false, fmt.Errorf("erase the account %d: %w", id, err)
}

func (s *Service) eraseLocked(ctx context.Context, tx *gorm.DB, actor audit.Actor, user *User, until time.Time) error {
	inUse, err := inUse(tx, user.Email)
	if err != nil {
		return err
	}
	if inUse || until.Before(user.DeletedAt.Time) {
		until = user.DeletedAt.Time
	}
	free, err := formerAddresses(ctx, tx, user)
	if err != nil {
		return err
	}
	erasures := []Erasure{{UserID: user.ID, Email: user.Email, Until: until}}
	for _, address := range free {
		erasures = append(erasures, Erasure{UserID: user.ID, Email: address, Until: tx.NowFunc()})
	}
	if !inUse {
		free = append(free, user.Email)
	}
	if err := s.forgetAddresses(ctx, tx, user.ID, free); err != nil {
		return err
	}
	if err := s.eraseElsewhere(ctx, tx, erasures); err != nil {
		return err
	}
	return errors.Join(eraseRow(tx, user), audit.Record(ctx, tx, actor.Event(audit.Erased, user.ID)))
}

// forgetAddresses deletes the data under an account's addresses, which no other account has now: its sign-in networks,
// and all mails, including those requested since the account was deleted.
func (*Service) forgetAddresses(ctx context.Context, tx *gorm.DB, id int64, addresses []string) error {
	clients, err := audit.Clients(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, address := range addresses {
		if err := limits.Forget(ctx, tx, address, clients); err != nil {
			return err
		}
	}
	return mail.Forget(ctx, tx, mail.Filter{Recipients: addresses}, tx.NowFunc())
}

// eraseElsewhere deletes the user's data in other tables, under each of the user's addresses.
func (s *Service) eraseElsewhere(ctx context.Context, tx *gorm.DB, erasures []Erasure) error {
	for _, e := range erasures {
		for _, data := range s.personal {
			if err := data.Erase(ctx, tx, e); err != nil {
				return err
			}
		}
		if err := mail.Forget(ctx, tx, mail.Filter{Recipients: []string{e.Email}}, e.Until); err != nil {
			return err
		}
	}
	id := erasures[0].UserID
	if err := tx.Where("user_id = ?", id).Delete(&Code{}).Error; err != nil {
		return fmt.Errorf("delete a user's codes: %w", err)
	}
	return mail.Forget(ctx, tx, mail.Filter{Also: aboutChanges(id)}, tx.NowFunc())
}
