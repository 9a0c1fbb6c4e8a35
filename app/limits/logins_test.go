package limits_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/database/dbtest"
	"guestlist/app/limits"
	"guestlist/app/secrets"
	"guestlist/app/utils"
)

// logins is a limits.Logins with 5 free failures and its own database and clock.
type logins struct {
	*limits.Logins
	db    *gorm.DB
	clock *apptest.Clock
}

func newLogins(t *testing.T) logins {
	t.Helper()
	clock := apptest.NewClock()
	db := apptest.Database(t, database.Options{Now: clock.Now})
	return logins{limits.NewLogins(db, 5, secrets.NewPasswords(0)), db, clock}
}

var (
	home   = netip.MustParseAddr("203.0.113.9")
	abroad = netip.MustParseAddr("198.51.100.7")
)

const ann = "ann@example.org"

// fail tries a wrong password and reports whether it was checked.
func (l logins) fail(t *testing.T, account string, client netip.Addr) bool {
	t.Helper()
	attempt, err := l.Begin(t.Context(), account, client)
	if errors.Is(err, utils.ErrTooManyRequests) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	attempt.Release()
	return true
}

// signIn tries the right password and reports whether it was checked.
func (l logins) signIn(t *testing.T, account string, client netip.Addr) bool {
	t.Helper()
	attempt, err := l.Begin(t.Context(), account, client)
	if errors.Is(err, utils.ErrTooManyRequests) {
		return false
	}
	if err == nil {
		defer attempt.Release()
		err = l.db.Transaction(attempt.Succeeded)
	}
	if err != nil {
		t.Fatal(err)
	}
	return true
}

func TestLoginsDelay(t *testing.T) {
	t.Parallel()
	l := newLogins(t)
	for i := range 4 {
		if !l.fail(t, ann, home) {
			t.Fatalf("attempt %d is refused", i)
		}
	}
	for _, seconds := range []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900} {
		if !l.fail(t, ann, home) {
			t.Fatalf("refused after the delay, want it to be checked; the next delay is %d s", seconds)
		}
		l.clock.Advance(time.Duration(seconds)*time.Second - time.Millisecond)
		for range 3 { // refused attempts must not prolong the delay
			failed, signedIn := l.fail(t, ann, home), l.signIn(t, ann, home)
			if failed || signedIn {
				t.Fatalf("before %d s are over, a wrong password is checked: %t, a right one: %t; want neither",
					seconds, failed, signedIn)
			}
		}
		l.clock.Advance(time.Millisecond)
	}
	if !l.signIn(t, ann, home) {
		t.Fatal("the right password is refused after the delay")
	}
	for i := range 5 {
		if !l.fail(t, ann, home) {
			t.Errorf("after the right password, attempt %d is refused", i)
		}
	}
	l.clock.Advance(time.Hour)
	for i := range 5 {
		if !l.fail(t, ann, home) {
			t.Errorf("after an hour, attempt %d is refused", i)
		}
	}
	if l.fail(t, ann, home) {
		t.Error("a sixth wrong password is checked, want it to be refused")
	}
	if !l.fail(t, ann, abroad) {
		t.Error("another network is refused, want it to be checked")
	}
	if !l.fail(t, "bob@example.org", home) {
		t.Error("another account is refused, want it to be checked")
	}
	if got, want := l.Refused(), int64(13*6+1); got != want { // six during each delay, and the sixth wrong password
		t.Errorf("refused attempts: got %d, want %d", got, want)
	}
}

// TestLoginsStrangers lets strangers in many networks fail. It checks that the account is then closed to unknown
// networks, but not to a network that has been used within a month, and that a reset forgets the failures.
func TestLoginsStrangers(t *testing.T) {
	t.Parallel()
	l := newLogins(t)
	if !l.signIn(t, ann, home) {
		t.Fatal("an attempt is refused, want it to be checked")
	}
	checked := 0
	for i := range 200 {
		if l.fail(t, ann, netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})) {
			checked++
		}
	}
	if checked != 100 {
		t.Errorf("%d attempts from 200 networks were checked, want 100", checked)
	}
	if l.signIn(t, ann, abroad) {
		t.Error("an unknown network is checked, want it to be refused")
	}
	if !l.signIn(t, ann, home) {
		t.Error("the owner's network is refused, want it to be checked")
	}
	for i := range 6 {
		if l.fail(t, ann, home) != (i < 5) {
			t.Errorf("attempt %d from the known network is checked: %t, want %t", i, i >= 5, i < 5)
		}
	}
	l.signIn(t, "bob@example.org", home)
	rows := l.rows(t)
	err := l.db.Transaction(func(tx *gorm.DB) error { return l.Clear(tx, ann) })
	if left := l.rows(t); err != nil || rows < 100 || left != 2 {
		t.Errorf("after a reset, %d rows of %d are left, %v; want Bob's two", left, rows, err)
	}
	if !l.signIn(t, ann, home) {
		t.Error("after a reset, the owner is refused")
	}
	l.clock.Advance(31 * 24 * time.Hour)
	for i := range 101 {
		l.fail(t, ann, netip.AddrFrom4([4]byte{10, 0, 1, byte(i)}))
	}
	if l.signIn(t, ann, home) {
		t.Error("a network is still known after 31 days")
	}
}

