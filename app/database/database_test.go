package database_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{
		"nothing":            "",
		"another database":   "mysql://root:canary@localhost/x",
		"no path":            "sqlite://",
		"two slashes":        "sqlite://canary.db",
		"sqlite options":     "sqlite:///canary.db?mode=ro",
		"a directory away":   "sqlite:////no/such/canary/x.db",
		"a bad escape":       "postgres://u:canary%zz@localhost/x",
		"an @ in a password": "postgres://u:p@canary@localhost/x",
		"a bad port":         "postgres://u:canary@localhost:port/x",
		"a bad sslmode":      "postgres://u:canary@localhost/x?sslmode=canary",
		"a space in the URL": "postgres://u:canary@local host/x",
		"a / in a password":  "postgres://u:12/canary@localhost/x",
		"a ? in a password":  "postgres://u:12?canary@localhost/x",
		"a # in a password":  "postgres://u:12#canary@localhost/x",
		"a bad second port":  "postgres://u:canary@localhost:1,localhost:port/x",
		"a bad second host":  "postgres://u:canary@localhost:1,[::1/x",
		"a bad first host":   "postgres://u:canary@[::1,localhost/x",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := database.Open(address, database.Options{})
			if err == nil {
				t.Fatal("got no error")
			}
			if checked := database.Check(address); name != "a directory away" &&
				(checked == nil || checked.Error() != err.Error()) {
				t.Errorf("Check says %v, Open %v; want the same", checked, err)
			}
			if strings.HasPrefix(address, "postgres") && strings.Contains(err.Error(), "canary") {
				t.Errorf("the error contains a part of the address: %v", err)
			}
		})
	}
}

func TestRedactURL(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"sqlite:///instance/guestlist.db":                           "sqlite:///instance/guestlist.db",
		"postgres://u:canary@h:5/n?sslmode=disable":                 "postgres://u:xxxxx@h:5/n?sslmode=disable",
		"postgres://h/n?user=u&password=canary&sslpassword=canary2": "postgres://h/n?password=xxxxx&sslpassword=xxxxx&user=u",
		"postgres://u:canary%zz@h/n":                                "the configured database",
	} {
		if got := database.RedactURL(address); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

// TestSeveralHosts checks every form of a list of hosts that PostgreSQL's programs accept.
func TestSeveralHosts(t *testing.T) {
	t.Parallel()
	for _, hosts := range []string{
		"first,second", "first:1,second:2,third:3", "first,second:2", "first:1,second", "127.0.0.1:1,[::1]:2", "[::1],second",
		"first,[::1]", "[::1]:1,[::2]:2",
	} {
		rest := hosts + "/n?target_session_attrs=read-write"
		address := "postgres://u:canary@" + rest
		if err := database.Check(address); err != nil {
			t.Errorf("%s: %v", hosts, err)
		}
		if got, want := database.RedactURL(address), "postgres://u:xxxxx@"+rest; got != want {
			t.Errorf("RedactURL returns %s, want %s", got, want)
		}
		if got, want := database.WithoutPassword(address), "postgres://u@"+rest; got != want {
			t.Errorf("WithoutPassword returns %s, want %s", got, want)
		}
	}
}

func TestOpenSQLiteFileNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plain.db", "with space.db", "a#b%20c.db", "ünï.db", "semi;colon&amp.db"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), name)
			db := dbtest.Open(t, "sqlite:///"+path, database.Options{})
			var file string
			if err := db.Raw("SELECT file FROM pragma_database_list").Scan(&file).Error; err != nil {
				t.Fatal(err)
			}
			if file != path {
				t.Errorf("opened %q, want %q", file, path)
			}
		})
	}
}

