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

// PoolerError is returned if a pooler between the program and PostgreSQL shares sessions, as PgBouncer does in
// transaction mode: the next client of the session would hold the lock.
type PoolerError struct{}

func (*PoolerError) Error() string {
	return "the connection goes through a pooler in transaction mode: the migration lock needs a session of its own"
}

// Hint says what to do about it.
func (*PoolerError) Hint() string {
	return "connect migrations to the server itself, or use the pooler's session mode"
}

// How to detect a pooler: the number of times that both connections are queried, and how long the second may wait for
// its first answer.
const (
	poolerRounds  = 5
	poolerTimeout = 2 * time.Second
)

// checkSession checks that the connection is one session of the server. Through a pooler, the process id differs from
// the one that the pooler invented when the client connected.
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

// checkShared finds out, with a second connection, whether the pooler shares sessions: whether the session of either
// changes, or both have the same. It queries the second connection twice in a row, because a pooler that alternates
// between two sessions would otherwise seem to give each connection its own.
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

// firstPID is serverPID, or returns 0 if no session is free in time: a pooler that shares sessions would lend the one
// of the first connection.
func firstPID(ctx context.Context, conn *pgconn.PgConn) (uint32, error) {
	limited, cancel := context.WithTimeout(ctx, poolerTimeout)
	defer cancel()
	pid, err := serverPID(limited, conn)
	if err != nil && ctx.Err() == nil && pgconn.Timeout(err) {
		return 0, nil
	}
	return pid, err
}

// serverPID returns the process that serves a connection. It uses no prepared statement, which poolers may mix up.
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
