package runner

import (
	"context"
	"errors"

	"github.com/go-gormigrate/gormigrate/v2"
	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// execution is one run: the schema moves on with every step.
type execution struct {
	*Runner
	conn   *gorm.DB
	schema schema.Schema
}

func (e *execution) steps(ctx context.Context, steps []graph.Step) error {
	for _, step := range steps {
		if err := e.step(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

// step carries out one revision, unless another program has done so in the meantime.
func (e *execution) step(ctx context.Context, step graph.Step) error {
	operations, err := e.History.Operations(step)
	if err != nil {
		return err
	}
	w := &work{execution: e, ctx: ctx, step: step, operations: operations, after: e.schema}
	began := e.now()
	err = e.retryBusy(ctx, func() (bool, error) {
		err := w.run()
		return w.begun, err
	})
	if err != nil {
		return err
	}
	if w.begun {
		e.report(Event{Kind: Finished, Step: step, Took: e.now().Sub(began)})
		e.schema = w.after
		return nil
	}
	e.schema, err = e.History.after(step, e.schema)
	return err
}

// work is one revision in one direction.
type work struct {
	*execution
	ctx        context.Context
	step       graph.Step
	operations []op.Operation
	begun      bool
	after      schema.Schema
}

// errDone stops a downgrade that another program has carried out.
var errDone = errors.New("the revision is not applied any more")

// run has gormigrate execute the revision: it calls perform, unless the revision is applied, and writes its row.
func (w *work) run() error {
	migration := &gormigrate.Migration{ID: w.step.Revision, Migrate: w.perform, Rollback: w.perform}
	together := w.History.transactional(dialect(w.conn), w.step.Revision, w.operations)
	options := &gormigrate.Options{TableName: Table, UseTransaction: together}
	g := gormigrate.New(w.conn.WithContext(w.ctx), options, []*gormigrate.Migration{migration})
	if w.step.Kind == graph.Upgrade {
		return g.Migrate()
	}
	err := g.RollbackMigration(migration)
	if errors.Is(err, errDone) {
		return nil
	}
	return err
}

func (w *work) perform(tx *gorm.DB) error {
	if w.step.Kind == graph.Downgrade {
		if applied, err := isApplied(tx, w.step.Revision); err != nil || !applied {
			return errors.Join(err, errDone)
		}
	}
	w.begun = true
	w.report(Event{Kind: Started, Step: w.step})
	for _, o := range w.operations {
		if err := w.operation(tx, o); err != nil {
			return w.History.inRevision(w.step.Revision, err)
		}
	}
	if err := checkForeignKeys(tx); err != nil {
		return w.History.inRevision(w.step.Revision, err)
	}
	return nil
}

func (w *work) operation(tx *gorm.DB, o op.Operation) error {
	if err := ddl.Execute(w.ctx, tx, o, w.after); err != nil {
		return err
	}
	after, err := o.Apply(w.after)
	if err != nil {
		return err
	}
	w.after = after
	return nil
}

func isApplied(tx *gorm.DB, id string) (bool, error) {
	var count int64
	err := tx.Table(Table).Where("id = ?", id).Count(&count).Error
	return count > 0, err
}
