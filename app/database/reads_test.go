package database_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

// things returns a database with n things, whose weights are their ids, and a lookup of things by their id.
func things(t *testing.T, options database.Options, n int) (*gorm.DB, *database.Lookup[thing]) {
	t.Helper()
	db := dbtest.Open(t, dbtest.URL(t), options)
	if err := db.AutoMigrate(&thing{}); err != nil {
		t.Fatal(err)
	}
	stored := make([]thing, n)
	for i := range stored {
		stored[i] = thing{Name: fmt.Sprint("thing ", i+1), Weight: float64(i + 1)}
	}
	if err := db.Create(&stored).Error; err != nil {
		t.Fatal(err)
	}
	byID, err := database.NewLookup[thing](db, "id", database.LookupOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return db, byID
}

// TestLookupTogether checks that each caller gets what it asked for, whatever else is looked up at the same time.
func TestLookupTogether(t *testing.T) {
	t.Parallel()
	db, byID := things(t, database.Options{PoolSize: 3}, 40)
	var group sync.WaitGroup
	for caller := range 40 {
		group.Go(func() {
			for i := range 25 {
				id := int64(1 + (caller+i)%50) // one in five does not exist
				found, err := byID.Find(t.Context(), db, id)
				switch {
				case id > 40 && !errors.Is(err, database.ErrNoRow):
					t.Errorf("%d does not exist: found %+v, %v", id, found, err)
				case id <= 40 && (err != nil || found.ID != id || found.Weight != float64(id)):
					t.Errorf("looked up %d: found %+v, %v", id, found, err)
				}
			}
		})
	}
	group.Wait()
}

// TestLookupTogetherWithAWrongValue checks that a value that the database refuses is an error for its own caller only.
func TestLookupTogetherWithAWrongValue(t *testing.T) {
	t.Parallel()
	db, byID := things(t, database.Options{}, 1)
	byName, err := database.NewLookup[thing](db, "na me", database.LookupOptions{Where: "weight / $2 > 0"})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for caller := range 30 {
		group.Go(func() {
			for range 20 {
				switch caller % 3 {
				case 0: // an error on PostgreSQL; on SQLite it is NULL, and no row matches
					if found, err := byName.Find(t.Context(), db, "thing 1", 0); err == nil {
						t.Errorf("divided by zero: found %+v", found)
					}
				case 1: // a value that cannot be sent
					if found, err := byID.Find(t.Context(), db, struct{}{}); err == nil {
						t.Errorf("looked up a struct: found %+v", found)
					}
				case 2:
					if found, err := byID.Find(t.Context(), db, 1); err != nil || found.ID != 1 {
						t.Errorf("found %+v, %v; want the ID %d, no error", found, err, 1)
					}
				}
			}
		})
	}
	group.Wait()
}

// TestLookupTogetherIsFresh checks that a caller sees what was committed before it asked, even if it shares a round
// trip with others.
func TestLookupTogetherIsFresh(t *testing.T) {
	t.Parallel()
	const callers = 8
	db, byID := things(t, database.Options{PoolSize: 4}, callers)
	ctx, stop := context.WithCancel(t.Context())
	var busy, group sync.WaitGroup
	for range 8 { // so that there are look-ups to share a round trip with
		busy.Go(func() {
			for ctx.Err() == nil {
				_, _ = byID.Find(ctx, db, 1)
			}
		})
	}
	for caller := range callers {
		id := caller + 1
		group.Go(func() {
			for i := range 20 {
				if err := db.Model(&thing{}).Where("id = ?", id).Update("small", i).Error; err != nil {
					t.Errorf("change %d: %v", id, err)
					return
				}
				if found, err := byID.Find(t.Context(), db, id); err != nil || int(found.Small) != i {
					t.Errorf("found %+v, %v; want small %d, no error", found, err, i)
				}
			}
		})
	}
	group.Wait()
	stop()
	busy.Wait()
}

// TestLookupTogetherAndLeave checks that callers that leave do not wait for the round trip that they share, and that
// the others in it get their results.
func TestLookupTogetherAndLeave(t *testing.T) {
	t.Parallel()
	db, byID := things(t, database.Options{PoolSize: 3}, 1)
	var group sync.WaitGroup
	for caller := range 30 {
		group.Go(func() {
			for range 20 {
				ctx, cancel := context.WithCancel(t.Context())
				if caller%2 == 0 {
					go cancel()
				}
				found, err := byID.Find(ctx, db, 1)
				switch {
				case err == nil && found.ID != 1:
					t.Errorf("found %+v", found)
				case err != nil && (caller%2 == 1 || !errors.Is(err, context.Canceled)):
					t.Errorf("caller %d: %v", caller, err)
				}
				cancel()
			}
		})
	}
	group.Wait()
}

// TestLookupTogetherBehindALock checks that while look-ups wait for a lock, others succeed, and those whose callers
// leave return without waiting any longer.
func TestLookupTogetherBehindALock(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("readers of SQLite do not wait for locks")
	}
	db, byID := things(t, database.Options{}, 1)
	if err := db.AutoMigrate(&other{}); err != nil {
		t.Fatal(err)
	}
	if err := db.Create(&other{ID: 7}).Error; err != nil {
		t.Fatal(err)
	}
	others, err := database.NewLookup[other](db, "id", database.LookupOptions{})
	if err != nil {
		t.Fatal(err)
	}
	lock := db.Begin()
	defer lock.Rollback()
	if err := lock.Exec("LOCK TABLE things IN ACCESS EXCLUSIVE MODE").Error; err != nil {
		t.Fatal(err)
	}
	waiting, stop := context.WithCancel(t.Context())
	defer stop()
	stopped := make(chan error, 3)
	for range cap(stopped) {
		go func() {
			_, err := byID.Find(waiting, db, 1)
			stopped <- err
		}()
	}
	for range 10 {
		if found, err := others.Find(t.Context(), db, 7); err != nil || found.ID != 7 {
			t.Errorf("found %+v, %v; want the ID %d, no error", found, err, 7)
		}
	}
	stop()
	for range cap(stopped) {
		if err := <-stopped; !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	}
	lock.Rollback()
	if found, err := byID.Find(t.Context(), db, 1); err != nil || found.ID != 1 {
		t.Errorf("afterwards: found %+v, %v; want the ID %d, no error", found, err, 1)
	}
}

