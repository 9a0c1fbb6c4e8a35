package cli

import (
	"cmp"
	"context"
	"time"

	"gorm.io/gorm"

	"guestlist/migrations/internal/runner"
	"guestlist/migrations/internal/sqlite"
)

const (
	// sqliteUser describes what keeps a SQLite file from being opened: its journal mode can be changed only while nobody
	// reads it (https://www.sqlite.org/wal.html), and GORM's driver queries SQLite's version, which works only while
	// nobody writes.
	sqliteUser = "another process is using the SQLite database, which cannot be opened meanwhile"
	openPoll   = 200 * time.Millisecond
)

// open opens the database. If a SQLite file is in use, it logs that and waits as long as it would for another
// migration.
func (s *session) open(ctx context.Context) (*gorm.DB, error) {
	for began, said := s.program.Now(), false; ; said = true {
		db, err := s.env.Open(ctx)
		if code, ok := sqlite.Code(err); !ok || sqlite.Primary(code) != sqlite.Busy {
			return db, err
		}
		if waited := s.program.Now().Sub(began); waited >= s.waitLimit() {
			return nil, &runner.LockError{Holder: sqliteUser, Waited: waited.Round(time.Second)}
		}
		if !said {
			s.log.infof("Waiting: %s", sqliteUser)
		}
		if err := s.wait(ctx, openPoll); err != nil {
			return nil, err
		}
	}
}

// waitLimit is how long the command waits for others.
func (s *session) waitLimit() time.Duration { return cmp.Or(s.lockTimeout, runner.DefaultLockTimeout) }

func (s *session) wait(ctx context.Context, d time.Duration) error {
	if s.program.Wait != nil {
		return s.program.Wait(ctx, d)
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
