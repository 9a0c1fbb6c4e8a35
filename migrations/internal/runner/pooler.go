package runner

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// PoolerError is a pooler between the program and PostgreSQL that shares sessions, such as PgBouncer in transaction
// mode. A lock taken in one would be held by the session's next client.
type PoolerError struct{}

func (*PoolerError) Error() string {
	return "a connection pooler in transaction mode stands before PostgreSQL: the migration lock needs a session of its own"
}

// Hint says what to do about it.
func (*PoolerError) Hint() string {
	return "give migrations the address of the server itself, or use the pooler's session mode"
}

// How a pooler is told from a session of one's own: so often both connections are asked, and so long the second may
// wait for its first answer.
const (
	poolerRounds   = 5
	poolerPatience = 2 * time.Second
)

// checkSession makes sure that the connection is one session of the server's. A pooler shows in the process id, which
// it makes up when a client connects.
func checkSession(ctx context.Context, conn *gorm.DB) error {
	pool, ok := conn.Statement.ConnPool.(*sql.Conn)
	if !ok {
		return nil
	}
	return pool.Raw(func(driver any) error {
		pgx, ok := driver.(*stdlib.Conn)
		if !ok {
			return nil
		}
		own := pgx.Conn().PgConn()
		server, err := serverPID(ctx, own)
		if err != nil || server == own.PID() {
			return err
		}
		return checkShared(ctx, own, server, &pgx.Conn().Config().Config)
	})
}

// checkShared looks, from a second connection, whether the pooler lends out sessions: whether this connection gets
// another than it had, or the second one another or the same as this one. The second is asked twice in a row, as a
// pooler that lends two sessions in turn would give each connection always the same otherwise.
func checkShared(ctx context.Context, own *pgconn.PgConn, server uint32, config *pgconn.Config) error {
	other, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connect a second time: %w", err)
	}
	defer func() { _ = other.Close(context.WithoutCancel(ctx)) }()
	theirs, err := firstPID(ctx, other)
	if err != nil || theirs == 0 {
		return err
	}
	for range poolerRounds {
		again, err := serverPID(ctx, other)
		if err != nil {
			return err
		}
		now, err := serverPID(ctx, own)
		if err != nil {
			return err
		}
		if theirs == server || again != theirs || now != server {
			return &PoolerError{}
		}
	}
	return nil
}

// firstPID is serverPID, or 0 if no session is to be had in time: a pooler that lends them out would lend the one that
// the other connection had.
func firstPID(ctx context.Context, conn *pgconn.PgConn) (uint32, error) {
	patient, cancel := context.WithTimeout(ctx, poolerPatience)
	defer cancel()
	pid, err := serverPID(patient, conn)
	if err != nil && ctx.Err() == nil && pgconn.Timeout(err) {
		return 0, nil
	}
	return pid, err
}

// serverPID asks for the process that serves a connection. It uses no prepared statement, which poolers may mix up.
func serverPID(ctx context.Context, conn *pgconn.PgConn) (uint32, error) {
	results, err := conn.Exec(ctx, "SELECT pg_backend_pid()").ReadAll()
	if err != nil {
		return 0, fmt.Errorf("ask for the server's process: %w", err)
	}
	pid, err := strconv.ParseUint(string(results[0].Rows[0][0]), 10, 32)
	if err != nil {
		return 0, fmt.Errorf("read the server's process: %w", err)
	}
	return uint32(pid), nil
}
