package runner

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// forgetPrepared makes pgx forget its prepared statements if the revision deallocated them, as DEALLOCATE ALL does: pgx
// would still execute them. It checks with the simple protocol, which prepares none.
func (s *step) forgetPrepared() error {
	conn, ok := s.conn.Statement.ConnPool.(*sql.Conn)
	if !ok {
		return nil
	}
	ctx := context.WithoutCancel(s.ctx)
	return conn.Raw(func(driver any) error {
		own, ok := driver.(*stdlib.Conn)
		if !ok || own.Conn().Config().DefaultQueryExecMode != pgx.QueryExecModeCacheStatement {
			return nil
		}
		if own.Conn().PgConn().IsBusy() {
			return errReading
		}
		results, err := own.Conn().PgConn().
			Exec(ctx, "SELECT FROM pg_prepared_statements WHERE NOT from_sql LIMIT 1").ReadAll()
		if err == nil && len(results[0].Rows) == 0 {
			err = own.Conn().DeallocateAll(ctx)
		}
		if err != nil {
			return fmt.Errorf("look for prepared statements: %w", err)
		}
		return nil
	})
}
