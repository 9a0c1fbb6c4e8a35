package dbtest

import (
	"errors"
	"testing"

	"gorm.io/gorm"
)

// ErrDiskFull is the error with which a statement fails because of FailAt.
var ErrDiskFull = errors.New("the disk is full")

// FailAt makes the nth statement from now on fail with ErrDiskFull, and no other. It returns the number of statements
// so far.
func FailAt(t testing.TB, db *gorm.DB, n int) (statements *int) {
	t.Helper()
	statements = new(int)
	count := func(tx *gorm.DB) {
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
		callbacks.Raw().Before("gorm:raw").Register("fail", count),
	)
	if err != nil {
		t.Fatalf("make the database fail: %v", err)
	}
	return statements
}
