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

// numbered returns a SQLite database with a table of numbers, and its path.
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

// TestBackup copies what is committed, from the WAL too, while another transaction holds the write lock.
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
		t.Errorf("there is %q, want the copy alone", files)
	}
	if hidden, _ := filepath.Glob(filepath.Join(filepath.Dir(to), ".*")); len(hidden) != 0 {
		t.Errorf("there is %q, want nothing hidden", hidden)
	}
	if info, err := os.Stat(to); err != nil {
		t.Error(err)
	} else if got, want := info.Mode().Perm(), fs.FileMode(0o600); got != want {
		t.Errorf("the copy has the mode %v, want %v", got, want)
	}
	if err := database.Backup(t.Context(), path, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over another file: %v", err)
	}
	if got := numbersIn(t, to); got != 100_000 {
		t.Errorf("the copy has %d rows, want %d", got, 100_000)
	}
}

// TestBackupGivesUp leaves nothing behind: when it is interrupted, when the source is no database, or is damaged.
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
			t.Errorf("%s: a backup", name)
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
		t.Errorf("over a database: %v", err)
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
		t.Errorf("what the check refuses: %v", err)
	}
	if got := numbersIn(t, path); got != 0 {
		t.Errorf("the database was touched: it has %d rows, want %d", got, 0)
	}
}

// TestRestoreOver puts a backup in the place of a database that works, of one that is damaged, and of none.
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
			t.Errorf("%s: aside: got the error %v, want a file there: %t", name, err, name != "none")
		}
	}
	if got := numbersIn(t, other+".aside"); got != 7 {
		t.Errorf("aside, there are %d rows, want %d", got, 7)
	}
	stray := filepath.Join(t.TempDir(), "stray.db")
	if err := os.WriteFile(stray+"-wal", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := database.Restore(t.Context(), backup, stray, "", nothingWrong); err == nil {
		t.Error("beside another database's WAL")
	}
}

// TestRestoreNotThere names what is in the place of a database and is none, instead of looking for a program that uses
// it.
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
			t.Errorf("over %s: got %v, want an error that names it, neither %q nor %q", to, err, database.ErrInUse,
				fs.ErrExist)
		}
	}
}

// TestBackupOfManySlashes takes a path that begins with two slashes, in which a URI would have a host.
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
