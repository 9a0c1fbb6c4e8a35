package autogen

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// The ids of the two revisions of a trial.
const (
	trialBefore = "before"
	trialDraft  = "draft"
)

// Try runs the draft up, down, up and down again on a scratch database with a row in each table. If it works only with
// empty tables, Try returns a warning; if it fails on them too, an error, and the draft should not be written. If no
// scratch database is available, the error is a ScratchError.
func Try(ctx context.Context, scratch Scratch, d Draft) (warnings []string, err error) {
	t := trial{Draft: d, scratch: scratch}
	withRows := t.run(ctx, true)
	switch {
	case withRows == nil:
		return t.warnings, nil
	case noScratch(withRows) && ctx.Err() == nil:
		return nil, withRows
	}
	err = t.run(ctx, false)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case noScratch(err):
		return nil, err
	case err == nil && foreseen(d.Plan, withRows):
		return nil, nil
	case err == nil:
		return []string{fmt.Sprintf("on %s, it works only on empty tables; with a row in each, it fails: %v", scratch.Name,
			withRows)}, nil
	case t.unknown(ctx):
		asking := "the models ask for"
		if d.squash != nil {
			asking = "the revisions do"
		}
		return []string{fmt.Sprintf("not tried, as %s does not support what %s: %v", scratch.Name, asking, err)}, nil
	}
	return nil, hint.New(fmt.Errorf("not written: the trial on an empty %s database failed: %w", scratch.Name, err),
		"--dry-run prints it; make the change in two revisions, or write it by hand with {db} revision")
}

// foreseen reports whether the plan warns of the operation that failed in a trial.
func foreseen(p diff.Plan, failure error) bool {
	if failed, ok := errors.AsType[*ddl.OperationError](failure); ok {
		return p.Foresees(failed.Operation)
	}
	_, dangling := errors.AsType[*runner.DanglingError](failure)
	return dangling && p.Foresees(nil)
}

// trial is the trial of a draft on a scratch database.
type trial struct {
	Draft

	scratch  Scratch
	warnings []string
}

