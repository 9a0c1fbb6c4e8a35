package ddl

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	driver "guestlist/migrations/internal/sqlite"
)

// execute runs the rebuild on a connection with foreign keys off, inside the caller's transaction.
func (r *rebuild) execute(ctx context.Context, conn gorm.ConnPool) error {
	if err := refuseForeignKeys(ctx, conn); err != nil {
		return err
	}
	found, err := r.read(ctx, conn)
	if err != nil {
		return err
	}
	steps, err := r.steps(found.definition, found.columns)
	if err != nil {
		return err
	}
	broken, err := r.tryRename(ctx, conn)
	if err != nil {
		return err
	}
	if err := r.run(ctx, conn, append(steps, found.dependents...)); err != nil {
		return err
	}
	if err := r.checkStorage(ctx, conn); err != nil || broken != nil {
		return err
	}
	if broken, err = r.tryRename(ctx, conn); broken != nil {
		return fmt.Errorf("a view or trigger would break: %w", broken)
	}
	return err
}

func refuseForeignKeys(ctx context.Context, conn gorm.ConnPool) error {
	on, err := texts(ctx, conn, "PRAGMA foreign_keys")
	if err != nil {
		return err
	}
	if len(on) != 1 || on[0] != "0" {
		return errors.New("a table can be rebuilt only while PRAGMA foreign_keys is OFF, " +
			"or dropping the old one deletes the rows that reference it")
	}
	return nil
}

// storedTable is a table as it is in the database.
type storedTable struct {
	definition definition
	// columns are the writable columns, without generated ones.
	columns []string
	// dependents are the CREATE statements of its indexes and triggers.
	dependents []string
}

func (r *rebuild) read(ctx context.Context, conn gorm.ConnPool) (storedTable, error) {
	const ofTable = " FROM sqlite_master WHERE tbl_name = ? COLLATE NOCASE AND sql IS NOT NULL"
	creates, err := texts(ctx, conn, "SELECT sql"+ofTable+" AND type = 'table'", r.was.Name)
	if err != nil {
		return storedTable{}, err
	}
	if len(creates) != 1 {
		return storedTable{}, fmt.Errorf("the database has no table %s", r.was.Name)
	}
	var found storedTable
	if found.definition, err = parseDefinition(creates[0]); err != nil {
		return found, fmt.Errorf("table %s cannot be altered: %w", r.was.Name, err)
	}
	found.columns, err = texts(ctx, conn, "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", r.was.Name)
	if err != nil {
		return found, err
	}
	found.dependents, err = texts(ctx, conn, "SELECT sql"+ofTable+" AND type IN ('index', 'trigger') ORDER BY rowid",
		r.was.Name)
	return found, err
}

// run executes the steps with legacy_alter_table on, and restores the setting.
func (r *rebuild) run(ctx context.Context, conn gorm.ConnPool, steps []string) (err error) {
	legacy, err := texts(ctx, conn, "PRAGMA legacy_alter_table")
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, legacyOn); err != nil {
		return err
	}
	if len(legacy) == 0 || legacy[0] == "0" {
		defer func() {
			_, off := conn.ExecContext(context.WithoutCancel(ctx), legacyOff)
			err = errors.Join(err, off)
		}()
	}
	return executeAll(ctx, conn, plain(steps...))
}

// checkStorage refuses values that were not converted to the storage class of the new type: SQLite keeps 'x' in a
// numeric column.
func (r *rebuild) checkStorage(ctx context.Context, conn gorm.ConnPool) error {
	for _, c := range r.conversions {
		if len(c.storage) == 0 {
			continue
		}
		bad, err := texts(ctx, conn, "SELECT quote("+r.name(c.column)+") FROM "+r.table(r.is.Name)+
			" WHERE typeof("+r.name(c.column)+") NOT IN ('"+strings.Join(c.storage, "', '")+"') LIMIT 1")
		if err != nil {
			return err
		}
		if len(bad) > 0 {
			return unfit(r.is.Name, c.column, bad[0], "change them first, or convert them with UsingFor(…)")
		}
	}
	return nil
}

// tryRename renames the table and rolls that back, which makes SQLite check that every trigger and view still resolves;
// creating them does not. It returns SQLite's error if one does not resolve, and any other failure as err.
func (r *rebuild) tryRename(ctx context.Context, conn gorm.ConnPool) (broken, err error) {
	if _, err := conn.ExecContext(ctx, "SAVEPOINT try_rename"); err != nil {
		return nil, err
	}
	_, broken = conn.ExecContext(ctx, "ALTER TABLE "+r.table(r.is.Name)+" RENAME TO "+r.table(r.temporary()))
	_, err = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK TO try_rename; RELEASE try_rename")
	if code, _ := driver.Code(broken); broken != nil && driver.Primary(code) != driver.Error {
		return nil, errors.Join(broken, err)
	}
	return broken, err
}

// texts returns the first column of every row.
func texts(ctx context.Context, conn gorm.ConnPool, query string, args ...any) (list []string, err error) {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}
