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

// Foreign keys are on in a revision of SQLite that changes rows, so that ON DELETE and ON UPDATE act as on PostgreSQL,
// unless it drops a table, if only to build it again: that would delete the rows which point at the table. The setting
// cannot change in a transaction. Either way, checkForeignKeys looks for rows that point at none at the end, and names
// them.

// errDropsTable is Go code that drops a table. The revision begins again with foreign keys off.
var errDropsTable = errors.New("a table cannot be dropped while foreign keys are on")

// keepsForeignKeys reports whether foreign keys are to be on for the operations of a transaction. Those without code of
// the revision's own change no rows.
func (r *run) keepsForeignKeys(operations []op.Operation, before schema.Schema) bool {
	return dialect(r.conn) == schema.SQLite && mayDirty(operations) && !ddl.DropsTables(operations, before)
}

// setForeignKeys prepares the connection for the revision, or for a unit of it.
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

// deferForeignKeys has SQLite look for rows that point at nothing only when the transaction ends: before that, the
// revision may put them right, and checkForeignKeys says more.
func (s *step) deferForeignKeys(tx *gorm.DB) error {
	if !s.foreignKeys {
		return nil
	}
	return pragma{"defer_foreign_keys", "1"}.set(tx)
}

// needsForeignKeysOff reports whether a revision failed only as foreign keys were on: it drops a table, or SQLite, for
// which it has only words (fkey.c, main.c), complains of a key that does not match or of rows that may have been wrong
// before. What the revision makes worse is found with foreign keys off as well.
func needsForeignKeysOff(err error) bool {
	if errors.Is(err, errDropsTable) || errors.Is(err, gorm.ErrForeignKeyViolated) || mismatches(err) {
		return true
	}
	text, code, ok := sqlite.Message(err)
	return ok && sqlite.Primary(code) == sqlite.Constraint && strings.Contains(text, "FOREIGN KEY constraint failed")
}
