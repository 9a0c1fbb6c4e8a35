package runner

import (
	"fmt"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/op"
)

// HalfDoneError is returned if a revision without a transaction fails: its finished operations stay.
type HalfDoneError struct {
	Revision string
	Done, Of int // numbers of operations
	reason   error
}

func (e *HalfDoneError) Error() string { return e.reason.Error() }

// Unwrap returns the reason.
func (e *HalfDoneError) Unwrap() error { return e.reason }

// Hint says what to do about it.
func (e *HalfDoneError) Hint() string {
	return fmt.Sprintf("the revision has no transaction: %d of its %d operations are committed, and an earlier run "+
		"that stopped may have done more; undo them by hand and run it again, or do the rest and {db} stamp %s",
		e.Done, e.Of, e.Revision)
}

// noteRemains looks for what an interrupted index build or drop outside a transaction has left: the index, valid or
// not, without the revision's row. It returns a note to report after the operation, and whether to skip the operation.
func (s *step) noteRemains(tx *gorm.DB, o op.Operation) (note string, skip bool, err error) {
	if !ddl.Concurrent(dialect(tx), o) {
		return "", false, nil
	}
	switch o := o.(type) {
	case *op.CreateIndex:
		found, err := ddl.FindIndex(s.ctx, tx.Statement.ConnPool, o.Table, o.Index.Name)
		switch {
		case err != nil || found.Name == "":
			return "", false, err
		case found.Valid:
			return fmt.Sprintf("index %s already exists as declared: it was not rebuilt",
				o.Index.Name), false, nil
		default:
			return fmt.Sprintf("index %s was invalid after an interrupted build: it was rebuilt",
				o.Index.Name), false, nil
		}
	case *op.DropIndex:
		found, err := ddl.FindIndex(s.ctx, tx.Statement.ConnPool, o.Table, o.Index)
		if err != nil || found.Name != "" {
			return "", false, err
		}
		return fmt.Sprintf("index %s is already dropped: an earlier run stopped before recording the revision",
			o.Index), true, nil
	}
	return "", false, nil
}