// TestLoginsStaysKnownAfterFailure mistypes a password once in a known network. The failure counts for an hour, but the
// network stays known for 30 days after the last sign-in, and its row must not be deleted before.
func TestLoginsStaysKnownAfterFailure(t *testing.T) {
	t.Parallel()
	const knownFor = 30 * 24 * time.Hour
	for after, want := range map[time.Duration]bool{
		time.Minute: true, time.Hour: true, knownFor - time.Second: true, knownFor: false,
	} {
		t.Run(after.String(), func(t *testing.T) {
			t.Parallel()
			l := newLogins(t)
			if !l.signIn(t, ann, home) {
				t.Fatal("the first sign-in was refused, want it to be checked")
			}
			if !l.fail(t, ann, home) {
				t.Fatal("the mistyped password was refused, want it to be checked")
			}
			l.clock.Advance(after)
			l.deleteExpired(t)
			for i := range 101 { // this closes the account to unknown networks
				l.fail(t, ann, netip.AddrFrom4([4]byte{10, 0, 1, byte(i)}))
			}
			if l.signIn(t, ann, abroad) {
				t.Error("an unknown network was checked, want it to be refused")
			}
			if got := l.signIn(t, ann, home); got != want {
				t.Errorf("%v after the sign-in, the network with one failure is known: %t, want %t", after, got, want)
			}
		})
	}
}

// TestLoginsAtOnce makes many attempts at the same time through two instances on one database, and checks that only 5
// wrong passwords are checked.
func TestLoginsAtOnce(t *testing.T) {
	t.Parallel()
	l := newLogins(t)
	other := logins{limits.NewLogins(l.db, 5, secrets.NewPasswords(0)), l.db, l.clock}
	for _, account := range []string{ann, "nobody@example.org"} {
		checked := make([]bool, 20)
		var group sync.WaitGroup
		for i := range checked {
			group.Go(func() {
				instance := l
				if i%2 == 0 {
					instance = other
				}
				checked[i] = instance.fail(t, account, home)
			})
		}
		group.Wait()
		count := 0
		for _, yes := range checked {
			if yes {
				count++
			}
		}
		if count != 5 {
			t.Errorf("%s: %d of 20 wrong passwords were checked, want 5", account, count)
		}
	}
}

// TestLoginsRightAtOnce signs in many times at the same time with the right password, as a load test does.
func TestLoginsRightAtOnce(t *testing.T) {
	t.Parallel()
	l := newLogins(t)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if !l.signIn(t, ann, home) {
				t.Error("an attempt is refused, want it to be checked")
			}
		})
	}
	group.Wait()
}

// TestLoginsOutOfOrder sets the clock back between attempts, as if each had read the clock before the one that reached
// the database first.
func TestLoginsOutOfOrder(t *testing.T) {
	t.Parallel()
	l := newLogins(t)
	for range 3 {
		if !l.signIn(t, ann, home) {
			t.Error("the right password is refused, want it to be checked")
		}
		if !l.fail(t, ann, abroad) {
			t.Error("the wrong password is refused, want it to be checked")
		}
		l.clock.Advance(-time.Second)
	}
}

func TestLoginsWithdraw(t *testing.T) {
	t.Parallel()
	l := newLogins(t)
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		attempt, err := l.Begin(ctx, ann, home)
		if err != nil {
			t.Fatal(err)
		}
		cancel() // an attempt may be withdrawn because its time is up
		if err := attempt.Withdraw(ctx); err != nil {
			t.Fatal(err)
		}
		attempt.Release()
	}
}

