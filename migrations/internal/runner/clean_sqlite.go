package runner

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// sessionPragmas are the settings of a SQLite connection: those of https://www.sqlite.org/pragma.html that belong
// neither to the file nor to the process, and that can be set in a transaction.
var sessionPragmas = []string{
	"analysis_limit", "automatic_index", "busy_timeout", "cache_size", "cell_size_check", "checkpoint_fullfsync",
	"count_changes", "empty_result_callbacks", "full_column_names", "fullfsync", "ignore_check_constraints",
	"journal_mode", "journal_size_limit", "legacy_alter_table", "locking_mode", "max_page_count", "query_only",
	"read_uncommitted", "recursive_triggers", "reverse_unordered_selects", "secure_delete", "short_column_names",
	"threads", "trusted_schema", "writable_schema",
}

// statementPragmas have no table-valued function, so the query of pragmasOf cannot read them.
var statementPragmas = []string{"mmap_size", "wal_autocheckpoint"}

// pragmasOf reads the settings that the connection's version of SQLite has.
func pragmasOf(conn *gorm.DB) (map[string]string, error) {
	var known []string
	if err := conn.Raw("PRAGMA pragma_list").Scan(&known).Error; err != nil {
		return nil, fmt.Errorf("list SQLite's settings: %w", err)
	}
	queries := []string{"SELECT 'case_sensitive_like', 'a' NOT LIKE 'A'"}
	for _, name := range sessionPragmas {
		if slices.Contains(known, name) {
			queries = append(queries, "SELECT '"+name+"', * FROM pragma_"+name)
		}
	}
	var settings []struct{ Name, Value string }
	err := conn.Raw("WITH settings (name, value) AS (" + strings.Join(queries, " UNION ALL ") + ")" +
		" SELECT name, CAST(value AS text) AS value FROM settings").Scan(&settings).Error
	if err != nil {
		return nil, fmt.Errorf("read SQLite's settings: %w", err)
	}
	values := map[string]string{}
	for _, s := range settings {
		values[s.Name] = s.Value
	}
	for _, name := range statementPragmas {
		p := pragma{name: name}
		if err := p.read(conn); err != nil {
			return nil, err
		}
		values[name] = p.value
	}
	return values, nil
}

func stateOfSQLite(conn *gorm.DB) (was *sessionState, err error) {
	was = &sessionState{}
	if was.pragmas, err = pragmasOf(conn); err != nil {
		return nil, err
	}
	if was.attached, err = attachedTo(conn); err != nil {
		return nil, err
	}
	temporary, err := temporaryOf(conn)
	for _, t := range temporary {
		was.temp = append(was.temp, t.Name)
	}
	return was, err
}

// resetSQLite also drops temporary objects, whose names hide those of the database.
func (w *sessionState) resetSQLite(conn *gorm.DB) error {
	now, err := pragmasOf(conn)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(w.pragmas)) {
		if was := w.pragmas[name]; was != now[name] && was != "" {
			if err := (pragma{name, was}).set(conn); err != nil {
				return err
			}
		}
	}
	temporary, err := temporaryOf(conn)
	if err != nil {
		return err
	}
	for _, t := range temporary {
		if slices.Contains(w.temp, t.Name) {
			continue
		}
		drop := "DROP " + t.Type + " IF EXISTS temp.`" + strings.ReplaceAll(t.Name, "`", "``") + "`"
		if err := conn.Exec(drop).Error; err != nil {
			return fmt.Errorf("drop the temporary %s %s: %w", t.Type, t.Name, err)
		}
	}
	return nil
}

// attachedTo lists the databases attached to the connection.
func attachedTo(conn *gorm.DB) (names []string, err error) {
	err = conn.Raw("SELECT name FROM pragma_database_list WHERE name NOT IN ('main', 'temp') ORDER BY seq").
		Scan(&names).Error
	if err != nil {
		return nil, fmt.Errorf("list attached databases: %w", err)
	}
	return names, nil
}

// detach does what SQLite does not do in a transaction: it detaches databases, and releases the lock that an exclusive
// locking_mode holds until the next read (https://www.sqlite.org/pragma.html#pragma_locking_mode).
func (w *sessionState) detach(conn *gorm.DB) error {
	names, err := attachedTo(conn)
	if err != nil {
		return err
	}
	for _, name := range without(names, w.attached) {
		if err := conn.Exec("DETACH `" + strings.ReplaceAll(name, "`", "``") + "`").Error; err != nil {
			return fmt.Errorf("detach the database %s: %w", name, err)
		}
	}
	return conn.Exec("SELECT count(*) FROM sqlite_master").Error
}

// temporary is a table, view or trigger that ends with the connection.
type temporary struct{ Type, Name string }

// temporaryOf lists temporary objects: views and triggers before the tables they use.
func temporaryOf(conn *gorm.DB) (list []temporary, err error) {
	err = conn.Raw("SELECT type, name FROM temp.sqlite_master" +
		" WHERE type <> 'index' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type DESC, name").Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("list temporary tables: %w", err)
	}
	return list, nil
}
