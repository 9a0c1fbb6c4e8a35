package database_test

import (
	"context"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

// TestWaits lets one transaction wait for another, and gives up on a third.
func TestWaits(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, dbtest.SQLiteURL(t), database.Options{})
	nothing := func(*gorm.DB) error { return nil }
	waited := make(chan error)
	var alone time.Duration
	err := db.Transaction(func(*gorm.DB) error {
		soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := db.WithContext(soon).Transaction(nothing); err == nil {
			t.Error("two have the write lock")
		}
		before, _ := database.WaitsOf(db)
		alone = before.Waited
		go func() { waited <- db.Transaction(nothing) }()
		for open := 0; open < 2; { // until it has a connection, and waits for the lock
			pool, err := db.DB()
			if err != nil {
				return err
			}
			open = pool.Stats().InUse
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-waited; err != nil {
		t.Fatal(err)
	}
	got, ok := database.WaitsOf(db.WithContext(t.Context()))
	if !ok || got.Begun != 2 || got.Refused != 1 || got.Waited <= alone {
		t.Errorf("got %+v, %v", got, ok)
	}
}

// TestWaitsOfPostgres: there are none.
func TestWaitsOfPostgres(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if _, ok := database.WaitsOf(db); ok == dbtest.Postgres() {
		t.Errorf("measured: %v", ok)
	}
}
