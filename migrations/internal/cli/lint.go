package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/lint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// never is the level of --fail-on that no finding reaches.
const never = "never"

// lintFlags are the flags of lint.
type lintFlags struct {
	failOn                    string
	rolling, database, asJSON bool
}

func lintCommand(program *Program) *cobra.Command {
	var f lintFlags
	c := &cobra.Command{
		Use:   "lint [RANGE]",
		Short: "Report what revisions do to a live database, and safer ways",
		Long: "List the locks that PostgreSQL takes in each step, whether a table is read or rewritten meanwhile, and how\n" +
			"to do the same without blocking others. A finding is\n\n" +
			"  note       brief locks, or locks that block nobody\n" +
			"  warning    blocks writes while the work is done, or the work is unknown\n" +
			"  error      blocks reads and writes while the work is done\n\n" +
			"The end says whether the old program can run on the new schema, as it does during a rolling upgrade. Findings\n" +
			"of a revision with a reason in Safe are notes, and its changes that would break the program are listed after\n" +
			"\"unless\". Then follows how to make each kind of change in several releases: drop-column, rename-table,\n" +
			"add-unique and so on.\n\n" +
			"Without a RANGE, lint checks the revisions that the database lacks, with the sizes of its tables. A RANGE is\n" +
			"FROM:TO, the upgrade from one to the other, or one REVISION. The exit status is 1 for findings of the level of\n" +
			"--fail-on or worse, and with --rolling if the old program cannot run.\n\n" + identifiers,
		Example: "  {db} lint\n  {db} lint head\n  {db} lint 8f0c:head --fail-on warning --rolling",
		Args: func(c *cobra.Command, arguments []string) error {
			if len(arguments) > 1 {
				return extraArguments(arguments[1:], "one RANGE is enough; see "+c.CommandPath()+" --help")
			}
			return nil
		},
		RunE: run(program, func(c *cobra.Command, s *session, arguments []string) error {
			return f.run(c.Context(), s, strings.Join(arguments, ""))
		}),
	}
	c.Flags().StringVar(&f.failOn, "fail-on", lint.Error.String(),
		"the lowest level of findings that fails: note, warning, error or never")
	c.Flags().BoolVar(&f.rolling, "rolling", false, "fail if the old program cannot run on the new schema")
	c.Flags().BoolVar(&f.database, "database", false, "read the sizes of tables from the database also for a RANGE")
	jsonFlag(c, &f.asJSON)
	return c
}

func (f *lintFlags) run(ctx context.Context, s *session, span string) error {
	worst := lint.Error + 1
	if f.failOn != never {
		var err error
		if worst, err = lint.ParseLevel(f.failOn); err != nil {
			return hint.New(err, "the levels are note, warning and error; never turns failures off")
		}
	}
	plan, applied, err := s.lintPlan(ctx, span)
	if err != nil {
		return err
	}
	l, err := s.linter(ctx, applied, span == "" || f.database)
	if err != nil {
		return err
	}
	found, err := l.steps(plan)
	if err != nil {
		return err
	}
	if err := s.report(f.asJSON, found.report(s, l.sizes), func(p *printer) { p.lint(found, span) }); err != nil {
		return err
	}
	return found.verdict(worst, f.rolling)
}

// lintPlan returns the steps of a range, and the ids that are applied before them.
func (s *session) lintPlan(ctx context.Context, span string) (plan graph.Plan, applied []string, err error) {
	from, to, isRange := strings.Cut(span, ":")
	switch {
	case span == "":
		to = "heads"
		applied, err = s.applied(ctx)
	case isRange:
		if to == "" {
			to = "heads"
		}
		if from != "" {
			applied, err = s.Graph.At(from)
		}
	default:
		to = span
		applied, err = s.below(ctx, span)
	}
	if err != nil {
		return plan, nil, err
	}
	plan, err = s.Graph.Upgrade(applied, to)
	if err == nil {
		err = s.Rehearse(applied, plan)
	}
	return plan, applied, err
}

// below returns the ids that are applied below the revisions of a target.
func (s *session) below(ctx context.Context, target string) ([]string, error) {
	own, err := s.find(ctx, target)
	if err != nil {
		return nil, err
	}
	all, err := s.Graph.At(target)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(id string) bool { return slices.Contains(ids(own), id) }), nil
}

// linter checks steps one by one.
type linter struct {
	s      *session
	schema schema.Schema // before the next step
	sizes  lint.Sizes
}

