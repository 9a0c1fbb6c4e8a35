package runner

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/names"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Loss is data that a plan drops.
type Loss struct {
	Table  string
	Column string // empty for the whole table
	Rows   int64  // with a value
}

// Losses counts the data that a downgrade drops from the database as it is now. Tables and columns that the downgrade
// itself creates hold nothing yet and are left out; those that the database lacks, despite its history, count as empty.
func (r *Runner) Losses(ctx context.Context, plan graph.Plan) ([]Loss, error) {
	dropped, err := r.History.dropped(plan)
	if err != nil {
		return nil, err
	}
	for i := range dropped {
		if err := r.Read(ctx, dropped[i].count); err != nil && !r.isGone(ctx, &dropped[i]) {
			return nil, fmt.Errorf("count the rows of %s: %w", dropped[i].Table, err)
		}
	}
	return dropped, nil
}

// isGone reports whether another program has dropped what could not be counted: counting happens outside the lock.
func (r *Runner) isGone(ctx context.Context, l *Loss) bool {
	exists := true
	err := r.Read(ctx, func(db *gorm.DB) (err error) {
		exists, err = l.exists(db)
		return err
	})
	return err == nil && !exists
}

func (l *Loss) count(db *gorm.DB) error {
	l.Rows = 0
	if exists, err := l.exists(db); err != nil || !exists {
		return err
	}
	query := "SELECT count(*) FROM " + ddl.QuoteTable(schema.Dialect(db.Name()), l.Table)
	if l.Column != "" {
		query += " WHERE " + ddl.QuoteName(schema.Dialect(db.Name()), l.Column) + " IS NOT NULL"
	}
	return db.Statement.ConnPool.QueryRowContext(db.Statement.Context, query).Scan(&l.Rows)
}

// exists reads the catalogue, because on PostgreSQL a failed query also ends its transaction. A table's name may have a
// schema before a dot.
func (l *Loss) exists(db *gorm.DB) (bool, error) {
	space, table := "", l.Table
	if i := strings.LastIndex(l.Table, "."); i >= 0 {
		space, table = l.Table[:i], l.Table[i+1:]
	}
	query := "SELECT count(*) FROM pragma_table_xinfo(?2, coalesce(nullif(?1, ''), 'main'))" +
		" WHERE name = ?3 COLLATE NOCASE OR ?3 = ''"
	if dialect(db) == schema.Postgres {
		query = "SELECT count(*) FROM pg_attribute" +
			" WHERE attrelid = to_regclass(concat_ws('.', quote_ident(nullif($1, '')), quote_ident($2)))" +
			" AND attnum > 0 AND NOT attisdropped AND (attname = $3 OR $3 = '')"
	}
	var columns int64
	err := db.Statement.ConnPool.QueryRowContext(db.Statement.Context, query, space, table, l.Column).Scan(&columns)
	return columns > 0, err
}

// dropped lists the tables and columns that a plan drops, by the names they have before it.
func (h *History) dropped(plan graph.Plan) (losses []Loss, err error) {
	former := names.New()
	lose := func(table, column string) {
		loss := Loss{Table: former.Table(table)}
		if column != "" {
			loss.Column = former.Column(table, column)
		}
		if loss.Table != "" && (column == "" || loss.Column != "") {
			losses = append(losses, loss)
		}
	}
	for _, step := range plan.Steps {
		operations, err := h.Operations(step)
		if err != nil {
			return nil, err
		}
		for _, o := range operations {
			switch o := o.(type) {
			case *op.DropTable:
				lose(o.Table, "")
			case *op.DropColumn:
				lose(o.Table, o.Column)
			}
			former.Follow(o)
		}
	}
	return losses, nil
}
