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
	Ends     []string          `json:"ends"`     // the statements that end what else lasts as long as the session

	// SQLite
	pragmas  map[string]string
	temp     []string // names of temporary tables, views and triggers
	attached []string // names of databases
}

// ends lists what outlives a transaction of PostgreSQL, but for the migration lock. Statements that drivers prepare are
// theirs.
const ends = `SELECT 'DEALLOCATE ' || quote_ident(name) AS statement FROM pg_prepared_statements WHERE from_sql
	UNION ALL SELECT 'CLOSE ' || quote_ident(name) FROM pg_cursors WHERE is_holdable
	UNION ALL SELECT 'UNLISTEN ' || quote_ident(channel) FROM pg_listening_channels() AS channel
	UNION ALL SELECT 'SELECT pg_advisory_unlock' || CASE mode WHEN 'ShareLock' THEN '_shared(' ELSE '(' END ||
			CASE objsubid WHEN 1 THEN (classid::bigint << 32 | objid::bigint)::text
				ELSE classid::bigint::bit(32)::integer || ', ' || objid::bigint::bit(32)::integer END || ')'
		FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND NOT (` + migrationLock + ")"

// sessionQuery reads the state of a session of PostgreSQL, as JSON.
const sessionQuery = `SELECT json_build_object(
	'user', session_user, 'role', current_setting('role'),
	'settings', (SELECT coalesce(json_object_agg(name, current_setting(name)), '{}') FROM pg_settings
		WHERE source = 'session' AND context <> 'internal' AND name NOT LIKE 'transaction\_%'),
	'temp', EXISTS (SELECT FROM pg_class WHERE relnamespace = pg_my_temp_schema()),
	'ends', (SELECT coalesce(json_agg(statement), '[]') FROM (` + ends + `) AS e))::text`

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
	err := conn.Statement.ConnPool.QueryRowContext(conn.Statement.Context, sessionQuery).Scan(&text)
	was := &state{}
	if err == nil {
		err = json.Unmarshal([]byte(text), was)
	}
	if err != nil {
		return nil, fmt.Errorf("read the settings of the session: %w", err)
	}
	return was, nil
}

// reset sets the settings back, in the revision's transaction: what is recorded in it must not depend on them.
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

// resetPostgres does what DISCARD ALL does, but for what end ends. It sends one text, which takes one round trip.
func (w *state) resetPostgres(tx *gorm.DB) error {
	reset := "RESET ALL; DISCARD SEQUENCES; "
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

// clean makes the connection what it was, after the revision. One that failed may not have come to the reset.
func (w *state) clean(conn *gorm.DB, failed bool) error {
	conn = conn.WithContext(context.WithoutCancel(conn.Statement.Context))
	if failed || dialect(conn) == schema.SQLite { // some settings of which change only outside a transaction
		if err := w.reset(conn); err != nil {
			return err
		}
	}
	var err error
	if dialect(conn) == schema.SQLite {
		err = w.detach(conn)
	} else {
		err = w.end(conn)
	}
	if err != nil {
		return fmt.Errorf("clean the session after the revision: %w", err)
	}
	return nil
}

// end does what reset leaves of DISCARD ALL, for what was not there before.
func (w *state) end(conn *gorm.DB) error {
	for { // a lock may have been taken several times
		var now []string
		if err := conn.Raw(ends).Scan(&now).Error; err != nil {
			return err
		}
		now = without(now, w.Ends)
		if len(now) == 0 {
			return nil
		}
		if err := conn.Exec(strings.Join(now, "; ")).Error; err != nil {
			return err
		}
	}
}
