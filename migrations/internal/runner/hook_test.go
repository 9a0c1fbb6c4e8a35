package runner_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"os"
	"strings"

	"gorm.io/driver/postgres"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// hook is called before each statement that a connection executes, with its text, BEGIN or COMMIT. Its error is that of
// the statement, which then is not executed.
type hook func(statement string) error

// killAfter returns a hook that lets the given number of statements pass and kills the process before the next.
func killAfter(statements int) hook {
	return func(string) error {
		if statements--; statements >= 0 {
			return nil
		}
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Kill()
		}
		select {} // until the process ends
	}
}

// count returns a hook that counts the statements.
func count(statements *int) hook {
	return func(string) error { *statements++; return nil }
}

// openHooked returns db on connections that call the hook before each statement.
func openHooked(db *gorm.DB, address string, before hook) (*gorm.DB, error) {
	return openWith(db, address, func(d driver.Driver, address string) driver.Connector {
		return hookedConnector{d, address, before}
	})
}

// openWith returns db on connections of another connector, which connect returns for the driver of db and its address.
func openWith(db *gorm.DB, address string, connect func(driver.Driver, string) driver.Connector) (*gorm.DB, error) {
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	if path, ok := strings.CutPrefix(address, "sqlite:///"); ok {
		address = "file:" + path + "?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)"
	}
	other := sql.OpenDB(connect(pool.Driver(), address))
	dialector := postgres.New(postgres.Config{Conn: other})
	if db.Name() == "sqlite" {
		other.SetMaxOpenConns(1)
		dialector = &gormsqlite.Dialector{Conn: other}
	}
	return gorm.Open(dialector, &gorm.Config{TranslateError: true, DisableAutomaticPing: true})
}

type hookedConnector struct {
	driver  driver.Driver
	address string
	before  hook
}

func (c hookedConnector) Driver() driver.Driver { return c.driver }

func (c hookedConnector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.driver.Open(c.address)
	return &hookedConn{Conn: conn, before: c.before}, err
}

type hookedConn struct {
	driver.Conn

	before hook
}

func (c *hookedConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	if err := c.before("BEGIN"); err != nil {
		return nil, err
	}
	tx, err := c.Conn.(driver.ConnBeginTx).BeginTx(ctx, options)
	return hookedTx{tx, c.before}, err
}

func (c *hookedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.before(query); err != nil {
		return nil, err
	}
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

func (c *hookedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.before(query); err != nil {
		return nil, err
	}
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

// CheckNamedValue leaves values to the driver.
func (c *hookedConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.Conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

type hookedTx struct {
	driver.Tx

	before hook
}

func (t hookedTx) Commit() error {
	if err := t.before("COMMIT"); err != nil {
		return errors.Join(err, t.Rollback())
	}
	return t.Tx.Commit()
}
