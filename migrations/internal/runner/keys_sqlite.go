package runner

import (
	"errors"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/sqlite"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Foreign keys are on in a SQLite revision that changes rows, so that ON DELETE and ON UPDATE act as on PostgreSQL,
// unless it drops a table, even to rebuild it: that would delete the rows that reference it. The setting cannot change
// in a transaction. Either way, checkForeignKeys looks for missing references at the end, and lists them.

// errDropsTable rejects Go code that drops a table. The revision then starts over with foreign keys off.
var errDropsTable = errors.New("a table cannot be dropped while foreign keys are on")

// keepsForeignKeys reports whether foreign keys stay on for the operations of a transaction. Only a revision's own code
// changes rows.
func (r *run) keepsForeignKeys(operations []op.Operation, before schema.Schema) bool {
	return dialect(r.conn) == schema.SQLite && hasOwnCode(operations) && !ddl.DropsTables(operations, before)
}

// setForeignKeys turns the connection's foreign keys on or off for the step.
func (s *step) setForeignKeys(conn *gorm.DB) error {
	if dialect(conn) != schema.SQLite || s.keysOn == s.foreignKeys {
		return nil
	}
	p := pragma{"foreign_keys", "0"}
	if s.foreignKeys {
		p.value = "1"
	}
	err := p.set(conn)
	s.keysOn = s.foreignKeys && err == nil
	return err
}

// deferForeignKeys defers SQLite's checks to the end of the transaction: the revision may fix references until then,
// and checkForeignKeys reports those left in more detail.
func (s *step) deferForeignKeys(tx *gorm.DB) error {
	if !s.foreignKeys {
		return nil
	}
	return pragma{"defer_foreign_keys", "1"}.set(tx)
}

// needsForeignKeysOff reports whether a revision failed only because foreign keys were on: it drops a table, or SQLite
// complains of a mismatched key or of rows that may have been wrong before, for which it has only texts (fkey.c,
// main.c). With foreign keys off, checkForeignKeys still finds new violations.
func needsForeignKeysOff(err error) bool {
	if errors.Is(err, errDropsTable) || errors.Is(err, gorm.ErrForeignKeyViolated) || isMismatch(err) {
		return true
	}
	text, code, ok := sqlite.Message(err)
	return ok && sqlite.Primary(code) == sqlite.Constraint && strings.Contains(text, "FOREIGN KEY constraint failed")
}
