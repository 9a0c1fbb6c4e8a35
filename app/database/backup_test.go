package database_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

func nothingWrong(string) error { return nil }

// numbered returns a SQLite database with a table of numbers from 1 to count, and its path.
func numbered(t *testing.T, count int) (*gorm.DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "source.db")
	db := dbtest.Open(t, "sqlite:///"+path, database.Options{})
	const fill = "INSERT INTO numbers WITH RECURSIVE c(n) AS " +
		"(SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) SELECT n FROM c"
	if err := errors.Join(db.Exec("CREATE TABLE numbers (n integer)").Error, db.Exec(fill, count).Error); err != nil {
		t.Fatal(err)
	}
	return db, path
}

func numbersIn(t *testing.T, path string) (count int) {
	t.Helper()
	db := dbtest.Open(t, "sqlite:///"+path, database.Options{})
	if err := db.Raw("SELECT count(*) FROM numbers").Scan(&count).Error; err != nil {
		t.Fatal(err)
	}
	return count
}

// TestBackup checks that a backup contains everything that is committed, even if it is still in the WAL, and nothing
// else, while another transaction holds the write lock.
func TestBackup(t *testing.T) {
	t.Parallel()
	db, path := numbered(t, 100_000)
	to := filepath.Join(t.TempDir(), "copy.db")
	err := db.Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec("INSERT INTO numbers VALUES (0)").Error; err != nil {
			return err
		}
		return database.Backup(t.Context(), path, to)
	})
	if err != nil {
		t.Fatal(err)
	}
	if files, _ := filepath.Glob(filepath.Join(filepath.Dir(to), "*")); len(files) != 1 {
		t.Errorf("the directory contains %q, want only the copy", files)
	}
	if hidden, _ := filepath.Glob(filepath.Join(filepath.Dir(to), ".*")); len(hidden) != 0 {
		t.Errorf("the directory contains the hidden files %q, want none", hidden)
	}
	if info, err := os.Stat(to); err != nil {
		t.Error(err)
	} else if got, want := info.Mode().Perm(), fs.FileMode(0o600); got != want {
		t.Errorf("the copy has the mode %v, want %v", got, want)
	}
	if err := database.Backup(t.Context(), path, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a backup over another file: %v", err)
	}
	if got := numbersIn(t, to); got != 100_000 {
		t.Errorf("the copy has %d rows, want %d", got, 100_000)
	}
}

// TestBackupGivesUp checks that a backup leaves nothing behind if it is interrupted, or if the source is damaged, is
// not a database or does not exist.
func TestBackupGivesUp(t *testing.T) {
	t.Parallel()
	_, path := numbered(t, 10)
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	rubbish := filepath.Join(t.TempDir(), "rubbish")
	if err := os.WriteFile(rubbish, []byte("this is not a database, however long one looks at it"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		ctx  context.Context
		from string
	}{
		"interrupted": {interrupted, path}, "rubbish": {t.Context(), rubbish}, "nothing": {t.Context(), path + "x"},
		"damaged": {t.Context(), damaged(t)},
	} {
		dir := t.TempDir()
		if err := database.Backup(test.ctx, test.from, filepath.Join(dir, "copy.db")); err == nil {
			t.Errorf("%s: got no error", name)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("%s: left %v, %v; want nothing, no error", name, left, err)
		}
	}
}

// damaged returns the path of a database with a page that has been overwritten.
func damaged(t *testing.T) string {
	t.Helper()
	_, path := numbered(t, 100_000)
	to := filepath.Join(t.TempDir(), "damaged.db")
	if err := database.Backup(t.Context(), path, to); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(to, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(make([]byte, 4096), 20*4096); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestRestore(t *testing.T) {
	t.Parallel()
	db, path := numbered(t, 10)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := database.Backup(t.Context(), path, backup); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(backup, 0o400); err != nil {
		t.Fatal(err)
	}
	if err := db.Exec("DELETE FROM numbers").Error; err != nil {
		t.Fatal(err)
	}
	aside := path + ".aside"
	if err := database.Restore(t.Context(), backup, path, "", nothingWrong); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a database, without a path to move it to: %v", err)
	}
	if err := database.Restore(t.Context(), backup, path, aside, nothingWrong); !errors.Is(err, database.ErrInUse) {
		t.Errorf("over a database in use: %v", err)
	}
	if err := database.Close(db); err != nil {
		t.Fatal(err)
	}
	wrong := errors.New("wrong")
	if err := database.Restore(t.Context(), backup, path, aside,
		func(string) error { return wrong }); !errors.Is(err, wrong) {
		t.Errorf("a backup that the check refuses: %v", err)
	}
	if got := numbersIn(t, path); got != 0 {
		t.Errorf("the database was changed: it has %d rows, want %d", got, 0)
	}
}

// TestRestoreOver restores a backup over a working database, over a damaged one, and where there is none.
func TestRestoreOver(t *testing.T) {
	t.Parallel()
	_, path := numbered(t, 10)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := database.Backup(t.Context(), path, backup); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "other.db")
	_, source := numbered(t, 7)
	if err := database.Backup(t.Context(), source, other); err != nil {
		t.Fatal(err)
	}
	for name, there := range map[string]string{"working": other, "damaged": damaged(t),
		"none": filepath.Join(t.TempDir(), "none.db")} {
		aside := there + ".aside"
		if err := database.Restore(t.Context(), backup, there, aside, nothingWrong); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := numbersIn(t, there); got != 10 {
			t.Errorf("%s: got %d rows, want %d", name, got, 10)
		}
		if _, err := os.Stat(aside); (err == nil) != (name != "none") {
			t.Errorf("%s: the database moved aside: got the error %v, want a file: %t", name, err, name != "none")
		}
	}
	if got := numbersIn(t, other+".aside"); got != 7 {
		t.Errorf("the database moved aside has %d rows, want %d", got, 7)
	}
	stray := filepath.Join(t.TempDir(), "stray.db")
	if err := os.WriteFile(stray+"-wal", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := database.Restore(t.Context(), backup, stray, "", nothingWrong); err == nil {
		t.Error("a restore beside another database's WAL succeeds")
	}
}

// TestRestoreNotThere checks that where there is a directory or a broken link instead of a database, the error names
// it, and does not say that a program is using it.
func TestRestoreNotThere(t *testing.T) {
	t.Parallel()
	_, path := numbered(t, 10)
	dir := t.TempDir()
	link := filepath.Join(dir, "link.db")
	if err := os.Symlink("nowhere.db", link); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{dir, link} {
		err := database.Restore(t.Context(), path, to, to+".aside", nothingWrong)
		if err == nil || errors.Is(err, database.ErrInUse) || errors.Is(err, fs.ErrExist) ||
			!strings.Contains(err.Error(), to) {
			t.Errorf("restore over %s: got %v, want an error that names it, neither %q nor %q", to, err, database.ErrInUse,
				fs.ErrExist)
		}
	}
}

// TestBackupOfManySlashes checks paths that begin with two slashes, after which a URI would have a host.
func TestBackupOfManySlashes(t *testing.T) {
	t.Parallel()
	_, path := numbered(t, 10)
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := database.Backup(t.Context(), "/"+path, "/"+to); err != nil {
		t.Fatal(err)
	}
	if got := numbersIn(t, "/"+to); got != 10 {
		t.Errorf("the copy has %d rows, want %d", got, 10)
	}
}
