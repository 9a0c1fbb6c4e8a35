package runner

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// sessionPragmas are the settings of a SQLite connection that change what statements do: those of
// https://www.sqlite.org/pragma.html that can be read, and set in a transaction.
var sessionPragmas = []string{
	"busy_timeout", "foreign_keys", "ignore_check_constraints", "legacy_alter_table", "query_only", "recursive_triggers",
	"reverse_unordered_selects", "writable_schema",
}

func stateOfSQLite(conn *gorm.DB) (*state, error) {
	was := &state{}
	var err error
	for _, name := range sessionPragmas {
		p := pragma{name: name}
		if err = p.read(conn); err != nil {
			return nil, err
		}
		was.pragmas = append(was.pragmas, p)
	}
	temporary, err := temporaryOf(conn)
	for _, t := range temporary {
		was.temp = append(was.temp, t.Name)
	}
	return was, err
}

// resetSQLite drops what is temporary as well: its names hide those of the database.
func (w *state) resetSQLite(conn *gorm.DB) error {
	for _, was := range w.pragmas {
		now := pragma{name: was.name}
		if err := now.read(conn); err != nil {
			return err
		}
		if now.value == was.value {
			continue
		}
		if err := was.set(conn); err != nil {
			return err
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

// temporary is a table, a view or a trigger that ends with the connection.
type temporary struct{ Type, Name string }

// temporaryOf lists views and triggers before the tables that they use.
func temporaryOf(conn *gorm.DB) (list []temporary, err error) {
	err = conn.Raw("SELECT type, name FROM temp.sqlite_master" +
		" WHERE type <> 'index' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type DESC, name").Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("look for temporary tables: %w", err)
	}
	return list, nil
}