// linter returns a linter for a database with the applied ids. If ask is set and the database is PostgreSQL, it reads
// the sizes of its tables.
func (s *session) linter(ctx context.Context, applied []string, ask bool) (*linter, error) {
	before, err := s.SchemaAt(applied)
	if err != nil {
		return nil, err
	}
	l := &linter{s: s, schema: before}
	if !ask {
		return l, nil
	}
	db, err := s.database(ctx)
	if err != nil {
		return nil, err
	}
	if schema.Dialect(db.Name()) == schema.Postgres {
		l.sizes, err = lint.Live(db.WithContext(ctx), before)
	}
	return l, err
}

// lintedStep are the findings of one step.
type lintedStep struct {
	graph.Step

	inTransaction bool
	safe          string
	findings      []lint.Finding
}

// lintedSteps are the findings of all steps.
type lintedSteps struct {
	all     []lintedStep
	rolling lint.Rolling
}

func (l *linter) steps(plan graph.Plan) (lintedSteps, error) {
	found := lintedSteps{}
	for _, step := range plan.Steps {
		before := l.schema
		one, operations, err := l.step(step)
		if err != nil {
			return found, err
		}
		found.all = append(found.all, one)
		if err := found.rolling.Add(before, lint.Revision{Operations: operations, Safe: one.safe}); err != nil {
			return found, err
		}
	}
	for _, reasons := range [][]lint.Reason{found.rolling.Breaks, found.rolling.Unless} {
		for i, reason := range reasons {
			reasons[i].Instead = hint.Fill(reason.Instead, l.s.program.command(l.s.env))
		}
	}
	return found, nil
}

// step checks the next step.
func (l *linter) step(step graph.Step) (lintedStep, []op.Operation, error) {
	operations, err := l.s.Operations(step)
	if err != nil {
		return lintedStep{}, nil, err
	}
	one := lintedStep{Step: step, safe: l.s.Revision(step.Revision).Safe}
	if one.inTransaction, err = l.s.InTransaction(schema.Postgres, step); err != nil {
		return one, nil, err
	}
	r := lint.Revision{Operations: operations, InTransaction: one.inTransaction, Safe: one.safe}
	if one.findings, err = lint.Find(l.schema, r, l.sizes); err != nil {
		return one, nil, err
	}
	for i, f := range one.findings {
		one.findings[i].Safer = hint.Fill(f.Safer, l.s.program.command(l.s.env))
	}
	l.schema, err = op.ApplyAll(l.schema, operations)
	return one, operations, err
}

// draftLocks logs what a draft does to a live PostgreSQL database, and returns warnings about what blocks others. For a
// series, which is meant to block nobody, it logs nothing.
func (s *session) draftLocks(d autogen.Draft) ([]string, error) {
	r := lint.Revision{Operations: diff.Operations(d.Plan.Upgrade), InTransaction: !d.NoTransaction}
	findings, err := lint.Find(d.Before, r, nil)
	var warnings []string
	for _, f := range findings {
		switch {
		case f.Level > lint.Note:
			warnings = append(warnings, fmt.Sprintf("on PostgreSQL, %s takes %s. Safer: %s", f.Operation, f.Text,
				hint.Fill(f.Safer, s.program.command(s.env))))
		case d.Title == "":
			s.log.infof("On PostgreSQL, %s takes %s", f.Operation, f.Text)
		}
	}
	return warnings, err
}

// verdict returns the error for findings of the level worst or above.
func (found lintedSteps) verdict(worst lint.Level, rolling bool) error {
	counts := map[lint.Level]int64{}
	for _, step := range found.all {
		for _, f := range step.findings {
			counts[f.Level]++
		}
	}
	var words []string
	for level := lint.Error; level >= worst; level-- {
		if counts[level] > 0 {
			words = append(words, counted(counts[level], level.String()))
		}
	}
	var failures, hints []string
	if len(words) > 0 {
		failures = append(failures, "lint found "+strings.Join(words, " and "))
		hints = append(hints, "take the safer way, or say in the revision's Safe why it does no harm")
	}
	if rolling && !found.rolling.CanRun() {
		failures = append(failures, "the old program cannot run on the new schema")
		hints = append(hints, "make the change in several revisions, as {db} migrate --online does")
	}
	if len(failures) == 0 {
		return nil
	}
	return hint.New(errors.New(strings.Join(failures, ", and ")), strings.Join(hints, "; "))
}
