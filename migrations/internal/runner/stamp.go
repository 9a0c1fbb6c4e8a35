package runner

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"guestlist/migrations/internal/graph"
)

// row is a row of gormigrate's table.
type row struct {
	ID string `gorm:"primaryKey;column:id;size:255"`
}

// TableName implements schema.Tabler.
func (row) TableName() string { return Table }

// rowsAtOnce is how many rows one statement writes: far below the number of parameters that databases take.
const rowsAtOnce = 500

// Stamp sets the recorded revisions to the targets without running anything; with purge it forgets all others first.
func (r *Runner) Stamp(ctx context.Context, purge bool, targets ...string) (graph.Plan, error) {
	var plan graph.Plan
	err := r.alone(ctx, func(conn *gorm.DB) error {
		return r.attempts(ctx, func() (bool, error) {
			return true, conn.Transaction(func(tx *gorm.DB) (err error) {
				plan, err = r.stamp(ctx, tx, purge, targets)
				return err
			})
		})
	})
	return plan, err
}

func (r *Runner) stamp(ctx context.Context, tx *gorm.DB, purge bool, targets []string) (graph.Plan, error) {
	recorded, err := Applied(ctx, tx)
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
	return plan, record(tx, without(recorded, plan.Applied), without(plan.Applied, recorded))
}

// record takes ids out of the table and adds others.
func record(tx *gorm.DB, gone, added []string) error {
	if !tx.Migrator().HasTable(Table) {
		if err := tx.AutoMigrate(&row{}); err != nil {
			return fmt.Errorf("create the table %s: %w", Table, err)
		}
	}
	for len(gone) > 0 {
		some := gone[:min(rowsAtOnce, len(gone))]
		gone = gone[len(some):]
		if err := tx.Where("id IN ?", some).Delete(&row{}).Error; err != nil {
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
	if err := tx.CreateInBatches(rows, rowsAtOnce).Error; err != nil {
		return fmt.Errorf("record revisions: %w", err)
	}
	return nil
}