// run tries the draft, whole or in parts, each on its own scratch database.
func (t *trial) run(ctx context.Context, rows bool) error {
	for _, part := range t.parts() {
		err := part.runWhole(ctx, rows)
		t.warnings = append(t.warnings, part.warnings...)
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *trial) runWhole(ctx context.Context, rows bool) (err error) {
	before := t.Before
	if !hasCode(diff.Operations(t.Plan.Upgrade)) {
		before = only(before, concerned(t.Before, t.After))
	}
	start, err := diff.Diff(schema.Schema{}, before)
	if err != nil {
		return err
	}
	return t.onScratch(ctx, func(db *gorm.DB) error {
		run, err := trialRunner(db, start, t.Revision())
		if err != nil {
			return err
		}
		if _, err := run.Upgrade(ctx, trialBefore); err != nil {
			return err
		}
		if rows {
			insertEach(db.WithContext(ctx), diff.Operations(start.Upgrade))
		}
		for range 2 {
			if _, err := run.Upgrade(ctx, trialDraft); err != nil {
				return fmt.Errorf("upgrade: %w", cause(err))
			}
			if t.squash != nil && t.squash.oneWay {
				return nil
			}
			if _, err := run.Downgrade(ctx, trialBefore); err != nil {
				return fmt.Errorf("downgrade: %w", cause(err))
			}
		}
		t.warnOfDefaults(ctx, db)
		return nil
	})
}

// hasCode reports whether there is SQL or Go code, which may use any table.
func hasCode(operations []op.Operation) bool {
	return slices.ContainsFunc(operations, func(o op.Operation) bool {
		switch o.(type) {
		case *op.SQL, *op.Run, *op.Batches:
			return true
		default:
			return false
		}
	})
}

// warnOfDefaults warns of defaults that SQLite cannot compute: the revision would be refused there.
func (t *trial) warnOfDefaults(ctx context.Context, db *gorm.DB) {
	for _, o := range diff.Operations(t.Plan.Upgrade) {
		if refused := ddl.CheckDefaults(ctx, db, o); refused != nil {
			t.warnings = append(t.warnings, fmt.Sprintf("an upgrade of a SQLite database is refused: %v", refused))
		}
	}
}

// cause returns the error of the failed operation, without the name of a revision that is not written yet.
func cause(err error) error {
	if failed, ok := errors.AsType[*ddl.OperationError](err); ok {
		return failed
	}
	return err
}

// onScratch calls do with a new scratch database.
func (t *trial) onScratch(ctx context.Context, do func(db *gorm.DB) error) (err error) {
	db, remove, err := t.scratch.open(ctx, t.schemas())
	if err != nil {
		return &ScratchError{err}
	}
	defer func() {
		if failed := remove(); failed != nil {
			err = errors.Join(err, &ScratchError{failed})
		}
	}()
	return do(db)
}

func trialRunner(db *gorm.DB, start diff.Plan, drafted revision.Revision) (*runner.Runner, error) {
	drafted.ID, drafted.DownRevision, drafted.DependsOn, drafted.BranchLabels = trialDraft, []string{trialBefore}, nil, nil
	drafted.Replaces = nil
	before := revision.Revision{ID: trialBefore,
		Upgrade: func(m *op.Migration) { m.Add(diff.Operations(start.Upgrade)...) }}
	history, err := runner.NewHistory(runner.DefaultTable, []revision.Revision{before, drafted})
	return &runner.Runner{DB: db, History: history, Trial: true}, err
}

// unknown reports whether the database refuses the schema before or after the draft even when it is built from nothing,
// or the revisions that a squash replaces.
func (t *trial) unknown(ctx context.Context) bool {
	for _, whole := range []schema.Schema{t.Before, t.After} {
		plan, err := diff.Diff(schema.Schema{}, whole)
		if err != nil {
			return false
		}
		if t.refused(ctx, plan, revision.Revision{}) {
			return true
		}
	}
	if t.squash == nil {
		return false
	}
	start, err := diff.Diff(schema.Schema{}, t.Before)
	return err == nil && t.refused(ctx, start, revision.Revision{
		Upgrade: func(m *op.Migration) { m.Add(t.squash.operations...) },
	})
}

// refused reports whether the database refuses the plan, or the revision on top of it.
func (t *trial) refused(ctx context.Context, start diff.Plan, next revision.Revision) bool {
	return t.onScratch(ctx, func(db *gorm.DB) error {
		run, err := trialRunner(db, start, next)
		if err == nil {
			_, err = run.Upgrade(ctx, trialDraft)
		}
		return err
	}) != nil
}

// concerned returns the tables that differ, those that reference them, and all that any of these reference: enough to
// try a change, and few in a large schema.
func concerned(before, after schema.Schema) []string {
	var names []string
	known := map[string]bool{}
	add := func(name string) {
		if !known[name] {
			known[name] = true
			names = append(names, name)
		}
	}
	for _, t := range before.Tables() {
		now, stays := after.Table(t.Name)
		if !stays || !diff.SameTable(t, now) {
			add(t.Name)
			for _, r := range before.References(t.Name) {
				add(r.Table)
			}
		}
	}
	for _, name := range after.Names() { // new tables may reference old ones
		if _, old := before.Table(name); !old {
			add(name)
		}
	}
	for i := 0; i < len(names); i++ {
		was, _ := before.Table(names[i])
		is, _ := after.Table(names[i])
		for _, k := range slices.Concat(was.ForeignKeys, is.ForeignKeys) {
			add(k.RefTable)
		}
	}
	return names
}

// only returns the schema of the named tables.
func only(s schema.Schema, tables []string) schema.Schema {
	some := make([]schema.Table, 0, len(tables))
	for _, name := range tables {
		if t, ok := s.Table(name); ok {
			some = append(some, t)
		}
	}
	return schema.New(some...)
}
