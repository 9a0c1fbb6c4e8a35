package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// longWAL is the length of the WAL, in pages of 4 KiB, from which Maintain makes writers wait in order to shorten it:
// sixteen times the length at which SQLite begins to copy pages back.
const longWAL = 16_000

// analyseWhatGrew is the mask of PRAGMA optimize (https://www.sqlite.org/pragma.html#pragma_optimize): analyse tables
// by a sample of their rows, and consider all tables, not only those that the connection has queried.
const analyseWhatGrew = "0x10012"

// Maintain does the upkeep that SQLite leaves to long-running programs; call it now and then. It analyses tables that
// have grown or shrunk tenfold since they were last analysed, so that plans fit them. If the WAL has become long,
// because it was never without a reader, Maintain makes writers wait until the readers are done, so that the WAL can
// start again from its beginning; if they take too long, it gives up until the next call. PostgreSQL does all this
// itself.
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
