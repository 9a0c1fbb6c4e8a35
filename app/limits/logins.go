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

// Logins slows down guessing an account's password. An account has a few free failures per network, and some more over
// all networks together; each further failure doubles the time until the next attempt is let in. The second count does
// not hold back a network from which the account was signed in to lately, so that strangers cannot keep its owner out.
// A refused attempt changes nothing.
//
// An attempt counts as a failure from before the password is checked until it proves right, so that of many at once no
// more than allowed are checked, whichever instances they arrive at. Accounts that do not exist are counted as well,
// and the answers are the same. Rows live for an hour after the last attempt that was let in (for 30 days after one
// that succeeded), and every attempt costs a hash of the processors': that bounds the table.
type Logins struct {
	db        *gorm.DB
	free      int
	queue     queue
	passwords *secrets.Passwords
	refused   atomic.Int64
}

// NewLogins returns Logins on db. free is how many failures an account has per network before the first delay; 0 turns
// delays off. Every attempt has a place with passwords before it comes to the database, so that those for whom there is
// none do not burden it.
func NewLogins(db *gorm.DB, free int, passwords *secrets.Passwords) *Logins {
	return &Logins{db: db, free: free, queue: newQueue(min(free, maxTogether)), passwords: passwords}
}

// maxTogether is how many attempts on one account from one network are under way at once; more wait for their turn.
const maxTogether = 4

// Attempt is one whose password is being checked. It must be ended by Release.
type Attempt struct {
	logins           *Logins
	network, overall string // the rows that count it; overall is empty where the network is known
	account          string // overall, in any case
	Delay            time.Duration
	Place            *secrets.Place // for checking the password
	release          func()         // nil: nothing
}

// Begin lets an attempt on the account in, or fails with utils.ErrTooManyRequests. Delay is how long the next one will
// have to wait if this one fails. It waits while others on the account from the same network are being checked, and
// fails with utils.ErrBusy if ctx ends first, or with secrets.ErrBusy if too many others are under way.
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

// Refused is the number of attempts that have had to wait so far.
func (l *Logins) Refused() int64 { return l.refused.Load() }

// reserve counts the attempt as failed in both rows.
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
	_, delay, err = count(tx, a.overall, a.account, free*everywhere)
	a.Delay = max(a.Delay, delay)
	return err
}

// open is when a row lets the next attempt in that lets everybody in. It is long ago: of two attempts at once, the one
// that is stored first may have looked at the clock last.
var open = time.Unix(0, 0).UTC()

// The condition makes the counting and the decision one step.
const countSQL = `INSERT INTO login_failures (id, account, failures, open_at, forget_at, expires_at)
VALUES (@id, @account, 1, @open, @forget, @forget)
ON CONFLICT (id) DO UPDATE SET
  account = excluded.account,
  failures = CASE WHEN login_failures.forget_at <= @now THEN 1 ELSE login_failures.failures + 1 END,
  forget_at = excluded.forget_at,
  expires_at = CASE WHEN login_failures.expires_at > excluded.expires_at THEN login_failures.expires_at ELSE excluded.expires_at END
WHERE login_failures.open_at <= @now
RETURNING failures, known_until`

// count counts a failure in a row, if it is open, and closes it for as long as that failure asks for.
func count(tx *gorm.DB, id, account string, free int) (known bool, closed time.Duration, err error) {
	now := tx.NowFunc()
	var row LoginFailures
	values := map[string]any{"id": id, "account": account, "now": now, "open": open, "forget": now.Add(forgetAfter)}
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
		return fmt.Errorf("find when the next attempt to sign in is let in: %w", err)
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

// Withdraw takes back an attempt whose password was not checked after all, and ends it.
func (a *Attempt) Withdraw(ctx context.Context) error {
	defer a.Release()
	if a.network == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second) // ctx may be what ended it
	defer cancel()
	db := a.logins.db.WithContext(ctx)
	return errors.Join(takeBack(db, a.network), takeBack(db, a.overall))
}

// Succeeded notes in the transaction tx that the password was right: the network's failures no longer count, and the
// network is known from now on.
func (a *Attempt) Succeeded(tx *gorm.DB) error {
	if a.network == "" {
		return nil
	}
	if err := know(tx, a.network, a.account); err != nil || a.overall == "" {
		return err
	}
	return takeBack(tx, a.overall)
}

func takeBack(db *gorm.DB, id string) error {
	err := db.Model(&LoginFailures{}).Where("id = ? AND failures > 0", id).
		Updates(map[string]any{"failures": gorm.Expr("failures - 1"), "open_at": open}).Error
	if err != nil {
		return fmt.Errorf("take back an attempt to sign in: %w", err)
	}
	return nil
}

const knowSQL = `INSERT INTO login_failures (id, account, failures, open_at, forget_at, known_until, expires_at)
VALUES (@id, @account, 0, @open, @now, @until, @until)
ON CONFLICT (id) DO UPDATE SET
  account = excluded.account, failures = 0, open_at = excluded.open_at, known_until = excluded.known_until, expires_at = excluded.expires_at`

func know(tx *gorm.DB, id, account string) error {
	now := tx.NowFunc()
	values := map[string]any{"id": id, "account": account, "now": now, "open": open, "until": now.Add(knownFor)}
	err := tx.Exec(knowSQL, values).Error
	if err != nil {
		return fmt.Errorf("note a successful sign-in: %w", err)
	}
	return nil
}

// Know notes in the transaction tx that the owner of a new account comes from the client's network.
func (l *Logins) Know(tx *gorm.DB, account string, client netip.Addr) error {
	if l.free == 0 {
		return nil
	}
	return know(tx, failuresID(account, Network(client)), failuresID(account, anyNetwork))
}

// Clear forgets in the transaction tx all that was done to the account, when its owner has proved to be that by another
// way than the password: attempts that failed, and networks from which it was signed in to, perhaps by somebody else.
func (l *Logins) Clear(tx *gorm.DB, account string) error {
	overall := failuresID(account, anyNetwork)
	// in the order of reserve: each locks its row
	for _, rows := range []string{"account = ? AND id <> account", "id = ?"} {
		if err := tx.Where(rows, overall).Delete(&LoginFailures{}).Error; err != nil {
			return fmt.Errorf("forget failed attempts to sign in: %w", err)
		}
	}
	return nil
}
