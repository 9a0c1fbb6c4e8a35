package limits

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"guestlist/app/secrets"
	"guestlist/app/utils"
)

// Logins slows down password guessing. An account has a few free failures per network, and more over all networks
// together; each further failure doubles the wait before the next attempt. The count over all networks does not apply
// to a network from which someone has signed in to the account lately, so that strangers cannot lock out its owner. A
// refused attempt changes nothing.
//
// An attempt counts as a failure until its password proves right, so that concurrent attempts, on whichever instances,
// cannot exceed the limit. Accounts that do not exist are counted too, and get the same responses. Rows live for an
// hour after the last attempt that was allowed (30 days after one that succeeded), and every attempt costs a password
// hash: that bounds the table.
type Logins struct {
	db        *gorm.DB
	free      int
	queue     queue
	passwords *secrets.Passwords
	refused   atomic.Int64
}

// NewLogins returns Logins on db. free is the number of failures per account and network before the first delay; 0
// turns delays off. Every attempt takes a place in the queue of passwords before it uses the database, so that refused
// attempts do not burden the database.
func NewLogins(db *gorm.DB, free int, passwords *secrets.Passwords) *Logins {
	return &Logins{db: db, free: free, queue: newQueue(min(free, maxConcurrent)), passwords: passwords}
}

// maxConcurrent is how many attempts on one account from one network run at once; more wait.
const maxConcurrent = 4

// Attempt is a sign-in attempt whose password is being checked. It must be ended by Release.
type Attempt struct {
	logins           *Logins
	network, overall string // the IDs of its rows; overall is empty if the network is known
	account          string // the ID of the overall row, even if the network is known
	Delay            time.Duration
	Place            *secrets.Place // for checking the password
	release          func()         // leaves the queue; nil: not in it
}

// Begin starts an attempt on the account, or fails with utils.ErrTooManyRequests. The Delay of the attempt is how long
// the next one has to wait if this one fails. Begin waits while others on the account from the same network are being
// checked. It fails with utils.ErrBusy if ctx ends first, and with secrets.ErrBusy if too many passwords wait to be
// hashed.
func (l *Logins) Begin(ctx context.Context, account string, client netip.Addr) (_ *Attempt, err error) {
	a := &Attempt{logins: l}
	defer func() {
		if err != nil {
			a.Release()
		}
		if errors.Is(err, utils.ErrTooManyRequests) {
			l.refused.Add(1)
		}
	}()
	network := Network(client)
	if l.free > 0 {
		a.network, a.overall = failuresID(account, network), failuresID(account, anyNetwork)
		if a.release, err = l.queue.enter(ctx, a.network); err != nil {
			return nil, err
		}
	}
	if a.Place, err = l.passwords.Join(network); err != nil {
		return nil, err
	}
	if l.free > 0 {
		err = l.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return a.reserve(tx, l.free) })
	}
	return a, err
}

// Refused returns the number of attempts refused so far with utils.ErrTooManyRequests.
func (l *Logins) Refused() int64 { return l.refused.Load() }

// reserve counts the attempt as a failure in the row of the network and, unless the network is known, in the row over
// all networks.
func (a *Attempt) reserve(tx *gorm.DB, free int) error {
	a.account = a.overall
	known, delay, err := count(tx, a.network, a.account, free)
	if err != nil {
		return err
	}
	a.Delay = delay
	if known {
		a.overall = ""
		return nil
	}
	_, delay, err = count(tx, a.overall, a.account, free*globalFactor)
	a.Delay = max(a.Delay, delay)
	return err
}

// noWait is the OpenAt of a row without a delay. It is long ago rather than now because, of two concurrent attempts,
// the one stored first may have read the clock last.
var noWait = time.Unix(0, 0).UTC()

// countSQL counts and decides in one step: it updates no row that is not open.
const countSQL = `INSERT INTO login_failures (id, account, failures, open_at, forget_at, expires_at)
VALUES (@id, @account, 1, @open, @forget, @forget)
ON CONFLICT (id) DO UPDATE SET
  account = excluded.account,
  failures = CASE WHEN login_failures.forget_at <= @now THEN 1 ELSE login_failures.failures + 1 END,
  forget_at = excluded.forget_at,
  expires_at = CASE WHEN login_failures.expires_at > excluded.expires_at
    THEN login_failures.expires_at ELSE excluded.expires_at END
WHERE login_failures.open_at <= @now
RETURNING failures, known_until`

