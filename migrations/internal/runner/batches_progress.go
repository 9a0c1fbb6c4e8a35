package runner

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// progress is the progress of a revision with batches.
type progress struct {
	Done []string `json:"done"` // finished operations, as text

	// The current walk; empty if it has not begun.
	Table string   `json:"table,omitempty"`
	Key   []string `json:"key,omitempty"`  // columns
	Last  keyValue `json:"last,omitempty"` // the key of the last row done
	Rows  int64    `json:"rows,omitempty"`
}

// afterOperation returns the progress after another operation.
func (p progress) afterOperation(o op.Operation) progress {
	return progress{Done: append(slices.Clone(p.Done), o.String())}
}

// afterBatch returns the progress after a batch of rows.
func (p progress) afterBatch(b op.Batch, rows int64) progress {
	return progress{Done: p.Done, Table: b.Table, Key: b.Key, Last: b.UpTo, Rows: p.Rows + rows}
}

func (p progress) equal(other progress) bool {
	one, err := json.Marshal(p)
	another, otherErr := json.Marshal(other)
	return err == nil && otherErr == nil && bytes.Equal(one, another)
}

// String describes what is done; it is empty if nothing is.
func (p progress) String() string {
	var parts []string
	if n := len(p.Done); n == 1 {
		parts = append(parts, "1 operation is done")
	} else if n > 1 {
		parts = append(parts, fmt.Sprintf("%d operations are done", n))
	}
	if p.Last != nil {
		parts = append(parts, fmt.Sprintf("%d rows of %s are done", p.Rows, p.Table))
	}
	return strings.Join(parts, ", and ")
}

// check rejects operations that differ from those already done. Later ones may change, because a failed operation gets
// corrected, and so may the batch size.
func (p progress) check(operations []op.Operation) error {
	for i, done := range p.Done {
		if i >= len(operations) {
			return fmt.Errorf("it has %d operations, but %d are done", len(operations), len(p.Done))
		}
		if now := operations[i].String(); now != done {
			return fmt.Errorf("operation %d is %q, but %q was done", i+1, now, done)
		}
	}
	if p.Last == nil {
		return nil
	}
	if len(p.Done) < len(operations) {
		if o, ok := operations[len(p.Done)].(*op.Batches); ok && o.Table == p.Table {
			return nil
		}
	}
	return fmt.Errorf("operation %d does not walk %s, of which %d rows are done", len(p.Done)+1, p.Table, p.Rows)
}

// batchesTable returns the name of the table of progress, which exists only while a revision with batches is half done.
func (h *History) batchesTable() string {
	const suffix = "_batches"
	name := h.table
	for len(name)+len(suffix) > schema.MaxName {
		_, last := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-last]
	}
	return name + suffix
}

// quotedBatches is batchesTable in SQL; checkTable rejects names with quotes.
func (h *History) quotedBatches() string { return `"` + h.batchesTable() + `"` }

func (h *History) hasBatchesTable(tx *gorm.DB) (bool, error) {
	query := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE"
	if dialect(tx) == schema.Postgres {
		query = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = ?"
	}
	var count int64
	if err := tx.Raw(query, h.batchesTable()).Scan(&count).Error; err != nil {
		return false, fmt.Errorf("look for the table %s: %w", h.batchesTable(), err)
	}
	return count > 0, nil
}

// readProgress returns the progress of a step; the zero value if it has not begun.
func (h *History) readProgress(tx *gorm.DB, step graph.Step) (now progress, err error) {
	exists, err := h.hasBatchesTable(tx)
	if err != nil || !exists {
		return now, err
	}
	var states []string
	err = tx.Raw("SELECT state FROM "+h.quotedBatches()+" WHERE revision = ? AND direction = ?",
		step.Revision, step.Kind.String()).Scan(&states).Error
	if err == nil && len(states) > 0 {
		err = json.Unmarshal([]byte(states[0]), &now)
	}
	if err != nil {
		return now, fmt.Errorf("read the progress of the revision from %s: %w", h.batchesTable(), err)
	}
	return now, nil
}

// checkHalfDone rejects half-done steps that no longer have batches, because nothing else would read their progress.
func (h *History) checkHalfDone(conn *gorm.DB, steps []graph.Step) error {
	exists, err := h.hasBatchesTable(conn)
	if err != nil || !exists {
		return err
	}
	for _, step := range steps {
		operations, err := h.Operations(step)
		if err != nil {
			return err
		}
		now, err := h.readProgress(conn, step)
		if err != nil {
			return err
		}
		if now.String() != "" && !hasBatches(operations) {
			return h.inRevision(step.Revision, h.changed(step, errors.New("it has no batches, but "+now.String())))
		}
	}
	return nil
}

// changed returns the error for a half-done step that was edited.
func (h *History) changed(step graph.Step, err error) error {
	return hint.New(fmt.Errorf("the revision was changed while half done: %w", err),
		fmt.Sprintf("restore the operations that are done; or undo them by hand, and DELETE FROM %s WHERE revision = %s "+
			"to start over", h.batchesTable(), literal(step.Revision)))
}

func (h *History) createBatches(tx *gorm.DB) error {
	err := tx.Exec("CREATE TABLE IF NOT EXISTS " + h.quotedBatches() +
		" (revision text NOT NULL, direction text NOT NULL, state text NOT NULL, PRIMARY KEY (revision, direction))").Error
	if err != nil {
		return fmt.Errorf("create the table %s: %w", h.batchesTable(), err)
	}
	return nil
}

func (h *History) writeProgress(tx *gorm.DB, step graph.Step, now progress) error {
	state, err := json.Marshal(now)
	if err == nil {
		err = tx.Exec("INSERT INTO "+h.quotedBatches()+" (revision, direction, state) VALUES (?, ?, ?)"+
			" ON CONFLICT (revision, direction) DO UPDATE SET state = excluded.state",
			step.Revision, step.Kind.String(), string(state)).Error
	}
	if err != nil {
		return fmt.Errorf("write the progress of the revision to %s: %w", h.batchesTable(), err)
	}
	return nil
}

// forgetProgress deletes the progress of revisions that are done or stamped, and drops the table after the last.
func (h *History) forgetProgress(tx *gorm.DB, ids ...string) error {
	exists, err := h.hasBatchesTable(tx)
	if err != nil || !exists {
		return err
	}
	for some := range slices.Chunk(ids, rowsPerStatement) {
		err = errors.Join(err, tx.Exec("DELETE FROM "+h.quotedBatches()+" WHERE revision IN ?", some).Error)
	}
	var left int64
	if err == nil {
		err = tx.Raw("SELECT count(*) FROM " + h.quotedBatches()).Scan(&left).Error
	}
	if err == nil && left == 0 {
		err = tx.Exec("DROP TABLE " + h.quotedBatches()).Error
	}
	if err != nil {
		return fmt.Errorf("delete the progress in %s: %w", h.batchesTable(), err)
	}
	return nil
}
