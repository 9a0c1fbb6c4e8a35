package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/runner"
)

// sqlUsage is the help of --sql.
const sqlUsage = "print SQL in the database's dialect instead of running it"

// moveFlags are the flags of upgrade and downgrade.
type moveFlags struct {
	plan, sql, yes, json bool
	lockTimeout          time.Duration
	steps                stepsFlag
}

// register adds the flags; script is appended to the help of --sql.
func (f *moveFlags) register(c *cobra.Command, script string) {
	c.Flags().BoolVar(&f.plan, "plan", false, "list the steps and the data they lose, without running them")
	c.Flags().BoolVar(&f.sql, "sql", false, sqlUsage+script)
	jsonFlag(c, &f.json)
	c.Flags().DurationVar(&f.lockTimeout, "lock-timeout", runner.DefaultLockTimeout,
		"how long to wait for another migration, or for a table in use")
	f.steps.register(c)
}

func upgradeCommand(program *Program) *cobra.Command {
	var f moveFlags
	c := &cobra.Command{
		Use:   "upgrade [REVISION]",
		Short: "Upgrade to a later revision (head)",
		Long: "Apply the revisions up to REVISION that are not applied yet, each in its own transaction. Programs that\n" +
			"upgrade at the same time wait for each other.\n\n" + identifiers,
		Example: "  {db} upgrade\n  {db} upgrade +1\n  {db} upgrade heads --plan\n  {db} upgrade --sql 8f0c:head | psql " +
			"-v ON_ERROR_STOP=1 \"$DATABASE_URL\"",
		Args: f.steps.atMostOne,
		RunE: run(program, func(c *cobra.Command, s *session, arguments []string) error {
			return f.run(c, s, move{kind: graph.Upgrade, target: f.steps.target(arguments, "head")})
		}),
	}
	f.register(c, "; from the base, or for a REVISION of the form FROM:TO")
	return c
}

func downgradeCommand(program *Program) *cobra.Command {
	var f moveFlags
	c := &cobra.Command{
		Use:   "downgrade [REVISION]",
		Short: "Revert to a previous revision (-1)",
		Long: "Revert the revisions after REVISION, each in its own transaction. Lists the data that is lost or changed,\n" +
			"and on a terminal asks first. If the database is at several heads, -1 must name one of them: 8f0c@-1; on a\n" +
			"terminal it asks which.\n\n" + identifiers,
		Example: "  {db} downgrade\n  {db} downgrade -2\n  {db} downgrade base --plan\n  {db} downgrade --sql head:8f0c " +
			"| psql -v ON_ERROR_STOP=1 \"$DATABASE_URL\"",
		Args: f.steps.atMostOne,
		RunE: run(program, func(c *cobra.Command, s *session, arguments []string) error {
			target := f.steps.target(arguments, "-1")
			if f.sql && target == "-1" {
				target = "head:-1" // as in the reference
			}
			return f.run(c, s, move{kind: graph.Downgrade, target: target})
		}),
	}
	f.register(c, "; for a REVISION of the form FROM:TO (head:-1)")
	c.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask before losing or changing data")
	return c
}

// errNoLockTimeout rejects a limit that could mean either no wait or no limit.
var errNoLockTimeout = hint.New(errors.New("--lock-timeout must be longer than 0s"),
	"--lock-timeout 1ms does not wait; --lock-timeout 24h waits for a day")

func (f *moveFlags) run(c *cobra.Command, s *session, m move) error {
	if f.lockTimeout <= 0 {
		return errNoLockTimeout
	}
	s.lockTimeout, m.lockTimeout = f.lockTimeout, f.lockTimeout
	err := f.do(c, s, m)
	if several, ok := errors.AsType[*graph.ManyStartsError](err); ok && s.program.Interactive {
		if m.target, err = s.askStart(c.Context(), several); err == nil {
			err = f.do(c, s, m)
		}
	}
	return m.explain(err)
}

// errPlanSQL is the error for both --plan and --sql.
var errPlanSQL = hint.New(
	errors.New("--plan and --sql cannot go together"),
	"--plan lists the steps for the database; --sql writes a script without reading it",
)

// errJSONPlan is the error for --json without --plan.
var errJSONPlan = hint.New(errors.New("--json needs --plan"), "--plan --json prints the steps")

func (f *moveFlags) do(c *cobra.Command, s *session, m move) error {
	var plan graph.Plan
	var err error
	switch {
	case f.sql && f.plan:
		return errPlanSQL
	case f.json && !f.plan:
		return errJSONPlan
	case f.sql:
		return s.printScript(c.Context(), m)
	case f.plan:
		plan, err = s.printPlan(c.Context(), f.json, m)
	default:
		plan, err = s.move(c.Context(), m, func(losses []runner.Loss, changes []change) error {
			return s.confirm(c.Context(), losses, changes, f.yes)
		})
	}
	if err != nil {
		return err
	}
	s.explainNothing(plan, m)
	return nil
}

// printPlan lists the steps of the move, and the data that each loses in the database.
func (s *session) printPlan(ctx context.Context, asJSON bool, m move) (graph.Plan, error) {
	plan, applied, err := s.plan(ctx, m)
	if err != nil {
		return plan, err
	}
	planned, sizes, err := s.planned(ctx, plan, applied)
	if err != nil {
		return plan, err
	}
	return plan, s.report(asJSON, s.planReport(planned, sizes), func(p *printer) { p.plan(planned) })
}

func (s *session) printScript(ctx context.Context, m move) error {
	script, err := s.script(ctx, m)
	if err != nil {
		return err
	}
	for _, remark := range script.Remarks {
		s.log.warn(remark)
	}
	s.printer().text(script.Text)
	return nil
}

// explainNothing logs why nothing was done: the database is at the target, or past it.
func (s *session) explainNothing(plan graph.Plan, m move) {
	if len(plan.Steps) > 0 {
		return
	}
	if s.Graph.Len() == 0 {
		s.log.infof("Nothing to do: there are no revisions yet")
		return
	}
	where := "at"
	if s.past(plan.Applied, m.target) {
		where = "past"
	}
	s.log.infof("Nothing to do: the database is already %s %s", where, m.target)
}

// past reports whether a database that has the ids applied is already beyond the target.
func (s *session) past(applied []string, target string) bool {
	wanted, err := s.Graph.At(target)
	if err != nil {
		return false
	}
	heads, _ := s.Graph.CurrentHeads(applied) // the plan knows all these ids
	ends, _ := s.Graph.CurrentHeads(wanted)
	for _, id := range ends {
		if !slices.Contains(heads, id) {
			return true
		}
	}
	return len(ends) == 0 && len(heads) > 0
}

// confirm prints the data that is lost or changed and, on a terminal, asks whether to continue.
func (s *session) confirm(ctx context.Context, losses []runner.Loss, changes []change, yes bool) error {
	lost := slices.ContainsFunc(losses, func(l runner.Loss) bool { return l.Rows != 0 })
	changed := slices.ContainsFunc(changes, func(c change) bool { return c.rows != 0 })
	if !lost && !changed {
		return nil
	}
	s.notes().losses(losses)
	s.notes().changes(changes)
	if yes || !s.program.Interactive {
		return nil
	}
	s.notes().text("Continue? [y/N] ")
	answer, _ := readLine(ctx, s.input()) // no answer means no
	if !strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), "y") {
		return errDeclined
	}
	return nil
}
