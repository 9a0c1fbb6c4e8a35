// Package ddl turns operations into the SQL of a dialect.
//
// Statements is pure: it takes the schema before the operation, needs no database, and is what offline scripts print.
// Execute runs an operation. On PostgreSQL it executes the statements. SQLite can alter little of a table in place, so
// there Execute may rebuild the table; triggers, hand-made columns and whatever else the history does not know are read
// from the database and carried over:
//
//	operation + schema before ─▶ Statements ─▶ print
//	                         └─▶ Execute ────▶ PostgreSQL: the same statements
//	                                      └──▶ SQLite: the same, or a rebuild that reads sqlite_master
package ddl

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Statement is one SQL statement, or a remark where an operation has no SQL.
type Statement struct {
	// SQL has no trailing semicolon; it is empty for a remark.
	SQL string
	// Remark is shown to people as a comment: it says what the SQL does not.
	Remark string
	// Outside is set if the statement cannot run in a transaction.
	Outside bool
}

// String returns the statement as it appears in a script.
func (s Statement) String() string {
	switch {
	case s.Remark == "":
		return s.SQL + ";"
	case s.SQL == "":
		return "-- " + s.Remark
	default:
		return "-- " + s.Remark + "\n" + s.SQL + ";"
	}
}

// Statements returns the SQL of the operation for a database whose schema is before. It returns an error if the
// operation does not apply to that schema.
func Statements(d schema.Dialect, o op.Operation, before schema.Schema) ([]Statement, error) {
	after, err := o.Apply(before)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o, err)
	}
	var statements []Statement
	switch d {
	case schema.Postgres:
		statements, err = postgresStatements(o, before, after)
	case schema.SQLite:
		statements, err = sqliteStatements(o, before, after)
	default:
		err = fmt.Errorf("unknown dialect %q", d)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o, err)
	}
	return statements, nil
}

// Transactional reports whether the operation can run in a transaction on the dialect.
func Transactional(d schema.Dialect, o op.Operation) bool {
	switch o := o.(type) {
	case *op.CreateIndex:
		return d != schema.Postgres || !o.Concurrent
	case *op.DropIndex:
		return d != schema.Postgres || !o.Concurrent
	default:
		return true
	}
}

// Execute runs the operation on tx, a database whose schema is before, and returns the schema after it, or before on an
// error. Errors are *OperationError. It opens no transaction. On SQLite, foreign keys must be off while it runs, or
// dropping a table would delete the rows that reference it.
func Execute(ctx context.Context, tx *gorm.DB, o op.Operation, before schema.Schema) (after schema.Schema, err error) {
	if after, err = o.Apply(before); err == nil {
		err = execute(ctx, tx, o, before, after)
	}
	if err != nil {
		return before, &OperationError{Operation: o, reason: err}
	}
	return after, nil
}

// OperationError is the error of an operation that the database, or the schema before it, refuses.
type OperationError struct {
	Operation op.Operation
	reason    error
}

func (e *OperationError) Error() string { return fmt.Sprintf("%s: %v", e.Operation, e.reason) }

// Unwrap returns the reason.
func (e *OperationError) Unwrap() error { return e.reason }

func execute(ctx context.Context, tx *gorm.DB, o op.Operation, before, after schema.Schema) error {
	switch o := o.(type) {
	case *op.Run:
		if o.Step == nil {
			return errors.New("there is no code to run")
		}
		return o.Step(tx.WithContext(ctx))
	case *op.Batches:
		return ExecuteBatch(ctx, tx, o, wholeTable(o, before))
	}
	conn := tx.Statement.ConnPool
	if schema.Dialect(tx.Name()) == schema.SQLite {
		return sqliteExecute(ctx, conn, o, before, after)
	}
	return postgresExecute(ctx, conn, o, before, after)
}

func executeAll(ctx context.Context, conn gorm.ConnPool, statements []Statement) error {
	for _, s := range statements {
		if _, err := conn.ExecContext(ctx, s.SQL); err != nil {
			return err
		}
	}
	return nil
}

// plain returns statements without remarks.
func plain(texts ...string) []Statement {
	var statements []Statement
	for _, text := range texts {
		statements = append(statements, Statement{SQL: text})
	}
	return statements
}

// verbatim returns the statements of a revision's own SQL.
func verbatim(d schema.Dialect, o *op.SQL) ([]Statement, error) {
	texts, err := split(d, o.Text.For(d))
	statements := plain(texts...)
	for i, s := range statements {
		statements[i].Outside = d == schema.Postgres && concurrent(s.SQL)
	}
	return statements, err
}

// dataStep returns a remark that replaces Go code.
func dataStep(o op.Operation) []Statement {
	return []Statement{{Remark: o.String() + " (Go code: only the program can run it)"}}
}
