package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Unavailable reports whether err means that the database cannot answer now but may later: it is away, starting,
// stopping, out of connections or space, locked, ended the transaction because of another one, or every connection of
// the pool stayed busy for as long as the caller would wait. The request can be repeated.
func Unavailable(err error) bool {
	var (
		connect  *pgconn.ConnectError
		postgres *pgconn.PgError
		lite     *sqlite.Error
		network  net.Error
	)
	switch {
	case err == nil:
		return false
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone),
		errors.Is(err, sql.ErrTxDone): // its time ran out just before the commit
		return true
	case errors.As(err, &connect): // whatever the reason, an operator can mend it
		return true
	case errors.As(err, &postgres):
		return unavailableState(postgres.Code)
	case errors.As(err, &network), errors.Is(err, net.ErrClosed), pgconn.SafeToRetry(err),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF): // the server hung up
		return true
	case errors.As(err, &lite):
		return unavailableCode(lite.Code())
	}
	return false
}

// changedPlan is PostgreSQL's code where a connection has planned a statement whose result has changed since.
const changedPlan = "0A000"

// unavailableState knows the SQLSTATE classes of PostgreSQL's manual, appendix A.
func unavailableState(state string) bool {
	switch state {
	case "57P01", "57P02", "57P03", // shut down by an administrator, crashed, cannot connect now
		"57014",          // query cancelled: a time limit
		"55P03",          // lock not available
		"40P01", "40001", // taken back to end a deadlock, or in favour of another transaction
		"25006",     // read-only transaction: connected to a standby during a failover
		changedPlan: // a cached plan whose result a migration has changed: the connection plans again the next time
		return true
	}
	return strings.HasPrefix(state, "08") || // connection exception
		strings.HasPrefix(state, "53") // insufficient resources
}

// unavailableCode knows SQLite's primary result codes (https://www.sqlite.org/rescode.html).
func unavailableCode(code int) bool {
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
		sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_READONLY:
		return true
	}
	return false
}

// notSQLite reports whether SQLite has found that a file is no database.
func notSQLite(err error) bool {
	failure, ok := errors.AsType[*sqlite.Error](err)
	return ok && failure.Code()&0xff == sqlite3.SQLITE_NOTADB
}

// Code returns what the database calls err: PostgreSQL's SQLSTATE, or SQLite's extended result code; or nothing, if
// err is not from the database, or is one of those that GORM translates.
func Code(err error) string {
	if failure, ok := errors.AsType[*pgconn.PgError](err); ok {
		return failure.Code
	}
	if failure, ok := errors.AsType[*sqlite.Error](err); ok {
		return strconv.Itoa(failure.Code())
	}
	return ""
}
