package dbtest

import (
	"errors"
	"strings"
	"testing"

	"gorm.io/gorm"
)

// ErrDiskFull is the error of the statement that FailAt makes fail.
var ErrDiskFull = errors.New("the disk is full")

// FailAt makes the nth statement from now on, and no other, fail with ErrDiskFull. It returns a pointer to the number
// of statements since.
func FailAt(t testing.TB, db *gorm.DB, n int) (statements *int) {
	t.Helper()
	statements = new(int)
	count := func(tx *gorm.DB) {
		switch {
		case tx.DryRun: // only part of another statement
			return
		case strings.HasPrefix(tx.Statement.SQL.String(), "SAVEPOINT"): // GORM ignores its error
			return
		}
		if *statements++; *statements == n {
			_ = tx.AddError(ErrDiskFull)
		}
	}
	callbacks := db.Callback()
	err := errors.Join(
		callbacks.Create().Before("gorm:create").Register("fail", count),
		callbacks.Query().Before("gorm:query").Register("fail", count),
		callbacks.Update().Before("gorm:update").Register("fail", count),
		callbacks.Delete().Before("gorm:delete").Register("fail", count),
		callbacks.Row().Before("gorm:row").Register("fail", count),
		callbacks.Raw().Before("gorm:raw").Register("fail", count),
	)
	if err != nil {
		t.Fatalf("make the database fail: %v", err)
	}
	return statements
}
