//go:build unix

package database_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

// replicated is a database with one replica.
type replicated struct {
	*gorm.DB

	t *testing.T
}

// replicate returns a database with a replica on the standby. Its reads wait up to patience for the replica.
func replicate(t *testing.T, primary, standby *dbtest.Instance, patience time.Duration) *replicated {
	t.Helper()
	db := dbtest.Open(t, primary.Address(), database.Options{})
	if err := database.UseReplicas(db, []string{standby.Address()},
		database.Options{ReplicaPatience: patience}); err != nil {
		t.Fatal(err)
	}
	return &replicated{db, t}
}

func (r *replicated) exec(db *gorm.DB, statement string) {
	r.t.Helper()
	if err := db.Exec(statement).Error; err != nil {
		r.t.Fatal(err)
	}
}

// check checks the replicas, and then wants the replica to be in use, or not.
func (r *replicated) check(want bool) {
	r.t.Helper()
	replicas := database.ReplicasOf(r.DB)
	replicas.Check(r.t.Context(), r.DB)
	if use, _ := replicas.Use(); use[0].Used != want {
		r.t.Errorf("the replica is used: %t, want %t", !want, want)
	}
}

// wantRead reads the notes. It wants as many as notes, from the replica, or from the primary if replica is false.
func (r *replicated) wantRead(what string, notes int, replica bool) {
	r.t.Helper()
	var standby bool
	found, err := database.Read(r.t.Context(), r.DB, func(db *gorm.DB) (found []int, err error) {
		if err := db.Raw("SELECT pg_is_in_recovery()").Scan(&standby).Error; err != nil {
			return nil, err
		}
		return found, db.Table("notes").Order("id").Find(&found).Error
	})
	if err != nil || len(found) != notes || standby != replica {
		r.t.Errorf("%s: got %d notes, from the replica: %t, %v; want %d, %t", what, len(found), standby, err, notes, replica)
	}
}

// wantUse wants the replica to be in use, or not, and wants the numbers of reads so far from the replica and the
// primary.
func (r *replicated) wantUse(what string, used bool, replica, primary int64) {
	r.t.Helper()
	replicas, fromPrimary := database.ReplicasOf(r.DB).Use()
	if len(replicas) != 1 || replicas[0].Used != used || replicas[0].Reads != replica || fromPrimary != primary {
		r.t.Errorf("%s: %+v and %d from the primary; want %t, %d, %d", what, replicas, fromPrimary, used, replica, primary)
	}
}

const (
	longEnough = time.Minute // for a replica that catches up
	inVain     = 50 * time.Millisecond
)

// TestReplicas checks that reads use a replica if it has everything that was written, and do not use it while it lags
// or is down.
func TestReplicas(t *testing.T) {
	t.Parallel()
	primary, standby := dbtest.StartCluster(t)
	// There are two programs: one waits until the replica has everything, the other soon gives up.
	patient, hasty := replicate(t, primary, standby, longEnough), replicate(t, primary, standby, inVain)
	other := dbtest.Open(t, standby.Address(), database.Options{})
	patient.exec(patient.DB, "CREATE TABLE notes (id integer PRIMARY KEY)")
	patient.wantRead("before a check", 0, false)
	patient.check(true)
	patient.exec(patient.DB, "INSERT INTO notes VALUES (1)")
	patient.wantRead("a write just now", 1, true)
	patient.exec(hasty.DB, "INSERT INTO notes VALUES (2)")
	patient.wantRead("another program's write", 2, true)
	patient.wantUse("writes", true, 2, 1)

	database.ReplicasOf(hasty.DB).Check(t.Context(), hasty.DB)
	patient.exec(other, "SELECT pg_wal_replay_pause()")
	patient.exec(patient.DB, "INSERT INTO notes VALUES (3)")
	hasty.wantRead("paused", 3, false)
	hasty.check(false)
	hasty.wantRead("left out", 3, false)
	patient.exec(other, "SELECT pg_wal_replay_resume()")
	patient.wantRead("resumed", 3, true)

	standby.Stop(t)
	patient.wantRead("away", 3, false)
	patient.check(false)
	patient.wantUse("away", false, 3, 2)
	patient.exec(patient.DB, "INSERT INTO notes VALUES (4)")
	standby.Start(t)
	patient.check(true)
	patient.wantRead("back", 4, true)
}

