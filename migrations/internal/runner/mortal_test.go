package runner_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"os"
	"strings"

	"gorm.io/driver/postgres"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// openMortal returns db on connections that execute the given number of statements and kill the process before the
// next.
func openMortal(db *gorm.DB, address string, statements int) (*gorm.DB, error) {
	return openCounted(db, address, &countdown{statements})
}

// openCounted returns db on connections that count down at each statement, and kill the process when none is left.
func openCounted(db *gorm.DB, address string, left *countdown) (*gorm.DB, error) {
	return openWith(db, address, func(d driver.Driver, address string) driver.Connector {
		return mortalConnector{d, address, left}
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

type countdown struct{ left int }

func (c *countdown) statement() {
	if c.left == 0 {
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Kill()
		}
		select {} // until the process ends
	}
	c.left--
}

type mortalConnector struct {
	driver  driver.Driver
	address string
	left    *countdown
}

func (c mortalConnector) Driver() driver.Driver { return c.driver }

func (c mortalConnector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.driver.Open(c.address)
	return &mortalConn{Conn: conn, left: c.left}, err
}

type mortalConn struct {
	driver.Conn

	left *countdown
}

func (c *mortalConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	c.left.statement()
	tx, err := c.Conn.(driver.ConnBeginTx).BeginTx(ctx, options)
	return mortalTx{tx, c.left}, err
}

func (c *mortalConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.left.statement()
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

func (c *mortalConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.left.statement()
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

// CheckNamedValue leaves values to the driver.
func (c *mortalConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.Conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

type mortalTx struct {
	driver.Tx

	left *countdown
}

func (t mortalTx) Commit() error {
	t.left.statement()
	return t.Tx.Commit()
}
