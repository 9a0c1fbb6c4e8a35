package database_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

// writing calls test in a synctest bubble, with a SQLite database that has two connections and a table of numbers.
func writing(t *testing.T, test func(t *testing.T, db *gorm.DB)) {
	t.Helper()
	address := dbtest.SQLiteURL(t)
	synctest.Test(t, func(t *testing.T) {
		db := dbtest.Open(t, address, database.Options{PoolSize: 2})
		exec(t, db, "CREATE TABLE numbers (id integer PRIMARY KEY, n integer)")
		test(t, db)
	})
}

// write stores n in one of four ways, depending on n.
func write(db *gorm.DB, n int) error {
	switch n % 4 {
	case 0:
		return db.Exec(" insert INTO numbers (n) VALUES (?)", n).Error
	case 1:
		return db.Raw("INSERT INTO numbers (n) VALUES (?) RETURNING id", n).Scan(new(int)).Error
	case 2:
		return db.Raw("WITH a(n) AS (SELECT ?) INSERT INTO numbers (n) SELECT n FROM a RETURNING id", n).Row().Scan(new(int))
	}
	return db.Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec("INSERT INTO numbers (n) VALUES (?)", n).Error; err != nil {
			return err
		}
		return tx.Transaction(func(*gorm.DB) error { return nil }) // a savepoint
	})
}

// TestWritersTakeTurns starts many writers while a transaction writes, and as many again once it has ended. It checks
// that they are served in the order in which they came, and that a reader gets a connection in the meantime.
func TestWritersTakeTurns(t *testing.T) {
	t.Parallel()
	writing(t, func(t *testing.T, db *gorm.DB) {
		const writers = 40
		var want []int
		done := make(chan error, writers)
		come := func() {
			n := len(want)
			want = append(want, n)
			go func() { done <- write(db.WithContext(t.Context()), n) }()
			synctest.Wait()
		}
		held := db.Begin()
		for range writers / 2 {
			come()
		}
		var count int64
		if err := db.Table("numbers").Count(&count).Error; err != nil || count != 0 {
			t.Errorf("got %d rows during the write, %v; want %d, no error", count, err, 0)
		}
		if err := held.Rollback().Error; err != nil {
			t.Fatal(err)
		}
		for range writers / 2 {
			come()
		}
		for range writers {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		var got []int
		if err := db.Table("numbers").Order("id").Pluck("n", &got).Error; err != nil || !slices.Equal(got, want) {
			t.Errorf("served %v, %v; want %v, no error", got, err, want)
		}
	})
}

// TestWritersGiveUp checks that writers wait for as long as their context lasts, and not forever if it has no deadline.
func TestWritersGiveUp(t *testing.T) {
	t.Parallel()
	writing(t, func(t *testing.T, db *gorm.DB) {
		for n := range 4 {
			held := db.Begin()
			begin := time.Now()
			soon, cancel := context.WithTimeout(t.Context(), time.Second)
			err := write(db.WithContext(soon), n)
			if waited := time.Since(begin); !database.Unavailable(err) || waited != time.Second {
				t.Errorf("%d: with a deadline: got %v after %v, want an Unavailable error after %v", n, err, waited, time.Second)
			}
			cancel()
			err = write(db.WithContext(t.Context()), n)
			if waited := time.Since(begin); !database.Unavailable(err) || waited < 10*time.Second || waited > time.Minute {
				t.Errorf("%d: no deadline: got %v after %v, want an Unavailable error after %v to %v", n, err, waited,
					10*time.Second, time.Minute)
			}
			gone, leave := context.WithCancel(t.Context())
			go leave()
			if err := write(db.WithContext(gone), n); !errors.Is(err, context.Canceled) || database.Unavailable(err) {
				t.Errorf("%d: cancelled: got %v, want %v, not seen as unavailable", n, err, context.Canceled)
			}
			if err := held.Rollback().Error; err != nil {
				t.Error(err)
			}
			if err := write(db.WithContext(t.Context()), n); err != nil {
				t.Errorf("%d: after the rollback: %v", n, err)
			}
		}
	})
}

// TestWritersPassOn checks that the next transaction begins, in whatever way the one before it ends.
func TestWritersPassOn(t *testing.T) {
	t.Parallel()
	writing(t, func(t *testing.T, db *gorm.DB) {
		for name, end := range map[string]func(tx *gorm.DB, cancel func()) error{
			"commit":        func(*gorm.DB, func()) error { return nil },
			"rollback":      func(*gorm.DB, func()) error { return errors.ErrUnsupported },
			"panic":         func(*gorm.DB, func()) error { panic("on purpose") },
			"cancel":        func(_ *gorm.DB, cancel func()) error { cancel(); return nil },
			"own rollback":  func(tx *gorm.DB, _ func()) error { return tx.Exec("ROLLBACK").Error },
			"cancel, panic": func(_ *gorm.DB, cancel func()) error { cancel(); panic("on purpose") },
		} {
			next := make(chan error)
			func() {
				defer func() { _ = recover() }()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				_ = db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
					go func() { next <- write(db, 3) }()
					synctest.Wait()
					return end(tx, cancel)
				})
			}()
			if err := <-next; err != nil {
				t.Errorf("after %s: %v", name, err)
			}
		}
	})
}

// TestWaits checks what is counted when one transaction waits until it can begin, and another one gives up.
func TestWaits(t *testing.T) {
	t.Parallel()
	writing(t, func(t *testing.T, db *gorm.DB) {
		nothing := func(*gorm.DB) error { return nil }
		waited := make(chan error)
		err := db.Transaction(func(*gorm.DB) error {
			soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			defer cancel()
			if err := db.WithContext(soon).Transaction(nothing); err == nil {
				t.Error("two transactions have the write lock")
			}
			go func() { waited <- db.Transaction(nothing) }()
			time.Sleep(time.Second) // of the bubble's clock
			if got, _ := database.WaitsOf(db); got.Waiting != 1 {
				t.Errorf("%d transactions wait, want one", got.Waiting)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := <-waited; err != nil {
			t.Fatal(err)
		}
		want := database.Waits{Started: 2, Refused: 1, Waited: time.Second + time.Millisecond}
		if got, ok := database.WaitsOf(db.WithContext(t.Context())); !ok || got != want {
			t.Errorf("got %+v, %t; want %+v, %t", got, ok, want, true)
		}
	})
}

// TestWaitsOfPostgres checks that waits are measured on SQLite, and not on PostgreSQL.
func TestWaitsOfPostgres(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if _, ok := database.WaitsOf(db); ok == dbtest.Postgres() {
		t.Errorf("waits are measured: %v", ok)
	}
}