// TestLoginsWait begins an attempt while as many are under way on the account from the network as may be.
func TestLoginsWait(t *testing.T) {
	t.Parallel()
	l := newLogins(t)
	for range 4 {
		attempt, err := l.Begin(t.Context(), ann, home)
		if err != nil {
			t.Fatal(err)
		}
		defer attempt.Release()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := l.Begin(ctx, ann, home); !errors.Is(err, utils.ErrBusy) {
		t.Errorf("got %v, want utils.ErrBusy", err)
	}
}

// TestLoginsBusy fills all places from one network, and checks that another network still gets one.
func TestLoginsBusy(t *testing.T) {
	t.Parallel()
	l := newLogins(t)
	attempts := map[int]*limits.Attempt{}
	var err error
	for i := 0; err == nil; i++ {
		if attempts[i], err = l.Begin(t.Context(), fmt.Sprintf("nobody%d@example.org", i), abroad); i == 1000 {
			t.Fatal("1000 attempts got a place, want an end of places")
		}
	}
	if !errors.Is(err, secrets.ErrBusy) {
		t.Fatal(err)
	}
	delete(attempts, len(attempts)-1) // the one that was refused
	rows := l.rows(t)
	if want := int64(2 * len(attempts)); rows != want {
		t.Errorf("%d rows count %d attempts, want %d: attempts without a place must not burden the database", rows,
			len(attempts), want)
	}
	if !l.fail(t, ann, home) {
		t.Error("another network is refused")
	}
	if _, _, err := attempts[len(attempts)-1].Place.Verify(t.Context(), "", ""); !errors.Is(err, secrets.ErrBusy) {
		t.Errorf("verifying in the newest place: got %v, want secrets.ErrBusy", err)
	}
	for _, attempt := range attempts {
		attempt.Release()
		attempt.Release() // must not release another's place
	}
	if !l.fail(t, ann, abroad) {
		t.Error("an attempt is refused after all places were released, want it to be checked")
	}
}

func TestLoginsOff(t *testing.T) {
	t.Parallel()
	l := newLogins(t)
	l.Logins = limits.NewLogins(l.db, 0, secrets.NewPasswords(0))
	for range 200 {
		if !l.fail(t, ann, home) {
			t.Fatal("an attempt is refused, want it to be checked")
		}
	}
	if !l.signIn(t, ann, home) {
		t.Error("the right password is refused, want it to be checked")
	}
	if err := l.MarkKnown(l.db, ann, home); err != nil {
		t.Errorf("mark the network as known: got %v, want no error", err)
	}
	if n := l.rows(t); n != 0 {
		t.Errorf("%d rows are stored, want 0", n)
	}
	attempt, err := l.Begin(t.Context(), ann, home)
	if err != nil {
		t.Fatal(err)
	}
	statements := dbtest.FailAt(t, l.db, 1)
	if err := attempt.Withdraw(t.Context()); err != nil || *statements != 0 {
		t.Errorf("withdraw: got %v after %d statements, want no error and no statement", err, *statements)
	}
}

// TestLoginsExpire checks that the rows of unknown addresses expire.
func TestLoginsExpire(t *testing.T) {
	t.Parallel()
	l := newLogins(t)
	for i := range 600 { // more than are deleted at once
		l.fail(t, fmt.Sprintf("nobody%d@example.org", i), home)
	}
	l.signIn(t, ann, home)
	l.deleteExpired(t)
	if rows := l.rows(t); rows < 1200 {
		t.Errorf("%d rows are left before they expire, want at least 1200", rows)
	}
	l.clock.Advance(time.Hour)
	l.deleteExpired(t)
	if rows := l.rows(t); rows != 1 {
		t.Errorf("%d rows are left after an hour, want 1, of the known network", rows)
	}
}

// deleteExpired deletes expired rows, as the server's housekeeping does.
func (l logins) deleteExpired(t *testing.T) {
	t.Helper()
	const expired = "expires_at <= ?"
	if _, err := database.DeleteAll(t.Context(), l.db, &limits.LoginFailures{}, expired, l.db.NowFunc()); err != nil {
		t.Fatal(err)
	}
}

func (l logins) rows(t *testing.T) (count int64) {
	t.Helper()
	if err := l.db.Model(&limits.LoginFailures{}).Count(&count).Error; err != nil {
		t.Fatal(err)
	}
	return count
}
