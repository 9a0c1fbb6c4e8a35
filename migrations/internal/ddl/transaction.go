package ddl

import (
	"fmt"

	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// CheckTransaction returns an error if the SQL of a transactional revision begins or ends a transaction: the statements
// before it would be committed or rolled back apart from the rest and from the row that records the revision.
// Savepoints are fine.
func CheckTransaction(d schema.Dialect, o op.Operation) error {
	var text schema.SQL
	switch o := o.(type) {
	case *op.SQL:
		text = o.Text
	case *op.Batches:
		text = o.Text
	}
	if err := CheckTransactionText(d, text.For(d)); err != nil {
		return &OperationError{Operation: o, reason: err}
	}
	return nil
}

// CheckTransactionText is CheckTransaction for an SQL text. Text that cannot be parsed is left to the database.
func CheckTransactionText(d schema.Dialect, text string) error {
	statements, err := splitLexemes(d, text)
	if err != nil {
		return nil //nolint:nilerr // executing it reports the error
	}
	for _, s := range statements {
		if lexemes := significant(s); controlsTransaction(lexemes) {
			reason := fmt.Errorf("%s in the SQL of a revision that runs in a transaction", lexemes[0].text)
			advice := "leave it out"
			if d == schema.Postgres {
				advice += ", or register the revision with NoTransaction"
			}
			return hint.New(reason, advice)
		}
	}
	return nil
}

// controlsTransaction reports whether the statement begins or ends a transaction; see
// https://www.postgresql.org/docs/current/sql-commands.html and https://www.sqlite.org/lang_transaction.html.
func controlsTransaction(lexemes []lexeme) bool {
	second := lexeme{}
	if len(lexemes) > 1 {
		second = lexemes[1]
	}
	switch first := lexemes[0]; {
	case first.is("BEGIN", "COMMIT", "END", "ABORT"):
		return true
	case first.is("START", "PREPARE"):
		return second.is("TRANSACTION")
	case first.is("ROLLBACK"): // except TO a savepoint, after an optional TRANSACTION or WORK
		if second.is("TRANSACTION", "WORK") && len(lexemes) > 2 {
			second = lexemes[2]
		}
		return !second.is("TO")
	}
	return false
}
