package runner

import (
	"fmt"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/op"
)

// HalfDoneError is a revision outside a transaction that failed: what it had done by then stays.
type HalfDoneError struct {
	Revision string
	Done, Of int // operations
	reason   error
}

func (e *HalfDoneError) Error() string { return e.reason.Error() }

// Unwrap returns what failed.
func (e *HalfDoneError) Unwrap() error { return e.reason }

// Hint says what to do about it.
func (e *HalfDoneError) Hint() string {
	return fmt.Sprintf("the revision has no transaction: %d of its %d operations are done and stay, and a run that was "+
		"stopped before"+
		" may have done more; undo them by hand and run it again, or do the rest and {db} stamp %s", e.Done, e.Of, e.Revision)
}

// noteRemains looks for what an index built or dropped outside a transaction may have left when its run was stopped:
// the index, valid or not, without the revision's row. It returns what to say of that once the operation is done, and
// whether the operation need not run any more.
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
			return fmt.Sprintf("index %s is there already, and is the one wanted: it was not built again",
				o.Index.Name), false, nil
		default:
			return fmt.Sprintf("index %s was invalid, as a build that was stopped leaves it: it was built again",
				o.Index.Name), false, nil
		}
	case *op.DropIndex:
		found, err := ddl.FindIndex(s.ctx, tx.Statement.ConnPool, o.Table, o.Index)
		if err != nil || found.Name != "" {
			return "", false, err
		}
		return fmt.Sprintf("index %s is gone already: a run was stopped before it could record the revision",
			o.Index), true, nil
	}
	return "", false, nil
}
