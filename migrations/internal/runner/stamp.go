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

// rowsPerStatement is how many rows one statement writes, far below the number of parameters that databases allow.
const rowsPerStatement = 500

// Stamp records the targets as applied without running anything; with purge it first forgets all others.
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
	removed, added := without(recorded, plan.Applied), without(plan.Applied, recorded)
	if !purge { // rows of replaced revisions stay, for old programs: they mean the same
		removed = without(recorded, r.History.Graph.WithReplaced(plan.Applied))
		added = without(plan.Applied, r.History.Graph.Recorded(recorded))
	}
	if err := r.History.record(tx, removed, added); err != nil {
		return plan, err
	}
	return plan, r.History.forgetProgress(tx, slices.Concat(removed, added)...)
}

// record deletes ids from the table and inserts others.
func (h *History) record(tx *gorm.DB, removed, added []string) error {
	exists, err := h.hasTable(tx)
	if err != nil {
		return err
	}
	if !exists {
		if err := tx.Table(h.table).AutoMigrate(&row{}); err != nil {
			return fmt.Errorf("create the table %s: %w", h.table, err)
		}
	}
	for len(removed) > 0 {
		some := removed[:min(rowsPerStatement, len(removed))]
		removed = removed[len(some):]
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
	if err := tx.Table(h.table).CreateInBatches(rows, rowsPerStatement).Error; err != nil {
		return fmt.Errorf("record revisions: %w", err)
	}
	return nil
}
