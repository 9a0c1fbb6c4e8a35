package migrations

import (
	"bufio"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/runner"
)

// moveFlags are those of upgrade and downgrade.
type moveFlags struct {
	plan, sql, yes bool
	lockTimeout    time.Duration
	steps          stepsFlag
}

func (f *moveFlags) register(c *cobra.Command) {
	c.Flags().BoolVar(&f.plan, "plan", false, "list the steps, and change nothing")
	c.Flags().BoolVar(&f.sql, "sql", false, "print SQL instead of running it, from the base or a REVISION of the form FROM:TO")
	c.Flags().DurationVar(&f.lockTimeout, "lock-timeout", runner.DefaultLockTimeout, "how long to wait for another migration")
	f.steps.register(c)
}

func upgradeCommand(env *Environment) *cobra.Command {
	var f moveFlags
	c := &cobra.Command{
		Use:   "upgrade [REVISION]",
		Short: "Upgrade to a later revision (head)",
		Long: "Apply what leads to REVISION and is not applied yet, each revision in a transaction of its own.\n" +
			"Programs that do so at the same time wait for each other.\n\n" + identifiers,
		Example: "  db upgrade\n  db upgrade +1\n  db upgrade heads --plan\n  db upgrade --sql 8f0c:head | psql -v ON_ERROR_STOP=1",
		Args:    f.steps.atMostOne,
		RunE: run(env, func(c *cobra.Command, s *session, arguments []string) error {
			return f.run(c, s, move{kind: graph.Upgrade, target: f.steps.target(arguments, "head")})
		}),
	}
	f.register(c)
	return c
}

func downgradeCommand(env *Environment) *cobra.Command {
	var f moveFlags
	c := &cobra.Command{
		Use:   "downgrade [REVISION]",
		Short: "Revert to a previous revision (-1)",
		Long: "Take back what stands above REVISION, each revision in a transaction of its own. On a terminal, it says what\n" +
			"data is lost and asks first.\n\n" + identifiers,
		Example: "  db downgrade\n  db downgrade -2\n  db downgrade base --plan\n  db downgrade --sql head:8f0c",
		Args:    f.steps.atMostOne,
		RunE: run(env, func(c *cobra.Command, s *session, arguments []string) error {
			target := f.steps.target(arguments, "-1")
			if f.sql && target == "-1" {
				target = "head:-1" // the reference takes it for this
			}
			return f.run(c, s, move{kind: graph.Downgrade, target: target})
		}),
	}
	f.register(c)
	c.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask before data is lost")
	return c
}

func (f *moveFlags) run(c *cobra.Command, s *session, m move) error {
	m.lockTimeout = f.lockTimeout
	return m.explain(f.do(c, s, m))
}

func (f *moveFlags) do(c *cobra.Command, s *session, m move) error {
	switch {
	case f.sql:
		script, err := s.script(c.Context(), m)
		if err != nil {
			return err
		}
		for _, remark := range script.Remarks {
			s.log.warn(remark)
		}
		s.printer().text(script.Text)
		return nil
	case f.plan:
		plan, err := s.plan(c.Context(), m)
		if err != nil {
			return err
		}
		return s.printer().plan(plan)
	}
	plan, err := s.move(c.Context(), m, func(losses []runner.Loss) error { return s.confirm(losses, f.yes) })
	if err != nil {
		return err
	}
	for _, warning := range plan.Warnings {
		s.log.warn(warning)
	}
	s.explainNothing(plan, m)
	return nil
}

// explainNothing tells why nothing happened where that was not to be expected.
func (s *session) explainNothing(plan graph.Plan, m move) {
	symbolic := m.target == "head" || m.target == "heads" || m.target == "base"
	if len(plan.Steps) == 0 && !symbolic {
		s.log.infof("Nothing to do: the database is at %s already", m.target)
	}
}

// confirm tells what data is lost and, on a terminal, asks whether it may be.
func (s *session) confirm(losses []runner.Loss, yes bool) error {
	var rows int64
	for _, l := range losses {
		rows += l.Rows
	}
	if rows == 0 {
		return nil
	}
	s.notes().losses(losses)
	if yes || !s.env.Interactive {
		return nil
	}
	s.notes().text("Go on? [y/N] ")
	answer, _ := bufio.NewReader(s.env.Stdin).ReadString('\n') // no answer is no
	if !strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), "y") {
		return errDeclined
	}
	return nil
}

func stampCommand(env *Environment) *cobra.Command {
	var sql, purge bool
	var steps stepsFlag
	c := &cobra.Command{
		Use:   "stamp [REVISION…]",
		Short: "Record revisions (head) as applied without running them",
		Long: "Record that the database stands at REVISION, without running anything. Of ids that no file declares it lets go;\n" +
			"with --purge, of all others too.\n\n" + identifiers,
		Example: "  db stamp head\n  db stamp --purge 8f0c\n  db stamp --sql base",
		RunE: run(env, func(c *cobra.Command, s *session, arguments []string) error {
			targets := steps.targets(arguments, "head")
			if err := contradiction(targets); err != nil {
				return err
			}
			if sql {
				text, err := s.stampScript(c.Context(), purge, targets)
				s.printer().text(text)
				return err
			}
			plan, err := s.stamp(c.Context(), purge, targets)
			if err != nil {
				return err
			}
			for _, id := range plan.Unknown {
				s.log.warn(fmt.Sprintf("Forgot revision %s, which no file declares", id))
			}
			for _, step := range plan.Steps {
				s.log.infof("Running %s", s.describe(step))
			}
			return nil
		}),
	}
	c.Flags().BoolVar(&sql, "sql", false, "print SQL instead of running it")
	c.Flags().BoolVar(&purge, "purge", false, "forget all other revisions first")
	steps.register(c)
	return c
}
