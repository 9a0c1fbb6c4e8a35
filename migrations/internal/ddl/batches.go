package ddl

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// ErrNoRows is returned by NextBatch after the last row.
var ErrNoRows = errors.New("no rows are left")

// wholeTableSQL returns the SQL of the operation for the whole table at once.
func wholeTableSQL(d schema.Dialect, o *op.Batches) ([]Statement, error) {
	if o.Step != nil {
		return dataStep(o), nil
	}
	texts, err := split(d, strings.ReplaceAll(o.Text.For(d), op.RowsMark, "true"))
	statements := plain(texts...)
	if len(statements) > 0 {
		statements[0].Remark = fmt.Sprintf("The program does this in batches of %d rows of %s.", o.Size, o.Table)
	}
	return statements, err
}

// wholeTable returns the batch that holds every row.
func wholeTable(o *op.Batches, before schema.Schema) op.Batch {
	t, _ := before.Table(o.Table)
	return op.Batch{Table: o.Table, Key: t.PrimaryKey.Columns}
}

// ExecuteBatch runs the operation on tx for the rows of one batch.
func ExecuteBatch(ctx context.Context, tx *gorm.DB, o *op.Batches, rows op.Batch) error {
	if o.Step != nil {
		return o.Step(tx.WithContext(ctx), rows)
	}
	d := schema.Dialect(tx.Name())
	texts, err := split(d, o.Text.For(d))
	if err != nil {
		return err
	}
	for _, text := range texts {
		q := withRows(tx, text, rows)
		if _, err := tx.Statement.ConnPool.ExecContext(ctx, q.SQL.String(), q.Vars...); err != nil {
			return err
		}
	}
	return nil
}

// withRows returns the statement with each op.RowsMark replaced by the condition of the batch.
func withRows(tx *gorm.DB, text string, rows op.Batch) *gorm.Statement {
	q := &gorm.Statement{DB: tx}
	for i, part := range strings.Split(text, op.RowsMark) {
		if i > 0 {
			rows.Build(q)
		}
		q.SQL.WriteString(part)
	}
	return q
}

// NextBatch returns the batch that follows the key after, which is nil for the first batch, and its number of rows. It
// returns ErrNoRows if no rows are left. The schema before is the one before the operation.
func NextBatch(
	ctx context.Context, tx *gorm.DB, o *op.Batches, before schema.Schema, after []any,
) (op.Batch, int64, error) {
	next := wholeTable(o, before)
	next.After = after
	var err error
	if next.UpTo, err = keyAt(ctx, tx, next, "", o.Size-1); err == nil {
		return next, int64(o.Size), nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		next.UpTo = nil
		next.UpTo, err = keyAt(ctx, tx, next, " DESC", 0)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return next, 0, ErrNoRows
	}
	var rows int64
	if err == nil {
		q := withRows(tx, "SELECT count(*) FROM "+QuoteTable(schema.Dialect(tx.Name()), o.Table)+" WHERE "+op.RowsMark, next)
		err = tx.Statement.ConnPool.QueryRowContext(ctx, q.SQL.String(), q.Vars...).Scan(&rows)
	}
	return next, rows, err
}

// keyAt returns the key of the row at the offset, in key order or, with " DESC", in reverse.
func keyAt(ctx context.Context, tx *gorm.DB, rows op.Batch, order string, offset int) ([]any, error) {
	d := schema.Dialect(tx.Name())
	var selected, ordered []string
	for _, name := range rows.Key {
		column := QuoteTable(d, rows.Table) + "." + QuoteName(d, name)
		ordered = append(ordered, column+order)
		if d == schema.SQLite {
			column = "+" + column // an expression: drivers convert plain columns to times and bools by their type
		}
		selected = append(selected, column)
	}
	q := withRows(tx, fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT 1 OFFSET %d",
		strings.Join(selected, ", "), QuoteTable(d, rows.Table), op.RowsMark, strings.Join(ordered, ", "), offset), rows)
	key := make([]any, len(rows.Key))
	targets := make([]any, len(rows.Key))
	for i := range key {
		targets[i] = &key[i]
	}
	err := tx.Statement.ConnPool.QueryRowContext(ctx, q.SQL.String(), q.Vars...).Scan(targets...)
	return key, err
}

// CheckKeys returns an error if the primary key is NULL in some rows, which only SQLite allows: no batch would include
// them.
func CheckKeys(ctx context.Context, tx *gorm.DB, o *op.Batches, before schema.Schema) error {
	if schema.Dialect(tx.Name()) != schema.SQLite {
		return nil
	}
	var null []string
	for _, name := range wholeTable(o, before).Key {
		null = append(null, QuoteName(schema.SQLite, name)+" IS NULL")
	}
	query := "SELECT count(*) FROM (SELECT 1 FROM " + QuoteTable(schema.SQLite, o.Table) + " WHERE " +
		strings.Join(null, " OR ") + " LIMIT 1)"
	var rows int64
	err := tx.Statement.ConnPool.QueryRowContext(ctx, query).Scan(&rows)
	if err == nil && rows > 0 {
		err = fmt.Errorf("the primary key of %s is NULL in some rows, which no batch would include", o.Table)
	}
	return err
}

// EstimateRows returns roughly how many rows the table of the operation has, or 0 if that is unknown.
func EstimateRows(ctx context.Context, tx *gorm.DB, o *op.Batches) (rows int64, err error) {
	table := QuoteTable(schema.Dialect(tx.Name()), o.Table)
	query, arguments := "SELECT count(*) FROM "+table, []any(nil)
	if schema.Dialect(tx.Name()) == schema.Postgres { // as of the last ANALYZE or VACUUM; -1 before the first
		query, arguments = "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass($1)", []any{table}
	}
	err = tx.Statement.ConnPool.QueryRowContext(ctx, query, arguments...).Scan(&rows)
	return rows, err
}
