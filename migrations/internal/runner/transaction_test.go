package runner_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// steps returns a revision with one step of Go code.
func steps(id string, do func(tx *gorm.DB) error) revision.Revision {
	return revision.Revision{ID: id, File: id + "_.go", Upgrade: func(m *op.Migration) { m.Run(do) }}
}

// wantFree checks that no transaction is open on the only connection of db, nor on another one of the SQLite file.
func wantFree(t *testing.T, db *gorm.DB) {
	t.Helper()
	tx := db.Begin()
	if err := tx.Exec("CREATE TABLE free (id integer)").Error; err != nil {
		t.Errorf("a transaction is still open: %v", err)
	}
	if err := tx.Rollback().Error; err != nil {
		t.Error(err)
	}
}

func TestNothingStaysOpen(t *testing.T) {
	t.Parallel()
	failure := errors.New("no such luck")
	for name, stop := range map[string]func(cancel func()) error{
		"failure":           func(func()) error { return failure },
		"cancelled":         func(cancel func()) error { cancel(); return nil },
		"cancelled, failed": func(cancel func()) error { cancel(); return failure },
	} {
		for _, options := range []string{"", "?"} {
			t.Run(name+options, func(t *testing.T) {
				t.Parallel()
				address := dbtest.URL(t)
				if options != "" {
					address = dbtest.SQLiteURL(t) + options
				}
				db := dbtest.OpenOne(t, address)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				r := newRunner(t, db, steps("a", func(tx *gorm.DB) error {
					if err := tx.Exec("CREATE TABLE made (id integer)").Error; err != nil {
						return err
					}
					return stop(cancel)
				}))
				if _, err := r.Upgrade(ctx, "head"); !errors.Is(err, failure) && !errors.Is(err, context.Canceled) {
					t.Errorf("got error %v, want %v or %v", err, failure, context.Canceled)
				}
				wantApplied(t, db)
				if db.Migrator().HasTable("made") {
					t.Error("got table made, want none")
				}
				wantFree(t, db)
			})
		}
	}
}

// TestReaderKeepsSQLiteFromCommitting makes a COMMIT fail because of a reader, as happens with a rollback journal; the
// next attempt succeeds.
func TestReaderKeepsSQLiteFromCommitting(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(r *runner.Runner) error{
		"upgrade": func(r *runner.Runner) error { _, err := r.Upgrade(t.Context(), "b"); return err },
		"stamp":   func(r *runner.Runner) error { _, err := r.Stamp(t.Context(), false, "c"); return err },
	} {
		address := dbtest.SQLiteURL(t) + "?"
		db := dbtest.OpenOne(t, address)
		r := newRunner(t, db, create("a"), create("b", "a"), create("c", "b"))
		if _, err := r.Upgrade(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		reader := dbtest.OpenOne(t, address).Begin()
		if err := reader.Exec("SELECT * FROM t_a").Error; err != nil {
			t.Fatal(err)
		}
		waits := 0
		r.Report = func(e runner.Event) {
			if e.Kind == runner.Waiting {
				waits++
				reader.Rollback()
			}
		}
		if err := change(r); err != nil || waits != 1 {
			t.Errorf("%s: got %d waits and error %v, want 1", name, waits, err)
		}
		wantFree(t, db)
	}
}

// TestStepsDoNotEndTheTransaction tries to end the transaction in steps of Go code, in every way there is.
func TestStepsDoNotEndTheTransaction(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(tx *gorm.DB) error{
		"COMMIT":           func(tx *gorm.DB) error { return tx.Exec("COMMIT").Error },
		"COMMIT in a text": func(tx *gorm.DB) error { return tx.Exec("SELECT 1; /* all */ commit; SELECT 2").Error },
		"COMMIT, ignored":  func(tx *gorm.DB) error { tx.Exec("COMMIT"); return nil },
		"COMMIT, prepared": func(tx *gorm.DB) error {
			return tx.Session(&gorm.Session{PrepareStmt: true}).Exec("COMMIT").Error
		},
		"COMMIT as a query": func(tx *gorm.DB) error {
			var rows []int
			return tx.Raw("COMMIT").Scan(&rows).Error
		},
		"COMMIT as a row": func(tx *gorm.DB) error {
			var row int
			return tx.Raw("COMMIT").Row().Scan(&row)
		},
		"Commit": func(tx *gorm.DB) error { return tx.Commit().Error },
		"Commit of the connection": func(tx *gorm.DB) error {
			if own, ok := tx.Statement.ConnPool.(*sql.Tx); ok {
				return own.Commit()
			}
			return tx.Statement.ConnPool.(gorm.TxCommitter).Commit()
		},
		"ROLLBACK": func(tx *gorm.DB) error { return tx.Exec("ROLLBACK").Error },
		"Rollback": func(tx *gorm.DB) error { return tx.Rollback().Error },
		"BEGIN":    func(tx *gorm.DB) error { return tx.Exec("BEGIN").Error },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.OpenOne(t, dbtest.URL(t))
			r := newRunner(t, db, steps("a", func(tx *gorm.DB) error {
				if err := tx.Exec("CREATE TABLE made (id integer)").Error; err != nil {
					return err
				}
				return end(tx)
			}))
			_, err := r.Upgrade(t.Context(), "head")
			word := strings.ToUpper(strings.Trim(strings.Fields(name)[0], ","))
			want := word + " IN THE SQL OF A REVISION THAT RUNS IN A TRANSACTION"
			if err == nil || !strings.Contains(strings.ToUpper(err.Error()), want) {
				t.Errorf("got error %v, want one with %q", err, want)
			}
			if got, want := hint.Of(err), "leave it out"; !strings.HasPrefix(got, want) {
				t.Errorf("got hint %q, want %q", got, want)
			}
			wantApplied(t, db)
			if db.Migrator().HasTable("made") {
				t.Error("got table made, want none")
			}
			wantFree(t, db)
		})
	}
}
