package runner_test

import (
	"errors"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// dirty has the statements of a revision that change its session.
var dirty = map[schema.Dialect]map[string]string{
	schema.Postgres: {
		"search_path":      "SET search_path TO elsewhere",
		"pg_dump":          "SELECT pg_catalog.set_config('search_path', '', false)",
		"statement":        "SET statement_timeout = 1",
		"lock":             "SET lock_timeout = 1",
		"read only":        "SET default_transaction_read_only = on",
		"read only always": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
		"time zone":        "SET TIME ZONE 'Asia/Tokyo'",
		"role":             "SET ROLE pg_monitor",
		"temp":             "CREATE TEMP TABLE t_b AS SELECT 1 AS id",
		"temp view":        "CREATE TEMP VIEW t_b AS SELECT 1 AS id",
		"temp of ids":      "CREATE TEMP TABLE migrations (id text)",
		"lock of its own":  "SELECT pg_advisory_lock(42)",
		"own setting":      "SET app.tenant = '7'",
		"lock taken twice": "SELECT pg_advisory_lock(-1, 7), pg_advisory_lock(-1, 7), pg_advisory_lock_shared(-42)",
		"listening":        "LISTEN news",
		"prepared":         `PREPARE "Mine" AS SELECT 1`,
		"cursor":           "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
		"deallocated":      "DEALLOCATE ALL",
		"several": "SET search_path TO elsewhere; CREATE TEMP TABLE t_a AS SELECT 1 AS id; SET " +
			"statement_timeout = 1",
	},
	schema.SQLite: {
		"temp":            "CREATE TEMP TABLE t_b (id integer)",
		"temp of ids":     "CREATE TEMP TABLE migrations (id text)",
		"temp view":       "CREATE TEMP VIEW t_a AS SELECT 1 AS id",
		"temp trigger":    "CREATE TEMP TRIGGER tr BEFORE INSERT ON t_a BEGIN SELECT raise(FAIL, 'no'); END",
		"several":         "CREATE TEMP TABLE a (id integer); CREATE TEMP VIEW b AS SELECT * FROM a",
		"read only":       "PRAGMA query_only = ON",
		"unchecked":       "PRAGMA ignore_check_constraints = ON",
		"old ways":        "PRAGMA legacy_alter_table = ON",
		"triggers":        "PRAGMA recursive_triggers = ON",
		"impatient":       "PRAGMA busy_timeout = 1",
		"another setting": "PRAGMA writable_schema = ON",
		"attached":        "ATTACH ':memory:' AS \"more`over\"; CREATE TABLE \"more`over\".t_b (id integer)",
		"case":            "PRAGMA case_sensitive_like = ON",
		"exclusive":       "PRAGMA locking_mode = EXCLUSIVE",
		"cache":           "PRAGMA cache_size = 17",
		"map":             "PRAGMA mmap_size = 65536",
		"checkpoints":     "PRAGMA wal_autocheckpoint = 7",
		"small":           "PRAGMA max_page_count = 20000",
		"the rest": "PRAGMA secure_delete = ON; PRAGMA read_uncommitted = ON; PRAGMA trusted_schema = OFF; " +
			"PRAGMA threads = 2; PRAGMA automatic_index = OFF; PRAGMA cell_size_check = ON; " +
			"PRAGMA journal_size_limit = 1000; PRAGMA analysis_limit = 9",
	},
}

// session has queries for the state that dirty changes.
var session = map[schema.Dialect]string{
	schema.Postgres: `SELECT concat_ws(' ', current_setting('search_path'), current_setting('statement_timeout'),
		current_setting('lock_timeout'), current_setting('default_transaction_read_only'), current_setting('TimeZone'),
		current_user, session_user, coalesce(current_setting('app.tenant', true), ''),
		(SELECT string_agg(relname, ',') FROM pg_class WHERE relnamespace = pg_my_temp_schema()),
		(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
		(SELECT count(*) FROM pg_listening_channels()), (SELECT count(*) FROM pg_cursors),
		(SELECT count(*) FROM pg_prepared_statements WHERE from_sql))`,
	schema.SQLite: `SELECT (SELECT foreign_keys FROM pragma_foreign_keys) || ' ' ||
		(SELECT query_only FROM pragma_query_only) || ' ' ||
		(SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) || ' ' ||
		(SELECT legacy_alter_table FROM pragma_legacy_alter_table) || ' ' ||
		(SELECT recursive_triggers FROM pragma_recursive_triggers) || ' ' ||
		(SELECT timeout FROM pragma_busy_timeout) || ' ' || (SELECT writable_schema FROM pragma_writable_schema) || ' ' ||
		coalesce((SELECT group_concat(name) FROM temp.sqlite_master), '') || ' ' ||
		(SELECT group_concat(name) FROM pragma_database_list) || ' ' || ('a' LIKE 'A') || ' ' ||
		(SELECT locking_mode FROM pragma_locking_mode) || ' ' || (SELECT cache_size FROM pragma_cache_size) || ' ' ||
		(SELECT max_page_count FROM pragma_max_page_count) || ' ' ||
		(SELECT secure_delete FROM pragma_secure_delete) || ' ' ||
		(SELECT read_uncommitted FROM pragma_read_uncommitted) || ' ' ||
		(SELECT trusted_schema FROM pragma_trusted_schema) || ' ' ||
		(SELECT threads FROM pragma_threads) || ' ' || (SELECT automatic_index FROM pragma_automatic_index) || ' ' ||
		(SELECT cell_size_check FROM pragma_cell_size_check) || ' ' ||
		(SELECT journal_size_limit FROM pragma_journal_size_limit) || ' ' ||
		(SELECT analysis_limit FROM pragma_analysis_limit)`,
}

func sessionOf(t *testing.T, db *gorm.DB) string {
	t.Helper()
	var text string
	if err := db.Raw(session[schema.Dialect(db.Name())]).Row().Scan(&text); err != nil {
		t.Fatal(err)
	}
	if db.Name() == "sqlite" { // only PRAGMA statements can read these
		for _, name := range []string{"mmap_size", "wal_autocheckpoint"} {
			var value string
			if err := db.Raw("PRAGMA " + name).Row().Scan(&value); err != nil {
				t.Fatal(err)
			}
			text += " " + value
		}
	}
	return strings.TrimSpace(text)
}

// TestSessionIsReset changes the session in one revision, and checks that the next one, the row in the table of ids and
// the program find it unchanged.
func TestSessionIsReset(t *testing.T) {
	t.Parallel()
	for name, statement := range dirty[schema.Dialect(dbtest.New(t).Name())] {
		for _, how := range []string{"SQL", "Go", "outside", "failed", "failed outside"} {
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				db := dbtest.OpenOne(t, dbtest.URL(t))
				first, failure := create("a"), errors.New("no such luck")
				first.NoTransaction = strings.Contains(how, "outside")
				first.Upgrade = func(m *op.Migration) {
					m.CreateTable("t_a", op.Column("id", op.Int(64)).PrimaryKey())
					if how == "Go" {
						m.Run(func(tx *gorm.DB) error { return tx.Exec(statement).Error })
					} else {
						m.SQL(statement)
					}
					if strings.Contains(how, "failed") {
						m.Run(func(*gorm.DB) error { return failure })
					}
				}
				second := create("b", "a")
				second.Upgrade = func(m *op.Migration) {
					m.CreateTable("t_b", op.Column("id", op.Int(64)).PrimaryKey())
					m.SQL("INSERT INTO t_a (id) VALUES (1)")
				}
				if strings.Contains(statement, "elsewhere") {
					execute(t, db, "CREATE SCHEMA elsewhere")
				}
				was := sessionOf(t, db)
				r := newRunner(t, db, first, second)
				_, err := r.Upgrade(t.Context(), "head")
				if got := sessionOf(t, db); got != was {
					t.Errorf("after the run, got session %q, want %q", got, was)
				}
				if strings.Contains(how, "failed") {
					if !errors.Is(err, failure) {
						t.Errorf("got error %v, want %v", err, failure)
					}
					wantApplied(t, db)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				wantApplied(t, db, "a", "b")
				var tables int64
				db.Raw("SELECT count(*) FROM t_a, (SELECT count(*) FROM t_b) AS b").Scan(&tables)
				if hasTable := db.Migrator().HasTable("t_b"); tables != 1 || !hasTable {
					t.Errorf("got %d rows, t_b in the schema: %v, want 1 and true", tables, hasTable)
				}
			})
		}
	}
}

