package migrations

import "github.com/spf13/cobra"

func currentCommand(env *Environment) *cobra.Command {
	var verbose, checkHeads bool
	c := &cobra.Command{
		Use:     "current",
		Short:   "Display the revision that the database stands at",
		Example: "  guestlist db current -v\n  guestlist db current --check-heads",
		Args:    nothing,
		RunE: run(env, func(c *cobra.Command, s *session, _ []string) error {
			revisions, err := s.current(c.Context(), checkHeads)
			if err != nil {
				return err
			}
			s.printer().currentRevisions(revisions, verbose, env.Address)
			return nil
		}),
	}
	verboseFlag(c, &verbose)
	c.Flags().BoolVar(&checkHeads, "check-heads", false, "fail unless the database stands at the heads")
	return c
}

func headsCommand(env *Environment) *cobra.Command {
	var verbose, resolveDependencies bool
	c := &cobra.Command{
		Use:     "heads",
		Short:   "Show the newest revisions",
		Example: "  guestlist db heads -v",
		Args:    nothing,
		RunE: run(env, func(_ *cobra.Command, s *session, _ []string) error {
			s.printer().revisions(s.heads(resolveDependencies), verbose, lineOptions{labels: true})
			return nil
		}),
	}
	verboseFlag(c, &verbose)
	c.Flags().BoolVar(&resolveDependencies, "resolve-dependencies", false, "leave out those that another revision depends on")
	return c
}

func historyCommand(env *Environment) *cobra.Command {
	var verbose, indicateCurrent, drawn bool
	var revisions string
	c := &cobra.Command{
		Use:     "history",
		Short:   "List the revisions, newest first",
		Long:    "List the revisions, newest first, or with --graph draw how they hang together.\n\n" + identifiers,
		Example: "  guestlist db history -i\n  guestlist db history --graph\n  guestlist db history -r 8f0c:\n  guestlist db history -r current:head -v",
		Args:    nothing,
		RunE: run(env, func(c *cobra.Command, s *session, _ []string) error {
			shown, current, err := s.history(c.Context(), revisions, indicateCurrent)
			if err != nil {
				return err
			}
			p := s.printer()
			p.current = current
			if drawn {
				p.tree(s.revisions(shown))
				return nil
			}
			p.revisions(s.revisions(shown), verbose, lineOptions{parents: true, labels: true, tree: true, message: true})
			return nil
		}),
	}
	verboseFlag(c, &verbose)
	c.Flags().StringVarP(&revisions, "rev-range", "r", "", "the revisions to show: FROM:TO, FROM: or :TO")
	c.Flags().BoolVarP(&indicateCurrent, "indicate-current", "i", false, "mark the revision that the database stands at")
	c.Flags().BoolVar(&drawn, "graph", false, "draw branches and merges")
	return c
}

func branchesCommand(env *Environment) *cobra.Command {
	var verbose bool
	c := &cobra.Command{
		Use:     "branches",
		Short:   "Show the revisions after which the history parts",
		Example: "  guestlist db branches -v",
		Args:    nothing,
		RunE: run(env, func(_ *cobra.Command, s *session, _ []string) error {
			s.printer().branches(s.branches(), verbose)
			return nil
		}),
	}
	verboseFlag(c, &verbose)
	return c
}

func showCommand(env *Environment) *cobra.Command {
	var steps stepsFlag
	c := &cobra.Command{
		Use:     "show [REVISION]",
		Short:   "Show all there is to say about a revision (head)",
		Long:    "Show all there is to say about a revision.\n\n" + identifiers,
		Example: "  guestlist db show\n  guestlist db show 8f0c\n  guestlist db show heads",
		Args:    steps.atMostOne,
		RunE: run(env, func(c *cobra.Command, s *session, arguments []string) error {
			revisions, err := s.find(c.Context(), steps.target(arguments, "head"))
			if err != nil {
				return err
			}
			s.printer().revisions(revisions, true, lineOptions{})
			return nil
		}),
	}
	steps.register(c)
	return c
}
