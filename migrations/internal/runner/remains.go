package runner

import (
	"fmt"

	"gorm.io/gorm"

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
	return fmt.Sprintf("the revision has no transaction: %d of its %d operations are done and stay, and a run that was stopped before"+
		" may have done more; undo them by hand and run it again, or do the rest and {db} stamp %s", e.Done, e.Of, e.Revision)
}

// clearRemains looks for what an index built or dropped outside a transaction may have left when its run was stopped:
// the index, valid or not, without the revision's row. It reports whether the operation need not run any more.
func (s *step) clearRemains(tx *gorm.DB, o op.Operation) (skip bool, err error) {
	switch o := o.(type) {
	case *op.CreateIndex:
		found, err := hasIndex(tx, o.Table, o.Index.Name)
		if err != nil || !found || !o.Concurrent {
			return false, err
		}
		s.report(Event{Kind: Noted, Step: s.Step, Text: fmt.Sprintf(
			"index %s is there already: a run was stopped before it could record the revision; building it anew", o.Index.Name)})
		drop := &op.DropIndex{Table: o.Table, Index: o.Index.Name, Concurrent: true}
		return false, dropRemains(tx, drop)
	case *op.DropIndex:
		found, err := hasIndex(tx, o.Table, o.Index)
		if err != nil || found || !o.Concurrent {
			return false, err
		}
		s.report(Event{Kind: Noted, Step: s.Step, Text: fmt.Sprintf(
			"index %s is gone already: a run was stopped before it could record the revision", o.Index)})
		return true, nil
	}
	return false, nil
}

func dropRemains(tx *gorm.DB, o *op.DropIndex) error {
	err := tx.Exec("DROP INDEX CONCURRENTLY " + tx.Statement.Quote(o.Index)).Error
	if err != nil {
		return fmt.Errorf("%s, left by a run that was stopped: %w", o, err)
	}
	return nil
}

// hasIndex looks for an index of a table on PostgreSQL.
func hasIndex(tx *gorm.DB, table, index string) (bool, error) {
	var found int64
	err := tx.Raw(`SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		WHERE c.relname = ? AND i.indrelid = to_regclass(?)`, index, tx.Statement.Quote(table)).Scan(&found).Error
	if err != nil {
		return false, fmt.Errorf("look for the index %s: %w", index, err)
	}
	return found > 0, nil
}
