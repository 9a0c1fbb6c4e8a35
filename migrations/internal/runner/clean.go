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

// sessionState is the state of a connection before the run: its settings and its temporary objects. Each revision
// begins in that state, and the program gets its connection back in it.
//
// A revision may set what it likes, as a dump of pg_dump does with its empty search_path. That must affect neither the
// next revision, nor the row that records its own, nor later queries of the program.
type sessionState struct {
	// PostgreSQL
	Settings map[string]string `json:"settings"` // set in the session, by name
	User     string            `json:"user"`     // session_user
	Role     string            `json:"role"`     // of SET ROLE
	Temp     bool              `json:"temp"`     // whether there are temporary tables
	Ends     []string          `json:"ends"`     // statements that end other objects of the session

	// SQLite
	pragmas  map[string]string
	temp     []string // names of temporary tables, views and triggers
	attached []string // names of databases
}

// leftoversQuery lists statements that end what outlives a PostgreSQL transaction, except the migration lock and
// statements that drivers prepare.
const leftoversQuery = `
	SELECT 'DEALLOCATE ' || quote_ident(name) AS statement FROM pg_prepared_statements WHERE from_sql
	UNION ALL SELECT 'CLOSE ' || quote_ident(name) FROM pg_cursors WHERE is_holdable
	UNION ALL SELECT 'UNLISTEN ' || quote_ident(channel) FROM pg_listening_channels() AS channel
	UNION ALL SELECT 'SELECT pg_advisory_unlock' || CASE mode WHEN 'ShareLock' THEN '_shared(' ELSE '(' END ||
			CASE objsubid WHEN 1 THEN (classid::bigint << 32 | objid::bigint)::text
				ELSE classid::bigint::bit(32)::integer || ', ' || objid::bigint::bit(32)::integer END || ')'
		FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND NOT (` + migrationLock + ")"

// sessionQuery reads the state of a PostgreSQL session, as JSON.
const sessionQuery = `SELECT json_build_object(
	'user', session_user, 'role', current_setting('role'),
	'settings', (SELECT coalesce(json_object_agg(name, current_setting(name)), '{}') FROM pg_settings
		WHERE source = 'session' AND context <> 'internal' AND name NOT LIKE 'transaction\_%'),
	'temp', EXISTS (SELECT FROM pg_class WHERE relnamespace = pg_my_temp_schema()),
	'ends', (SELECT coalesce(json_agg(statement), '[]') FROM (` + leftoversQuery + `) AS e))::text`

// hasOwnCode reports whether the operations include the revision's own SQL or Go code.
func hasOwnCode(operations []op.Operation) bool {
	return slices.ContainsFunc(operations, func(o op.Operation) bool {
		switch o.(type) {
		case *op.SQL, *op.Run, *op.Batches:
			return true
		}
		return false
	})
}

func stateOf(conn *gorm.DB) (*sessionState, error) {
	if dialect(conn) == schema.SQLite {
		return stateOfSQLite(conn)
	}
	var text string
	err := conn.Statement.ConnPool.QueryRowContext(conn.Statement.Context, sessionQuery).Scan(&text)
	was := &sessionState{}
	if err == nil {
		err = json.Unmarshal([]byte(text), was)
	}
	if err != nil {
		return nil, fmt.Errorf("read the settings of the session: %w", err)
	}
	return was, nil
}

// reset restores the settings within the revision's transaction: recording the revision must not depend on them.
func (w *sessionState) reset(tx *gorm.DB) error {
	var err error
	if dialect(tx) == schema.SQLite {
		err = w.resetSQLite(tx)
	} else {
		err = w.resetPostgres(tx)
	}
	if err != nil {
		return fmt.Errorf("reset the session after the revision: %w", err)
	}
	return nil
}

// resetPostgres does what DISCARD ALL does, except for what endLeftovers ends, in one round trip.
func (w *sessionState) resetPostgres(tx *gorm.DB) error {
	reset := "RESET ALL; DISCARD SEQUENCES; "
	if !w.Temp {
		reset += "DISCARD TEMP; " // one may have the name of the table that records revisions
	}
	// RESET ALL skips these two: https://www.postgresql.org/docs/current/sql-reset.html. The first resets the second.
	calls := []string{setConfig("session_authorization", w.User), setConfig("role", w.Role)}
	for name, value := range w.Settings {
		calls = append(calls, setConfig(name, value))
	}
	reset += "SELECT " + strings.Join(calls, ", ")
	_, err := tx.Statement.ConnPool.ExecContext(tx.Statement.Context, reset)
	return err
}

func setConfig(name, value string) string {
	return "set_config(" + quoteEscaped(name) + ", " + quoteEscaped(value) + ", false)"
}

// quoteEscaped returns a string literal that does not depend on standard_conforming_strings, which a revision may have
// set.
func quoteEscaped(text string) string {
	return "E'" + strings.NewReplacer(`\`, `\\`, "'", "''").Replace(text) + "'"
}

// clean restores the connection after the revision. A revision that failed may not have reached reset.
func (w *sessionState) clean(conn *gorm.DB, failed bool) error {
	conn = conn.WithContext(context.WithoutCancel(conn.Statement.Context))
	if failed || dialect(conn) == schema.SQLite { // SQLite changes some settings only outside a transaction
		if err := w.reset(conn); err != nil {
			return err
		}
	}
	var err error
	if dialect(conn) == schema.SQLite {
		err = w.detach(conn)
	} else {
		err = w.endLeftovers(conn)
	}
	if err != nil {
		return fmt.Errorf("clean the session after the revision: %w", err)
	}
	return nil
}

// endLeftovers does the rest of DISCARD ALL, for objects that did not exist before.
func (w *sessionState) endLeftovers(conn *gorm.DB) error {
	for { // a lock taken several times is released once per round
		var now []string
		if err := conn.Raw(leftoversQuery).Scan(&now).Error; err != nil {
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
