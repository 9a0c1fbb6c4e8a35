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

// Unavailable reports whether err means that the database cannot answer now but may later: it is unreachable, starting,
// stopping, out of connections or space, locked, or rolled back the transaction because of another one; or every
// connection of the pool stayed busy for as long as the caller would wait. The request can be repeated.
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
		errors.Is(err, sql.ErrTxDone): // the transaction's time ran out just before the commit
		return true
	case errors.As(err, &connect): // whatever the reason, an operator can fix it
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

// changedPlan is PostgreSQL's code for a statement whose columns have changed since the connection planned it.
const changedPlan = "0A000"

// unavailableState is Unavailable for a SQLSTATE: PostgreSQL's manual, appendix A.
func unavailableState(state string) bool {
	switch state {
	case "57P01", "57P02", "57P03", // shut down by an administrator, crashed, cannot connect now
		"57014",          // query cancelled: a time limit
		"55P03",          // lock not available
		"40P01", "40001", // rolled back to end a deadlock, or in favour of another transaction
		"25006",     // read-only transaction: connected to a standby during a failover
		changedPlan: // a migration has changed the columns: the connection plans the statement again the next time
		return true
	}
	return strings.HasPrefix(state, "08") || // connection exception
		strings.HasPrefix(state, "53") // insufficient resources
}

// unavailableCode is Unavailable for a result code of SQLite: https://www.sqlite.org/rescode.html.
func unavailableCode(code int) bool {
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
		sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_READONLY:
		return true
	}
	return false
}

// notSQLite reports whether err means that a file is not a SQLite database.
func notSQLite(err error) bool {
	failure, ok := errors.AsType[*sqlite.Error](err)
	return ok && failure.Code()&0xff == sqlite3.SQLITE_NOTADB
}

// Code returns the database's code for err, PostgreSQL's SQLSTATE or SQLite's extended result code, or "" if err is not
// from the database.
func Code(err error) string {
	if failure, ok := errors.AsType[*pgconn.PgError](err); ok {
		return failure.Code
	}
	if failure, ok := errors.AsType[*sqlite.Error](err); ok {
		return strconv.Itoa(failure.Code())
	}
	return ""
}
