package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// ErrNoRow is the error of a Lookup that finds no row.
var ErrNoRow = errors.New("no such row")

// Lookup finds one row of a model by the value of a unique column. It is for lookups that every request makes: it
// builds its SQL once, from the model as GORM parses it, and scans directly into the fields (BenchmarkLookup shows what
// that saves). It does not find soft-deleted rows or call hooks, and a NULL in a field that cannot hold one is an
// error.
type Lookup[T any] struct {
	query  string
	table  string
	fields []*schema.Field
}

// LookupOptions are the options of NewLookup.
type LookupOptions struct {
	// Where is an additional condition, in SQL. Its parameters $2, $3 and so on are the values of Find after the first.
	Where string
	// Omit names columns that are not read; their fields stay zero.
	Omit []string
}

// NewLookup returns a Lookup of T by column.
func NewLookup[T any](db *gorm.DB, column string, options LookupOptions) (*Lookup[T], error) {
	model, err := schema.Parse(new(T), new(sync.Map), db.NamingStrategy)
	if err != nil {
		return nil, fmt.Errorf("look up %T: %w", *new(T), err)
	}
	if model.LookUpField(column) == nil {
		return nil, fmt.Errorf("look up %s: there is no column %s", model.Table, column)
	}
	statement := gorm.Statement{DB: db}
	l := &Lookup[T]{table: model.Table}
	var columns, conditions []string
	for _, name := range model.DBNames {
		field := model.FieldsByDBName[name]
		quoted := statement.Quote(clause.Column{Name: name})
		if field.FieldType == reflect.TypeFor[gorm.DeletedAt]() {
			conditions = append(conditions, quoted+" IS NULL") // always NULL, so there is nothing to read
			continue
		}
		if !field.Readable || slices.Contains(options.Omit, name) {
			continue
		}
		if field.Serializer != nil {
			return nil, fmt.Errorf("look up %s: column %s has a serializer, which only GORM applies", model.Table, name)
		}
		l.fields = append(l.fields, field)
		columns = append(columns, quoted)
	}
	conditions = append(conditions, statement.Quote(clause.Column{Name: column})+" = $1")
	if options.Where != "" {
		conditions = append(conditions, options.Where)
	}
	l.query = fmt.Sprintf("SELECT %s FROM %s WHERE %s", strings.Join(columns, ", "),
		statement.Quote(clause.Table{Name: model.Table}), strings.Join(conditions, " AND "))
	return l, nil
}

// Find returns the row whose column holds the first of the values, or ErrNoRow.
func (l *Lookup[T]) Find(ctx context.Context, db *gorm.DB, values ...any) (*T, error) {
	row := new(T)
	target := reflect.ValueOf(row).Elem()
	into := make([]any, len(l.fields))
	for i, field := range l.fields {
		into[i] = field.ReflectValueOf(ctx, target).Addr().Interface()
	}
	ended := observe(ctx, db, l.query, l.table)
	err := l.scan(ctx, db.Statement.ConnPool, values, into)
	ended(err)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNoRow
	}
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", l.table, err) // not row: a shared round trip may still write to it
	}
	return row, nil
}

// scan scans the row. On a pool, reads share round trips or a prepared statement.
func (l *Lookup[T]) scan(ctx context.Context, pool gorm.ConnPool, values, into []any) error {
	switch pool := pool.(type) {
	case *postgresPool:
		return pool.row(ctx, l.query, values, into)
	case *sqlitePool:
		return pool.row(ctx, l.query, values, into)
	}
	return pool.QueryRowContext(ctx, l.query, values...).Scan(into...)
}
