package migrations

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// The two revisions of a trial: what was there, and what is drafted.
const (
	trialBefore = "before"
	trialDraft  = "draft"
)

// try runs the draft up, down and up again on a database in memory with a row in each of its tables. What works on empty
// tables only is written with a warning; what works nowhere is not written.
func (s *session) try(ctx context.Context, d *draft) error {
	if s.env.Scratch == nil {
		return nil
	}
	withRows := s.trial(ctx, d, true)
	if withRows == nil {
		return nil
	}
	err := s.trial(ctx, d, false)
	switch {
	case err == nil && !foreseen(d.plan, withRows):
		s.log.warn(fmt.Sprintf("on SQLite it works where the tables are empty; with a row in each: %v", withRows))
		return nil
	case err == nil || ctx.Err() != nil:
		return ctx.Err()
	case s.unknownToSQLite(ctx, d):
		s.log.warn(fmt.Sprintf("not tried, as SQLite does not know what the models ask for: %v", err))
		return nil
	}
	return &hinted{
		fmt.Errorf("not written: tried on an empty SQLite database, it fails: %w", err),
		"--dry-run prints it; make the change in two revisions, or write it by hand with db revision",
	}
}

// foreseen tells whether the plan warns of exactly that which made a trial fail.
func foreseen(p diff.Plan, failure error) bool {
	if failed, ok := errors.AsType[*ddl.OperationError](failure); ok {
		return p.Foresees(failed.Operation)
	}
	return kind[*runner.DanglingError](failure) && p.Foresees(nil)
}

// trial runs the draft on a database of its own.
func (s *session) trial(ctx context.Context, d *draft, rows bool) (err error) {
	tables := concerned(d.before, d.after)
	start, err := diff.Diff(schema.Schema{}, only(d.before, tables))
	if err != nil {
		return err
	}
	return s.onScratch(func(db *gorm.DB) error {
		run, err := trialRunner(db, start, d.revision())
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
			if _, err := run.Downgrade(ctx, trialBefore); err != nil {
				return fmt.Errorf("downgrade: %w", cause(err))
			}
		}
		return nil
	})
}

// cause is the operation that failed, without the name of a revision that is not written yet.
func cause(err error) error {
	if failed, ok := errors.AsType[*ddl.OperationError](err); ok {
		return failed
	}
	return err
}

// onScratch lends a database in memory.
func (s *session) onScratch(do func(db *gorm.DB) error) (err error) {
	db, err := s.env.Scratch()
	if err != nil {
		return fmt.Errorf("open a database in memory: %w", err)
	}
	pool, err := db.DB()
	if err != nil {
		return fmt.Errorf("open a database in memory: %w", err)
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	return do(db)
}

func trialRunner(db *gorm.DB, start diff.Plan, drafted revision.Revision) (*runner.Runner, error) {
	drafted.ID, drafted.DownRevision, drafted.DependsOn, drafted.BranchLabels = trialDraft, []string{trialBefore}, nil, nil
	before := revision.Revision{ID: trialBefore, Upgrade: func(m *op.Migration) { m.Add(diff.Operations(start.Upgrade)...) }}
	history, err := runner.NewHistory(runner.DefaultTable, []revision.Revision{before, drafted})
	return &runner.Runner{DB: db, History: history}, err
}

// unknownToSQLite tells whether SQLite refuses the schema before or behind the draft, however it comes about.
func (s *session) unknownToSQLite(ctx context.Context, d *draft) bool {
	for _, whole := range []schema.Schema{d.before, d.after} {
		plan, err := diff.Diff(schema.Schema{}, whole)
		if err != nil {
			return false
		}
		err = s.onScratch(func(db *gorm.DB) error {
			run, err := trialRunner(db, plan, revision.Revision{})
			if err != nil {
				return err
			}
			_, err = run.Upgrade(ctx, trialBefore)
			return err
		})
		if err != nil {
			return true
		}
	}
	return false
}

// concerned lists the tables that differ, those that point at them, and all that any of these point at: enough to try a
// change on, and few where a schema is large.
func concerned(before, after schema.Schema) []string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	is := map[string]schema.Table{}
	for _, t := range after.Tables() {
		is[t.Name] = t
	}
	was := map[string]schema.Table{}
	for _, t := range before.Tables() {
		was[t.Name] = t
		now, stays := is[t.Name]
		if !stays || !diff.SameTable(t, now) {
			add(t.Name)
			for _, r := range before.References(t.Name) {
				add(r.Table)
			}
		}
	}
	for _, t := range after.Tables() { // new tables may point at old ones
		if _, old := was[t.Name]; !old {
			add(t.Name)
		}
	}
	for i := 0; i < len(names); i++ {
		for _, k := range slices.Concat(was[names[i]].ForeignKeys, is[names[i]].ForeignKeys) {
			add(k.RefTable)
		}
	}
	return names
}

// only is the schema of the tables named.
func only(s schema.Schema, tables []string) schema.Schema {
	var some schema.Schema
	for _, t := range s.Tables() {
		if slices.Contains(tables, t.Name) {
			some = some.With(t)
		}
	}
	return some
}
