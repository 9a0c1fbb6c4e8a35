package runner

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"guestlist/migrations/internal/graph"
)

// row is a row of gormigrate's table.
type row struct {
	ID string `gorm:"primaryKey;column:id;size:255"`
}

// rowsAtOnce is how many rows one statement writes: far below the number of parameters that databases take.
const rowsAtOnce = 500

// Stamp sets the recorded revisions to the targets without running anything; with purge it forgets all others first.
func (r *Runner) Stamp(ctx context.Context, purge bool, targets ...string) (graph.Plan, error) {
	var plan graph.Plan
	err := r.withMigrationLock(ctx, func(conn *gorm.DB) error {
		return r.attempts(ctx, func() (retry, error) {
			tx, err := begin(conn)
			if err != nil {
				return soon, err
			}
			if plan, err = r.stamp(on(conn, tx), purge, targets); err == nil {
				err = tx.Commit()
			}
			if err != nil {
				undo(conn, tx)
			}
			return soon, err
		})
	})
	return plan, err
}

func (r *Runner) stamp(tx *gorm.DB, purge bool, targets []string) (graph.Plan, error) {
	recorded, err := r.History.applied(tx)
	if err != nil {
		return graph.Plan{}, err
	}
	var counted []string
	if !purge {
		counted = recorded
	}
	plan, err := r.History.Graph.Stamp(counted, targets...)
	if err != nil {
		return plan, err
	}
	gone, added := without(recorded, plan.Applied), without(plan.Applied, recorded)
	if !purge { // the rows of what was replaced stay, for old programs: they say the same
		gone = without(recorded, r.History.Graph.WithReplaced(plan.Applied))
		added = without(plan.Applied, r.History.Graph.Recorded(recorded))
	}
	if err := r.History.record(tx, gone, added); err != nil {
		return plan, err
	}
	return plan, r.History.forgetProgress(tx, slices.Concat(gone, added)...)
}

// record takes ids out of the table and adds others.
func (h *History) record(tx *gorm.DB, gone, added []string) error {
	exists, err := h.hasTable(tx)
	if err != nil {
		return err
	}
	if !exists {
		if err := tx.Table(h.table).AutoMigrate(&row{}); err != nil {
			return fmt.Errorf("create the table %s: %w", h.table, err)
		}
	}
	for len(gone) > 0 {
		some := gone[:min(rowsAtOnce, len(gone))]
		gone = gone[len(some):]
		if err := tx.Table(h.table).Where("id IN ?", some).Delete(&row{}).Error; err != nil {
			return fmt.Errorf("forget revisions: %w", err)
		}
	}
	rows := make([]row, 0, len(added))
	for _, id := range added {
		rows = append(rows, row{ID: id})
	}
	if len(rows) == 0 {
		return nil
	}
	if err := tx.Table(h.table).CreateInBatches(rows, rowsAtOnce).Error; err != nil {
		return fmt.Errorf("record revisions: %w", err)
	}
	return nil
}