// count counts a failure in a row, if the row is open, and closes it for the delay after that failure. It reports
// whether the network is known, and for how long the row is closed. It fails as refuse does if the row is not open.
func count(tx *gorm.DB, id, account string, free int) (known bool, closed time.Duration, err error) {
	now := tx.NowFunc()
	var row LoginFailures
	values := map[string]any{"id": id, "account": account, "now": now, "open": noWait, "forget": now.Add(forgetAfter)}
	result := tx.Raw(countSQL, values).Find(&row) // GORM's Scan would log the values
	switch {
	case result.Error != nil:
		return false, 0, fmt.Errorf("count an attempt to sign in: %w", result.Error)
	case result.RowsAffected == 0:
		return false, 0, refuse(tx, id, now)
	}
	closed = delay(row.Failures, free)
	if closed > 0 {
		err = tx.Model(&LoginFailures{}).Where("id = ?", id).Update("open_at", now.Add(closed)).Error
	}
	if err != nil {
		return false, 0, fmt.Errorf("delay the next attempt to sign in: %w", err)
	}
	return row.KnownUntil != nil && row.KnownUntil.After(now), closed, nil
}

func refuse(tx *gorm.DB, id string, now time.Time) error {
	var row LoginFailures
	if err := tx.Where("id = ?", id).Limit(1).Find(&row).Error; err != nil {
		return fmt.Errorf("find when the next attempt to sign in is allowed: %w", err)
	}
	return utils.TooManyRequests(row.OpenAt.Sub(now))
}

// Release ends the attempt. It may be called more than once.
func (a *Attempt) Release() {
	if a.Place != nil {
		a.Place.Leave()
	}
	if a.release != nil {
		a.release()
		a.release = nil
	}
}

// Withdraw uncounts an attempt whose password was not checked after all, and ends it.
func (a *Attempt) Withdraw(ctx context.Context) error {
	defer a.Release()
	if a.network == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second) // ctx may have ended already
	defer cancel()
	db := a.logins.db.WithContext(ctx)
	return errors.Join(uncount(db, a.network), uncount(db, a.overall))
}

// Succeeded records in tx that the password was right: it clears the network's failures and makes the network known for
// knownFor.
func (a *Attempt) Succeeded(tx *gorm.DB) error {
	if a.network == "" {
		return nil
	}
	if err := markKnown(tx, a.network, a.account); err != nil || a.overall == "" {
		return err
	}
	return uncount(tx, a.overall)
}

func uncount(db *gorm.DB, id string) error {
	err := db.Model(&LoginFailures{}).Where("id = ? AND failures > 0", id).
		Updates(map[string]any{"failures": gorm.Expr("failures - 1"), "open_at": noWait}).Error
	if err != nil {
		return fmt.Errorf("uncount an attempt to sign in: %w", err)
	}
	return nil
}

const knowSQL = `INSERT INTO login_failures (id, account, failures, open_at, forget_at, known_until, expires_at)
VALUES (@id, @account, 0, @open, @now, @until, @until)
ON CONFLICT (id) DO UPDATE SET
  account = excluded.account, failures = 0, open_at = excluded.open_at, known_until = excluded.known_until,
  expires_at = excluded.expires_at`

func markKnown(tx *gorm.DB, id, account string) error {
	now := tx.NowFunc()
	values := map[string]any{"id": id, "account": account, "now": now, "open": noWait, "until": now.Add(knownFor)}
	err := tx.Exec(knowSQL, values).Error
	if err != nil {
		return fmt.Errorf("record a successful sign-in: %w", err)
	}
	return nil
}

// MarkKnown makes the client's network known, in tx, for the owner of a new account.
func (l *Logins) MarkKnown(tx *gorm.DB, account string, client netip.Addr) error {
	if l.free == 0 {
		return nil
	}
	return markKnown(tx, failuresID(account, Network(client)), failuresID(account, anyNetwork))
}

// Clear deletes the account's failures and known networks in tx. It is for an owner who has authenticated by other
// means than the password: the known networks may be an intruder's.
func (l *Logins) Clear(tx *gorm.DB, account string) error {
	overall := failuresID(account, anyNetwork)
	// lock order as in reserve: networks first, then the overall row
	for _, rows := range []string{"account = ? AND id <> account", "id = ?"} {
		if err := tx.Where(rows, overall).Delete(&LoginFailures{}).Error; err != nil {
			return fmt.Errorf("forget failed attempts to sign in: %w", err)
		}
	}
	return nil
}
