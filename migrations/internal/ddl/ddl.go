// Package ddl turns operations into the SQL of a dialect.
//
// Statements is pure: it needs the schema before the operation and no database, and is what is printed offline.
// Execute carries an operation out. On PostgreSQL that is running the statements. On SQLite, which can alter little
// of a table in place, it may be building the table again, and then what the history does not know, such as
// triggers and columns made by hand, is read from the database and carried over:
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

// Statement is one statement of SQL, or a remark where there is no SQL for what is done.
type Statement struct {
	// SQL has no semicolon at its end; it is empty for a remark.
	SQL string
	// Remark is for people who read the statements: what the SQL does not say.
	Remark string
	// Outside is set if the statement cannot run in a transaction.
	Outside bool
}

// String returns the statement as a line of a script.
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

// Statements returns the SQL that carries out the operation on a database whose schema is before. It checks the
// operation against that schema first.
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

// Execute carries out the operation on tx, a database whose schema is before, in the dialect of tx, and returns the
// schema after it, which on an error is the one before. It opens no transaction of its own. On SQLite, foreign keys
// have to be off while it runs, since dropping a table would otherwise delete the rows that point at it.
func Execute(ctx context.Context, tx *gorm.DB, o op.Operation, before schema.Schema) (after schema.Schema, err error) {
	if after, err = o.Apply(before); err == nil {
		err = execute(ctx, tx, o, before, after)
	}
	if err != nil {
		return before, &OperationError{Operation: o, reason: err}
	}
	return after, nil
}

// OperationError is an operation that the database, or the schema before it, refuses.
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
		if s.SQL == "" {
			continue
		}
		if _, err := conn.ExecContext(ctx, s.SQL); err != nil {
			return err
		}
	}
	return nil
}

// plain returns statements that have nothing to remark.
func plain(texts ...string) []Statement {
	var statements []Statement
	for _, text := range texts {
		statements = append(statements, Statement{SQL: text})
	}
	return statements
}

// verbatim returns the statements of the SQL that a revision brings along.
func verbatim(d schema.Dialect, o *op.SQL) ([]Statement, error) {
	texts, err := split(d, o.Text.For(d))
	statements := plain(texts...)
	for i, s := range statements {
		statements[i].Outside = d == schema.Postgres && concurrent(s.SQL)
	}
	return statements, err
}

// dataStep returns a remark in place of a step that only the program can run.
func dataStep(o op.Operation) []Statement {
	return []Statement{{Remark: o.String() + " (Go code: only the program can run it)"}}
}
