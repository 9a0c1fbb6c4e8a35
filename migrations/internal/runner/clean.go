package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// state is what a connection was like before the run: its settings, and whether it had anything that ends with it. Each
// revision begins in that state, and the program gets its connection back in it.
//
// A revision may set what it likes, as a dump of pg_dump does with its empty search_path. That must reach neither the
// next revision, nor the row that records its own, nor the program's queries afterwards.
type state struct {
	// PostgreSQL
	Settings map[string]string `json:"settings"` // set in the session, by name
	User     string            `json:"user"`     // session_user
	Role     string            `json:"role"`     // of SET ROLE
	Temp     bool              `json:"temp"`     // there are temporary tables
	Locks    bool              `json:"locks"`    // there are advisory locks

	// SQLite
	pragmas []pragma
	temp    []string // names of temporary tables, views and triggers
}

// mayDirty reports whether the operations have code of the revision's own.
func mayDirty(operations []op.Operation) bool {
	return slices.ContainsFunc(operations, func(o op.Operation) bool {
		switch o.(type) {
		case *op.SQL, *op.Run, *op.Batches:
			return true
		}
		return false
	})
}

func stateOf(conn *gorm.DB) (*state, error) {
	if dialect(conn) == schema.SQLite {
		return stateOfSQLite(conn)
	}
	var text string
	err := conn.Statement.ConnPool.QueryRowContext(conn.Statement.Context, `SELECT json_build_object(
		'user', session_user, 'role', current_setting('role'),
		'settings', (SELECT json_object_agg(name, current_setting(name)) FROM pg_settings
			WHERE source = 'session' AND context <> 'internal' AND name NOT LIKE 'transaction\_%'),
		'temp', EXISTS (SELECT FROM pg_class WHERE relnamespace = pg_my_temp_schema()),
		'locks', EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()))::text`).Scan(&text)
	was := &state{}
	if err == nil {
		err = json.Unmarshal([]byte(text), was)
	}
	if err != nil {
		return nil, fmt.Errorf("read the settings of the session: %w", err)
	}
	return was, nil
}

// reset makes the session what it was, in the revision's transaction: what is recorded in it must not depend on what
// the revision left.
func (w *state) reset(tx *gorm.DB) error {
	var err error
	if dialect(tx) == schema.SQLite {
		err = w.resetSQLite(tx)
	} else {
		err = w.resetPostgres(tx)
	}
	if err != nil {
		return fmt.Errorf("set the session back to what it was before the revision: %w", err)
	}
	return nil
}

// resetPostgres does what DISCARD ALL does, but for the locks, as ours has to last, and for prepared statements, which
// belong to the driver. It sends one text, which takes one round trip.
func (w *state) resetPostgres(tx *gorm.DB) error {
	reset := "RESET ALL; CLOSE ALL; UNLISTEN *; DISCARD SEQUENCES; "
	if !w.Temp {
		reset += "DISCARD TEMP; " // a temporary table may have the name of the table where the revision is recorded
	}
	// RESET ALL leaves these two: https://www.postgresql.org/docs/current/sql-reset.html. The first resets the second.
	calls := []string{setConfig("session_authorization", w.User), setConfig("role", w.Role)}
	for name, value := range w.Settings {
		calls = append(calls, setConfig(name, value))
	}
	reset += "SELECT " + strings.Join(calls, ", ")
	_, err := tx.Statement.ConnPool.ExecContext(tx.Statement.Context, reset)
	return err
}

func setConfig(name, value string) string {
	return "set_config(" + escaped(name) + ", " + escaped(value) + ", false)"
}

// escaped returns a string that means the same whatever the revision made of standard_conforming_strings.
func escaped(text string) string {
	return "E'" + strings.NewReplacer(`\`, `\\`, "'", "''").Replace(text) + "'"
}

// clean resets the connection after a revision that failed, maybe before it came to that. What a rollback takes back
// is not all that there is.
func (w *state) clean(conn *gorm.DB) error {
	return w.reset(conn.WithContext(context.WithoutCancel(conn.Statement.Context)))
}