// TestProgramSettingsStay runs in a program that has settings of its own on its only connection.
func TestProgramSettingsStay(t *testing.T) {
	t.Parallel()
	db := dbtest.OpenOne(t, dbtest.URL(t))
	statements := []string{"PRAGMA recursive_triggers = ON", "CREATE TEMP TABLE mine (id integer)",
		"ATTACH ':memory:' AS own"}
	if db.Name() == "postgres" {
		statements = []string{
			"CREATE SCHEMA own", "SET search_path TO own", "SET lock_timeout = '7s'", "SET ROLE pg_database_owner",
			"SET ROLE postgres", "CREATE TEMP TABLE mine (id integer)", "SELECT pg_advisory_lock(7)",
			"LISTEN own", "PREPARE own AS SELECT 1", "DECLARE own CURSOR WITH HOLD FOR SELECT 1",
		}
	}
	for _, s := range statements {
		execute(t, db, s)
	}
	was := sessionOf(t, db)
	second := create("b", "a")
	second.Upgrade = func(m *op.Migration) {
		m.SQL("SELECT 1")
		m.SQLFor(op.Dialects{Postgres: "SET search_path TO public", SQLite: "PRAGMA recursive_triggers = OFF"})
	}
	if _, err := newRunner(t, db, create("a"), second, create("c", "b")).Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	if got := sessionOf(t, db); got != was {
		t.Errorf("after the run, got session %q, want %q", got, was)
	}
	if !db.Migrator().HasTable("t_c") {
		t.Error("table t_c is not in the program's schema")
	}
}

// TestMigrationLockStays runs a revision that releases all locks of its session.
func TestMigrationLockStays(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite's lock is the transaction")
	}
	for _, statement := range []string{"SELECT pg_advisory_unlock_all()", "DISCARD ALL"} {
		db := dbtest.OpenOne(t, dbtest.URL(t))
		first := create("a")
		first.NoTransaction = statement == "DISCARD ALL"
		first.Upgrade = func(m *op.Migration) { m.SQL(statement) }
		_, err := newRunner(t, db, first, create("b", "a")).Upgrade(t.Context(), "head")
		if err == nil || !strings.Contains(err.Error(), "the revision releases the migration lock") {
			t.Errorf("%s: got error %v, want one that the revision releases the lock", statement, err)
		}
		wantApplied(t, db)
	}
}
