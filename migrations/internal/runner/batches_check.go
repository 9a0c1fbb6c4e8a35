package runner

import (
	"errors"
	"fmt"
	"slices"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// hasBatches reports whether an operation commits as it goes.
func hasBatches(operations []op.Operation) bool {
	return slices.ContainsFunc(operations, func(o op.Operation) bool { _, ok := o.(*op.Batches); return ok })
}

// isCode reports whether the operation is Go code.
func isCode(o op.Operation) bool {
	switch o := o.(type) {
	case *op.Run:
		return true
	case *op.Batches:
		return o.Step != nil
	}
	return false
}

// checkBatches rejects batches in a revision that is one transaction, or together with operations that cannot run in a
// transaction.
func checkBatches(r revision.Revision, operations []op.Operation) error {
	if !hasBatches(operations) {
		return nil
	}
	if !r.NoTransaction {
		return hint.New(errors.New("batches commit as they go, but the revision is one transaction"),
			"register it with NoTransaction: true")
	}
	for _, o := range operations {
		if !ddl.Transactional(schema.Postgres, o) {
			return hint.New(fmt.Errorf("%s: a concurrent operation cannot be in a revision with batches, "+
				"where each operation is a transaction", o), "give it a revision of its own")
		}
	}
	return nil
}

// BatchesError is returned if a revision with batches fails. Its committed batches stay, and the next run resumes after
// them.
type BatchesError struct {
	Revision string
	Kind     graph.Kind
	Done, Of int    // numbers of operations
	Table    string // the table of progress
	reason   error
}

func (e *BatchesError) Error() string { return e.reason.Error() }

// Unwrap returns the reason.
func (e *BatchesError) Unwrap() error { return e.reason }

// Hint says what to do about it.
func (e *BatchesError) Hint() string {
	own := hint.Of(e.reason)
	if own != "" {
		own += "; "
	}
	return own + fmt.Sprintf("%d of the revision's %d operations and all earlier batches are committed: "+
		"{db} %s resumes there; or undo them by hand, and DELETE FROM %s WHERE revision = %s to start over",
		e.Done, e.Of, e.Kind, e.Table, literal(e.Revision))
}
