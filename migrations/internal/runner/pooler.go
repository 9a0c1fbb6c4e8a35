package runner

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// PoolerError is a pooler between the program and PostgreSQL that shares sessions, such as PgBouncer in transaction
// mode. A lock taken in one would be held by whoever comes next.
type PoolerError struct{}

func (*PoolerError) Error() string {
	return "a connection pooler in transaction mode stands before PostgreSQL: the migration lock needs a session of its own"
}

// Hint says what to do about it.
func (*PoolerError) Hint() string {
	return "set DATABASE_URL to the server itself for migrations, or use the pooler's session mode"
}

// checkSession makes sure that the connection is one session of the server's. A pooler shows in the process id, which
// it makes up when a client connects; it is in transaction mode if another client gets the session that this one had.
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
		server, err := serverPID(ctx, own, "")
		if err != nil || server == own.PID() {
			return err
		}
		return checkShared(ctx, own, server, &pgx.Conn().Config().Config)
	})
}

// checkShared looks whether another client gets the server's process, or this one another.
func checkShared(ctx context.Context, own *pgconn.PgConn, server uint32, config *pgconn.Config) error {
	other, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connect a second time: %w", err)
	}
	defer func() { _ = other.Close(ctx) }()
	theirs, err := serverPID(ctx, other, "BEGIN; ") // to keep it
	if err != nil {
		return err
	}
	again := server
	if theirs != server {
		if again, err = serverPID(ctx, own, ""); err != nil {
			return err
		}
	}
	if theirs == server || again != server {
		return &PoolerError{}
	}
	return nil
}

// serverPID asks for the process that serves a connection. It uses no prepared statement, which poolers may mix up.
func serverPID(ctx context.Context, conn *pgconn.PgConn, before string) (uint32, error) {
	results, err := conn.Exec(ctx, before+"SELECT pg_backend_pid()").ReadAll()
	if err != nil {
		return 0, fmt.Errorf("ask for the server's process: %w", err)
	}
	pid, err := strconv.ParseUint(string(results[len(results)-1].Rows[0][0]), 10, 32)
	if err != nil {
		return 0, fmt.Errorf("read the server's process: %w", err)
	}
	return uint32(pid), nil
}
