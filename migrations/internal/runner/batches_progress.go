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

// progress is how far a revision with batches is.
type progress struct {
	Done []string `json:"done"` // operations, as text

	// Of the walk that comes next, unless it has not begun.
	Table string   `json:"table,omitempty"`
	Key   []string `json:"key,omitempty"`  // columns
	Last  keyValue `json:"last,omitempty"` // of the last row
	Rows  int64    `json:"rows,omitempty"`
}

// with returns the progress after another operation.
func (p progress) with(o op.Operation) progress {
	return progress{Done: append(slices.Clone(p.Done), o.String())}
}

// past returns the progress after a batch.
func (p progress) past(b op.Batch, rows int64) progress {
	return progress{Done: p.Done, Table: b.Table, Key: b.Key, Last: b.UpTo, Rows: p.Rows + rows}
}

func (p progress) equal(other progress) bool {
	one, err := json.Marshal(p)
	another, otherErr := json.Marshal(other)
	return err == nil && otherErr == nil && bytes.Equal(one, another)
}

// String says what is done; it is empty where nothing is.
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

// check refuses operations that are not those of which some are done. Those that come after may be others, as one that
// failed is corrected; so may the size of batches that are not done.
func (p progress) check(operations []op.Operation) error {
	for i, done := range p.Done {
		if i >= len(operations) {
			return fmt.Errorf("it has %d operations, and %d are done", len(operations), len(p.Done))
		}
		if is := operations[i].String(); is != done {
			return fmt.Errorf("operation %d is %q, and done is %q", i+1, is, done)
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

// batchesTable is the table of the progress of revisions with batches. It is there while one is half done.
func (h *History) batchesTable() string {
	const suffix = "_batches"
	name := h.table
	for len(name)+len(suffix) > schema.MaxName {
		_, last := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-last]
	}
	return name + suffix
}

// quotedBatches is batchesTable in SQL; checkTable sees to it that the name has no quotes.
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

// readProgress returns how far a step is.
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
		return now, fmt.Errorf("read from %s how far the revision is: %w", h.batchesTable(), err)
	}
	return now, nil
}

// checkHalfDone refuses steps that are half done and have no batches any more, so that nothing else would look at the
// progress.
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
			return h.inRevision(step.Revision, h.changed(step, errors.New("it has no batches, and "+now.String())))
		}
	}
	return nil
}

// changed is the error of a half done step that is no longer what it was.
func (h *History) changed(step graph.Step, err error) error {
	return hint.New(fmt.Errorf("the revision was changed while it was half done: %w", err),
		fmt.Sprintf("make it what it was, as far as it is done; or undo that by hand, and DELETE FROM %s WHERE revision = %s"+
			" to begin again", h.batchesTable(), literal(step.Revision)))
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
		return fmt.Errorf("write to %s how far the revision is: %w", h.batchesTable(), err)
	}
	return nil
}

// forgetProgress forgets the progress of revisions that are done, or counted as such, and drops the table after the
// last.
func (h *History) forgetProgress(tx *gorm.DB, ids ...string) error {
	exists, err := h.hasBatchesTable(tx)
	if err != nil || !exists {
		return err
	}
	for some := range slices.Chunk(ids, rowsAtOnce) {
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
		return fmt.Errorf("forget the progress in %s: %w", h.batchesTable(), err)
	}
	return nil
}
