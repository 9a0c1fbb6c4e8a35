package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// longWAL is how many pages of 4 KiB the WAL may have before Maintain makes readers and writers wait to shorten it:
// sixteen times those after which SQLite begins to copy them back.
const longWAL = 16_000

// analyseWhatGrew is the mask of PRAGMA optimize (https://www.sqlite.org/pragma.html#pragma_optimize): analyse tables,
// a sample of their rows, and look at all tables, not only at those that the connection has queried.
const analyseWhatGrew = "0x10012"

// Maintain does what SQLite leaves to programs that run for long; it is for now and then. It analyses tables that have
// grown or shrunk tenfold since they were last analysed, so that plans fit them. And if the WAL has become long,
// because there has always been somebody who was reading it, it makes writers wait for those readers, so that the WAL
// begins again; if they take too long, another time. PostgreSQL does the like by itself.
func Maintain(ctx context.Context, db *gorm.DB) error {
	pool, ok := db.ConnPool.(*sqlitePool)
	if !ok {
		return nil
	}
	leave, err := pool.next(ctx)
	if err != nil {
		return err
	}
	conn, err := pool.writer.Conn(ctx)
	leave()
	if err == nil {
		err = errors.Join(maintain(ctx, conn), conn.Close())
	}
	if err != nil {
		return fmt.Errorf("maintain the SQLite database: %w", err)
	}
	return nil
}

func maintain(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, "PRAGMA optimize = "+analyseWhatGrew); err != nil {
		return err
	}
	var busy, pages, copied int
	err := conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &copied)
	if err != nil || pages < longWAL {
		return err
	}
	return conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &copied)
}
