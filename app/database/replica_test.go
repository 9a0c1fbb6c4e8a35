//go:build unix

package database_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

// TestReplicaOfAnotherDatabase checks that a standby, which has all databases of its server, is a replica only with the
// same database and schema.
func TestReplicaOfAnotherDatabase(t *testing.T) {
	t.Parallel()
	primary, standby := dbtest.StartCluster(t)
	r := replicate(t, primary, standby, longEnough)
	r.exec(r.DB, "CREATE DATABASE staging")
	r.exec(r.DB, "CREATE SCHEMA staging")
	r.check(true)
	for _, address := range []string{
		strings.Replace(standby.Address(), "/postgres?", "/staging?", 1), standby.Address() + "&search_path=staging",
	} {
		db := dbtest.Open(t, primary.Address(), database.Options{})
		if err := database.UseReplicas(db, []string{address}, database.Options{ReplicaPatience: longEnough}); err != nil {
			t.Fatal(err)
		}
		(&replicated{db, t}).check(false)
	}
}

// TestBusyReplica checks that a read comes from the primary if it gets no connection to a replica in time, because
// other reads have them all, and that those reads succeed.
func TestBusyReplica(t *testing.T) {
	t.Parallel()
	primary, standby := dbtest.StartCluster(t)
	r := &replicated{dbtest.Open(t, primary.Address(), database.Options{}), t}
	options := database.Options{PoolSize: 1, ReplicaPatience: 5 * time.Second}
	if err := database.UseReplicas(r.DB, []string{standby.Address()}, options); err != nil {
		t.Fatal(err)
	}
	r.exec(r.DB, "CREATE TABLE notes (id integer PRIMARY KEY)")
	r.check(true)
	_, err := database.Read(t.Context(), r.DB, func(*gorm.DB) (bool, error) {
		r.wantRead("none is free", 0, false)
		r.wantUse("none is free", true, 0, 1)
		return true, nil
	})
	if err != nil {
		t.Error(err)
	}
	r.wantRead("one is free", 0, true)
	r.wantUse("one is free", true, 2, 1)
}

// ender is an observer that calls a function after each query.
type ender struct{ end func() }

func (ender) Name() string                                                     { return database.ObserverName }
func (ender) Initialize(*gorm.DB) error                                        { return nil }
func (e ender) ObserveQuery(context.Context, time.Time, string, string, error) { e.end() }

// TestCheckEnds checks that a check that is cancelled, as when the program stops, does not change which replicas are
// used.
func TestCheckEnds(t *testing.T) {
	t.Parallel()
	primary, standby := dbtest.StartCluster(t)
	r := replicate(t, primary, standby, longEnough)
	r.check(true)
	ctx, cancel := context.WithCancel(t.Context())
	if err := r.Use(ender{cancel}); err != nil {
		t.Fatal(err)
	}
	database.ReplicasOf(r.DB).Check(ctx, r.DB)
	if ctx.Err() == nil {
		t.Error("the check was not cancelled")
	}
	r.wantUse("cancelled", true, 0, 0)
}