// TestOpenSQLiteAtOnce opens a new database eight times at the same time.
func TestOpenSQLiteAtOnce(t *testing.T) {
	t.Parallel()
	for range 20 {
		address := dbtest.SQLiteURL(t)
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				db, err := database.Open(address, database.Options{})
				if err != nil {
					t.Error(err)
					return
				}
				var mode string
				if err := db.Raw("PRAGMA journal_mode").Scan(&mode).Error; err != nil || mode != "wal" {
					t.Errorf("journal mode: got %q, %v; want %q, no error", mode, err, "wal")
				}
				if err := database.Close(db); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
}

// TestOpenSQLiteInUse opens a database that another connection has locked. It checks that the log says that Open waits,
// and that Open succeeds once the lock is released.
func TestOpenSQLiteInUse(t *testing.T) {
	t.Parallel()
	address := dbtest.SQLiteURL(t)
	path := strings.TrimPrefix(address, "sqlite:///")
	user, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	user.SetMaxOpenConns(1) // the lock belongs to a connection
	if _, err := user.ExecContext(t.Context(), "CREATE TABLE t (id integer); BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	lines := make(lines, 10)
	opened := make(chan error)
	go func() {
		db, err := database.Open(address, database.Options{Logger: slog.New(slog.NewTextHandler(lines, nil))})
		if err == nil {
			err = database.Close(db)
		}
		opened <- err
	}()
	select {
	case line := <-lines:
		for _, want := range []string{"waiting for another process", path} {
			if !strings.Contains(line, want) {
				t.Errorf("the log lacks %q: %s", want, line)
			}
		}
	case err := <-opened:
		t.Fatalf("Open returned before the log said that it waits: %v", err)
	}
	if err := user.Close(); err != nil {
		t.Error(err)
	}
	if err := <-opened; err != nil {
		t.Errorf("after the lock was released: %v", err)
	}
}

// lines is a log whose lines a test can wait for.
type lines chan string

func (l lines) Write(line []byte) (int, error) {
	l <- string(line)
	return len(line), nil
}

func TestSQLiteInMemory(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, "sqlite:///:memory:", database.Options{})
	exec(t, db, "CREATE TABLE kept (id integer)")
	exec(t, db, "INSERT INTO kept VALUES (1)")
	var count int64
	if err := db.Table("kept").Count(&count).Error; err != nil || count != 1 {
		t.Errorf("got %d rows, %v; want %d, no error", count, err, 1)
	}
}

func TestConstraintErrors(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	exec(t, db, "CREATE TABLE parents (id integer PRIMARY KEY, name varchar(9) UNIQUE, size integer CHECK (size > 0))")
	exec(t, db, "CREATE TABLE children (id integer PRIMARY KEY, parent_id integer REFERENCES parents (id))")
	exec(t, db, "INSERT INTO parents VALUES (1, 'one', 1)")
	for name, test := range map[string]struct {
		statement string
		want      error
	}{
		"primary key": {"INSERT INTO parents VALUES (1, 'two', 1)", gorm.ErrDuplicatedKey},
		"unique":      {"INSERT INTO parents VALUES (2, 'one', 1)", gorm.ErrDuplicatedKey},
		"check":       {"INSERT INTO parents VALUES (2, 'two', 0)", gorm.ErrCheckConstraintViolated},
		"foreign key": {"INSERT INTO children VALUES (1, 2)", gorm.ErrForeignKeyViolated},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := db.Exec(test.statement).Error
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if database.Unavailable(err) {
				t.Error("a violated constraint counts as unavailable")
			}
		})
	}
}

func TestTimesComeBackInUTC(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 2, 3, 12, 0, 0, 123456789, time.FixedZone("", 3600))
	db := dbtest.Open(t, dbtest.URL(t), database.Options{Now: func() time.Time { return noon }})
	type note struct {
		ID        int64
		CreatedAt time.Time
	}
	if err := db.AutoMigrate(&note{}); err != nil {
		t.Fatal(err)
	}
	if err := db.Create(&note{}).Error; err != nil {
		t.Fatal(err)
	}
	var got note
	if err := db.Where("created_at = ?", noon.Truncate(database.Precision)).First(&got).Error; err != nil {
		t.Fatalf("find by the time stored: %v", err)
	}
	if want := noon.Truncate(database.Precision); !got.CreatedAt.Equal(want) {
		t.Errorf("stored %v, want %v", got.CreatedAt, want)
	}
}

