package lint_test

import (
	"slices"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/lint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestConcurrentClaims reads the locks of concurrent operations from another session, while they wait for a writer.
func TestConcurrentClaims(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has no such locks")
	}
	for name, change := range map[string]func(m *op.Migration){
		"create": func(m *op.Migration) { m.CreateIndex("i", "users", "age").Concurrently() },
		"drop":   func(m *op.Migration) { m.DropIndex("idx_name", "users").Concurrently() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			before := migrate(t, db, schema.Schema{}, op.Record(base)...)
			operation := op.Record(change)[0]
			claim, err := lint.Of(operation, before)
			if err != nil {
				t.Fatal(err)
			}
			writer := db.Begin()
			defer writer.Rollback()
			if err := writer.Exec("UPDATE users SET note = 'x'").Error; err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			go func() {
				_, err := ddl.Execute(t.Context(), db, operation, before)
				done <- err
			}()
			seen := waitingLock(t, db)
			if want := []lint.Lock{{Table: "users", Mode: seen}}; !slices.Equal(claim.Locks, want) {
				t.Errorf("got locks %v, want %v", claim.Locks, want)
			}
			if !claim.NonBlocking {
				t.Errorf("got a blocking claim %s, want a non-blocking one", claim)
			}
			if err := writer.Commit().Error; err != nil {
				t.Fatal(err)
			}
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		})
	}
}

// waitingLock returns the lock on users of a session that waits for another lock.
func waitingLock(t *testing.T, db *gorm.DB) lint.Mode {
	t.Helper()
	for t.Context().Err() == nil {
		var modes []string
		query := modeOf(`relation = 'users'::regclass AND granted AND
			pid IN (SELECT pid FROM pg_locks WHERE NOT granted)`)
		err := db.Raw(query).Scan(&modes).Error
		if err != nil {
			t.Fatal(err)
		}
		for m := lint.AccessExclusive; m > lint.None && len(modes) > 0; m-- {
			if slices.Contains(modes, m.String()) {
				return m
			}
		}
	}
	return lint.None
}

// modeOf returns a query for the modes of locks, as SQL spells them.
func modeOf(where string) string {
	return `SELECT upper(regexp_replace(replace(mode, 'Lock', ''), '(.)([A-Z])', '\1 \2', 'g')) AS mode
		FROM pg_locks WHERE ` + where
}
