package cli

import "github.com/spf13/cobra"

func currentCommand(program *Program) *cobra.Command {
	var verbose, checkHeads bool
	c := &cobra.Command{
		Use:     "current",
		Short:   "Display the revision that the database stands at",
		Example: "  {db} current -v\n  {db} current --check-heads",
		Args:    noArguments,
		RunE: run(program, func(c *cobra.Command, s *session, _ []string) error {
			revisions, err := s.current(c.Context(), checkHeads)
			if err != nil {
				return err
			}
			s.printer().currentRevisions(revisions, verbose, s.env.Address())
			return nil
		}),
	}
	verboseFlag(c, &verbose)
	c.Flags().BoolVar(&checkHeads, "check-heads", false, "fail unless the database stands at the heads")
	return c
}

func headsCommand(program *Program) *cobra.Command {
	var verbose, resolveDependencies bool
	c := &cobra.Command{
		Use:     "heads",
		Short:   "Show the newest revisions",
		Example: "  {db} heads -v",
		Args:    noArguments,
		RunE: run(program, func(_ *cobra.Command, s *session, _ []string) error {
			s.printer().revisions(s.heads(resolveDependencies), verbose, lineOptions{labels: true})
			return nil
		}),
	}
	verboseFlag(c, &verbose)
	c.Flags().BoolVar(&resolveDependencies, "resolve-dependencies", false, "leave out those that another revision depends on")
	return c
}

func historyCommand(program *Program) *cobra.Command {
	var verbose, indicateCurrent, drawn bool
	var revisions string
	c := &cobra.Command{
		Use:     "history",
		Short:   "List the revisions, newest first",
		Long:    "List the revisions, newest first, or with --graph draw how they hang together.\n\n" + identifiers,
		Example: "  {db} history -i\n  {db} history --graph\n  {db} history -r 8f0c:\n  {db} history -r current:head -v",
		Args:    noArguments,
		RunE: run(program, func(c *cobra.Command, s *session, _ []string) error {
			shown, current, err := s.history(c.Context(), revisions, indicateCurrent)
			if err != nil {
				return err
			}
			p := s.printer()
			p.current = current
			if drawn {
				p.tree(s.Revisions(shown))
				return nil
			}
			p.revisions(s.Revisions(shown), verbose, lineOptions{parents: true, labels: true, tree: true, message: true})
			return nil
		}),
	}
	verboseFlag(c, &verbose)
	c.Flags().StringVarP(&revisions, "rev-range", "r", "", "the revisions to show: FROM:TO, FROM: or :TO")
	c.Flags().BoolVarP(&indicateCurrent, "indicate-current", "i", false, "mark the revision that the database stands at")
	c.Flags().BoolVar(&drawn, "graph", false, "draw branches and merges")
	return c
}

func branchesCommand(program *Program) *cobra.Command {
	var verbose bool
	c := &cobra.Command{
		Use:     "branches",
		Short:   "Show the revisions after which the history parts",
		Example: "  {db} branches -v",
		Args:    noArguments,
		RunE: run(program, func(_ *cobra.Command, s *session, _ []string) error {
			s.printer().branches(s.branches(), verbose)
			return nil
		}),
	}
	verboseFlag(c, &verbose)
	return c
}

func showCommand(program *Program) *cobra.Command {
	var steps stepsFlag
	c := &cobra.Command{
		Use:     "show [REVISION]",
		Short:   "Show all there is to say about a revision (head)",
		Long:    "Show all there is to say about a revision.\n\n" + identifiers,
		Example: "  {db} show\n  {db} show 8f0c\n  {db} show heads",
		Args:    steps.atMostOne,
		RunE: run(program, func(c *cobra.Command, s *session, arguments []string) error {
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