func TestUnavailable(t *testing.T) {
	t.Parallel()
	t.Run("server away", func(t *testing.T) {
		t.Parallel()
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := listener.Addr().String()
		if err := listener.Close(); err != nil {
			t.Fatal(err)
		}
		db := dbtest.Open(t, "postgres://nobody@"+address+"/x?sslmode=disable", database.Options{})
		if err := db.Exec("SELECT 1").Error; !database.Unavailable(err) {
			t.Errorf("not seen as unavailable: %v", err)
		}
	})
	t.Run("pool exhausted", func(t *testing.T) {
		t.Parallel()
		db := dbtest.Open(t, dbtest.URL(t), database.Options{PoolSize: 1})
		held := db.Begin()
		defer held.Rollback()
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := db.WithContext(ctx).Exec("SELECT 1").Error; !database.Unavailable(err) {
			t.Errorf("not seen as unavailable: %v", err)
		}
	})
	t.Run("rolled back before the commit", func(t *testing.T) {
		t.Parallel()
		db := dbtest.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		err := db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			cancel()
			for tx.WithContext(t.Context()).Exec("SELECT 1").Error == nil { // until database/sql has rolled it back
			}
			return nil
		})
		if !errors.Is(err, sql.ErrTxDone) || !database.Unavailable(err) {
			t.Errorf("got %v, unavailable: %t; want %v, unavailable", err, database.Unavailable(err), sql.ErrTxDone)
		}
	})
	t.Run("server hangs up", func(t *testing.T) {
		t.Parallel()
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		go func() {
			for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
				_ = conn.Close()
			}
		}()
		db := dbtest.Open(t, "postgres://nobody@"+listener.Addr().String()+"/x?sslmode=disable", database.Options{})
		if err := db.Exec("SELECT 1").Error; !database.Unavailable(err) {
			t.Errorf("not seen as unavailable: %v", err)
		}
	})
	t.Run("hung up in the middle", func(t *testing.T) {
		t.Parallel()
		for _, err := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed} {
			if !database.Unavailable(fmt.Errorf("query: %w", err)) {
				t.Errorf("not seen as unavailable: %v", err)
			}
		}
	})
	t.Run("rolled back by the database", func(t *testing.T) {
		t.Parallel()
		for _, state := range []string{"40P01", "40001"} {
			if !database.Unavailable(fmt.Errorf("query: %w", &pgconn.PgError{Code: state})) {
				t.Errorf("%s is not seen as unavailable", state)
			}
		}
	})
	t.Run("a mistake in the query", func(t *testing.T) {
		t.Parallel()
		if err := dbtest.New(t).Exec("SELECT nonsense").Error; err == nil || database.Unavailable(err) {
			t.Errorf("got %v, want an error that is not seen as unavailable", err)
		}
	})
	t.Run("the caller went away", func(t *testing.T) {
		t.Parallel()
		if database.Unavailable(context.Canceled) {
			t.Error("a cancelled request counts as unavailable")
		}
	})
}

func TestLogHoldsNoValues(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	db := dbtest.Open(t, dbtest.URL(t), database.Options{Logger: logger})
	exec(t, db, "CREATE TABLE secrets (id integer PRIMARY KEY, word varchar(99) UNIQUE)")
	for range 2 { // the second violates the constraint
		_ = db.Table("secrets").Create(map[string]any{"word": "canary"}).Error
	}
	if strings.Contains(log.String(), "canary") {
		t.Errorf("the log contains a value:\n%s", log.String())
	}
	if !strings.Contains(log.String(), "INSERT INTO") {
		t.Errorf("the log contains no query:\n%s", log.String())
	}
}

func exec(t *testing.T, db *gorm.DB, statement string) {
	t.Helper()
	if err := db.Exec(statement).Error; err != nil {
		t.Fatal(err)
	}
}

// TestPoolIsBounded checks the limit of connections of a database that was opened without one.
func TestPoolIsBounded(t *testing.T) {
	t.Parallel()
	pool, err := dbtest.New(t).DB()
	if err != nil {
		t.Fatal(err)
	}
	if got := pool.Stats().MaxOpenConnections; got < 1 || got > 10 {
		t.Errorf("got a limit of %d connections, want one from 1 to 10", got)
	}
	for range 3 {
		if err := pool.PingContext(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := pool.Stats().MaxIdleClosed; got != 0 {
		t.Errorf("got %d connections that were closed after a query, want none", got)
	}
}
