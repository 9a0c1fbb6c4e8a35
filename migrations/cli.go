package migrations

import (
	"errors"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/runner"
)

// Command returns the command db with its subcommands. Their errors have a second line where there is something to do
// about them.
func Command(env *Environment) *cobra.Command {
	db := &cobra.Command{
		Use:           "db",
		Short:         "Look after the database schema",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
	}
	db.PersistentFlags().StringVarP(&env.Directory, "directory", "d", "migrations", "where the migrations live")
	db.AddCommand(
		upgradeCommand(env),
		downgradeCommand(env),
		currentCommand(env),
		headsCommand(env),
		historyCommand(env),
	)
	return db
}

// run adapts a function of a session to cobra.
func run(env *Environment, do func(c *cobra.Command, s *session, arguments []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, arguments []string) error {
		s, err := env.session()
		if err == nil {
			err = do(c, s, arguments)
		}
		return withHint(err)
	}
}

// hinted is an error together with what to do about it.
type hinted struct {
	error

	hint string
}

func (e *hinted) Error() string { return e.error.Error() + "\n" + e.hint }

func (e *hinted) Unwrap() error { return e.error }

func withHint(err error) error {
	var hinter graph.Hinter
	if errors.As(err, &hinter) && hinter.Hint() != "" {
		return &hinted{err, hinter.Hint()}
	}
	return err
}

// argument returns the only argument, or what stands for it.
func argument(arguments []string, standard string) string {
	if len(arguments) == 0 {
		return standard
	}
	return arguments[0]
}

func (o *moveOptions) flags(c *cobra.Command) {
	c.Flags().BoolVar(&o.plan, "plan", false, "list the steps, and change nothing")
	c.Flags().DurationVar(&o.lockTimeout, "lock-timeout", runner.DefaultLockTimeout, "how long to wait for another migration")
}

func upgradeCommand(env *Environment) *cobra.Command {
	var o moveOptions
	c := &cobra.Command{
		Use:     "upgrade [REVISION]",
		Short:   "Upgrade to a later revision (head)",
		Example: "  db upgrade\n  db upgrade +1\n  db upgrade heads --plan",
		Args:    cobra.MaximumNArgs(1),
		RunE: run(env, func(c *cobra.Command, s *session, arguments []string) error {
			plan, err := s.upgrade(c.Context(), argument(arguments, "head"), o)
			if err != nil || !o.plan {
				return err
			}
			return s.printer().plan(plan)
		}),
	}
	o.flags(c)
	return c
}

func downgradeCommand(env *Environment) *cobra.Command {
	var o moveOptions
	var steps stepsFlag
	c := &cobra.Command{
		Use:     "downgrade [REVISION]",
		Short:   "Revert to a previous revision (-1)",
		Example: "  db downgrade\n  db downgrade -2\n  db downgrade base --plan",
		Args:    cobra.MaximumNArgs(1),
		RunE: run(env, func(c *cobra.Command, s *session, arguments []string) error {
			target := steps.target(argument(arguments, "-1"))
			plan, err := s.downgrade(c.Context(), target, o)
			if err != nil || !o.plan {
				return err
			}
			return s.printer().plan(plan)
		}),
	}
	o.flags(c)
	steps.register(c)
	return c
}

func currentCommand(env *Environment) *cobra.Command {
	var verbose, checkHeads bool
	c := &cobra.Command{
		Use:     "current",
		Short:   "Display the revision that the database stands at",
		Example: "  db current -v\n  db current --check-heads",
		Args:    cobra.NoArgs,
		RunE: run(env, func(c *cobra.Command, s *session, _ []string) error {
			revisions, err := s.current(c.Context(), checkHeads)
			if err != nil {
				return err
			}
			p := s.printer()
			if verbose {
				p.printf("Current revision(s) for %s:\n", env.Address)
			}
			p.revisions(revisions, verbose, lineOptions{tree: true})
			return nil
		}),
	}
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "say more")
	c.Flags().BoolVar(&checkHeads, "check-heads", false, "fail unless the database stands at the heads")
	return c
}

func headsCommand(env *Environment) *cobra.Command {
	var verbose, resolveDependencies bool
	c := &cobra.Command{
		Use:     "heads",
		Short:   "Show the newest revisions",
		Example: "  db heads -v",
		Args:    cobra.NoArgs,
		RunE: run(env, func(_ *cobra.Command, s *session, _ []string) error {
			s.printer().revisions(s.heads(resolveDependencies), verbose, lineOptions{labels: true})
			return nil
		}),
	}
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "say more")
	c.Flags().BoolVar(&resolveDependencies, "resolve-dependencies", false, "leave out those that another revision depends on")
	return c
}

func historyCommand(env *Environment) *cobra.Command {
	var verbose, indicateCurrent bool
	var revisions string
	c := &cobra.Command{
		Use:     "history",
		Short:   "List the revisions, newest first",
		Example: "  db history\n  db history -i\n  db history -r 8f0c:\n  db history -r current:head -v",
		Args:    cobra.NoArgs,
		RunE: run(env, func(c *cobra.Command, s *session, _ []string) error {
			shown, current, err := s.history(c.Context(), revisions, indicateCurrent)
			if err != nil {
				return err
			}
			p := s.printer()
			p.current = current
			p.revisions(s.revisions(shown), verbose, lineOptions{parents: true, labels: true, tree: true, message: true})
			return nil
		}),
	}
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "say more")
	c.Flags().StringVarP(&revisions, "rev-range", "r", "", "the revisions to show: FROM:TO, FROM: or :TO")
	c.Flags().BoolVarP(&indicateCurrent, "indicate-current", "i", false, "mark the revision that the database stands at")
	return c
}