type other struct{ ID int64 }

// TestLookupTogetherOnALostConnection checks that if the server ends a connection, the look-ups on it fail with an
// error after which the caller can try again.
func TestLookupTogetherOnALostConnection(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has no connection to lose")
	}
	address := dbtest.URL(t)
	db := dbtest.Open(t, address, database.Options{PoolSize: 2})
	if err := db.AutoMigrate(&other{}); err != nil {
		t.Fatal(err)
	}
	if err := db.Create(&other{ID: 7}).Error; err != nil {
		t.Fatal(err)
	}
	others, err := database.NewLookup[other](db, "id", database.LookupOptions{})
	if err != nil {
		t.Fatal(err)
	}
	admin := dbtest.Open(t, address, database.Options{})
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			for range 50 {
				if found, err := others.Find(t.Context(), db, 7); err != nil && !database.Unavailable(err) {
					t.Errorf("not seen as unavailable: %v", err)
				} else if err == nil && found.ID != 7 {
					t.Errorf("found %+v, want the ID %d", found, 7)
				}
			}
		})
	}
	for range 5 {
		err := admin.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND " +
			"pid <> pg_backend_pid()").Error
		if err != nil {
			t.Error(err)
		}
	}
	group.Wait()
	for range 3 { // the pool may still contain lost connections
		if _, err = others.Find(t.Context(), db, 7); err == nil {
			return
		}
	}
	t.Errorf("afterwards: %v", err)
}