// TestReplicaFails checks that a read that fails on a replica is repeated on the primary, and that an error there is
// returned. A read whose client is gone is not repeated, and a read in a transaction stays in it.
func TestReplicaFails(t *testing.T) {
	t.Parallel()
	primary, standby := dbtest.StartCluster(t)
	r := replicate(t, primary, standby, longEnough)
	r.exec(r.DB, "CREATE TABLE notes (id integer PRIMARY KEY)")
	r.check(true)
	ofReplica, ofPrimary := errors.New("the replica failed"), errors.New("the primary failed")
	reads := 0
	read := func(*gorm.DB) (int, error) {
		if reads++; reads == 1 {
			return reads, ofReplica
		}
		return reads, ofPrimary
	}
	if _, err := database.Read(t.Context(), r.DB, read); !errors.Is(err, ofPrimary) || reads != 2 {
		t.Errorf("read %d times, and got %v; want %d times, and %v", reads, err, 2, ofPrimary)
	}
	r.wantUse("a failure", false, 0, 1)

	r.check(true)
	ctx, cancel := context.WithCancel(t.Context())
	reads = 0
	_, err := database.Read(ctx, r.DB, func(*gorm.DB) (int, error) {
		reads++
		cancel()
		return reads, context.Canceled
	})
	if !errors.Is(err, context.Canceled) || reads != 1 {
		t.Errorf("the client is gone: read %d times, and got %v; want %d times, and %v", reads, err, 1, context.Canceled)
	}
	r.wantUse("the client is gone", true, 0, 1)

	err = r.Transaction(func(tx *gorm.DB) error {
		r.exec(tx, "INSERT INTO notes VALUES (1)")
		notes, err := database.Read(t.Context(), tx, func(db *gorm.DB) (notes int64, err error) {
			return notes, db.Table("notes").Count(&notes).Error
		})
		if notes != 1 {
			t.Errorf("a transaction that has stored a note finds %d, want %d", notes, 1)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	r.wantUse("a transaction", true, 0, 1)
}

// TestPromotedReplica checks that a replica that was promoted to primary is no longer used as a replica. Neither is a
// standby of another server, nor one that has followed the old primary past the point where the new one began, however
// far it has come.
func TestPromotedReplica(t *testing.T) {
	t.Parallel()
	primary, standby := dbtest.StartCluster(t)
	r := replicate(t, primary, standby, longEnough)
	r.exec(r.DB, "CREATE TABLE notes (id integer PRIMARY KEY)")
	r.check(true)
	r.wantRead("before", 0, true)
	standby.Promote(t)
	r.wantRead("promoted", 0, false)
	r.check(false)
	r.wantUse("promoted", false, 1, 1)

	astray := primary.Follow(t)
	r.exec(r.DB, "INSERT INTO notes SELECT generate_series(1, 10000)")
	replicate(t, primary, astray, longEnough).check(true)
	replicate(t, standby, astray, longEnough).check(false)

	other, _ := dbtest.StartCluster(t)
	replicate(t, other, astray, longEnough).check(false)
}

// TestReadWithinRead checks that a read within another one uses the replica that was chosen for the outer one.
func TestReadWithinRead(t *testing.T) {
	t.Parallel()
	primary, standby := dbtest.StartCluster(t)
	r := replicate(t, primary, standby, longEnough)
	r.check(true)
	replica, err := database.Read(t.Context(), r.DB, func(db *gorm.DB) (bool, error) {
		return database.Read(t.Context(), db, func(db *gorm.DB) (replica bool, err error) {
			return replica, db.Raw("SELECT pg_is_in_recovery()").Scan(&replica).Error
		})
	})
	if err != nil || !replica {
		t.Errorf("read from a replica: got %t, %v; want %t, no error", replica, err, true)
	}
	r.wantUse("within another", true, 1, 0)
}

// TestTheServerThatTakesWrites checks that of several hosts, the one that is not a standby is used, also after a
// failover.
func TestTheServerThatTakesWrites(t *testing.T) {
	t.Parallel()
	primary, standby := dbtest.StartCluster(t)
	first, err := database.ParseURL(standby.Address())
	if err != nil {
		t.Fatal(err)
	}
	second, err := database.ParseURL(primary.Address())
	if err != nil {
		t.Fatal(err)
	}
	query := first.Query()
	query.Set("host", query.Get("host")+","+second.Query().Get("host"))
	query.Set("target_session_attrs", "read-write")
	first.RawQuery = query.Encode()
	db := dbtest.Open(t, first.String(), database.Options{})
	if err := db.Exec("CREATE TABLE notes (id integer)").Error; err != nil {
		t.Fatal(err)
	}
	replicate(t, primary, standby, longEnough).check(true) // waits until the standby has it
	primary.Stop(t)
	if err := db.Exec("INSERT INTO notes VALUES (1)").Error; !database.Unavailable(err) {
		t.Errorf("without a primary: %v", err)
	}
	standby.Promote(t)
	if err := db.Exec("INSERT INTO notes VALUES (1)").Error; err != nil {
		t.Errorf("after the failover: %v", err)
	}
}

func TestParseReplicas(t *testing.T) {
	t.Parallel()
	found, err := database.ParseReplicas(" postgres://u:canary@a/n  postgresql://b:1/n\n")
	if want := []string{"postgres://u:canary@a/n", "postgresql://b:1/n"}; err != nil || !slices.Equal(found, want) {
		t.Errorf("got %q, %v; want %q, no error", found, err, want)
	}
	if found, err := database.ParseReplicas(" "); err != nil || len(found) != 0 {
		t.Errorf("got %q, %v; want none, no error", found, err)
	}
	for text, want := range map[string]string{
		"postgres://a/n,postgres://b/n":                            "address 1 has another in it",
		"postgres://a/n postgres://canary@b,c/n":                   "address 2 names several hosts",
		"postgres:///n?host=/canary,/b":                            "address 1 names several hosts",
		"postgres://b/n postgres://a/n postgres://canary@b:5432/m": "address 3 names the same server as address 1",
		"sqlite:///canary.db":                                      "address 1 does not start with postgres://",
		"postgres://a/n host=b password=canary":                    "address 2 does not start with postgres://",
		"postgres://u:canary@b:port/n postgres://a/n":              "address 1: the database address is not of the form",
	} {
		if _, err := database.ParseReplicas(text); err == nil || !strings.HasPrefix(err.Error(), want) ||
			strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: got %v, want an error that begins with %q, without %q", text, err, want, "canary")
		}
	}
	db := dbtest.Open(t, dbtest.SQLiteURL(t), database.Options{})
	if err := database.UseReplicas(db, []string{"postgres://a/n"}, database.Options{}); err == nil {
		t.Error("SQLite accepts a replica")
	}
}
