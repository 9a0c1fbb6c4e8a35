package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/hint"
)

func currentCommand(program *Program) *cobra.Command {
	var verbose, checkHeads, asJSON bool
	c := &cobra.Command{
		Use:     "current",
		Short:   "Show the current revision of the database",
		Example: "  {db} current -v\n  {db} current --check-heads",
		Args:    noArguments,
		RunE: run(program, func(c *cobra.Command, s *session, _ []string) error {
			revisions, err := s.current(c.Context(), checkHeads)
			if err != nil {
				return err
			}
			return s.report(asJSON, s.revisionsReport(revisions, ids(revisions), nil), func(p *printer) {
				p.currentRevisions(revisions, verbose, s.env.Address())
			})
		}),
	}
	verboseFlag(c, &verbose)
	jsonFlag(c, &asJSON)
	c.Flags().BoolVar(&checkHeads, "check-heads", false, "fail unless the database is at all heads")
	return c
}

func headsCommand(program *Program) *cobra.Command {
	var verbose, resolveDependencies, asJSON bool
	c := &cobra.Command{
		Use:     "heads",
		Short:   "Show the newest revisions",
		Example: "  {db} heads -v",
		Args:    noArguments,
		RunE: run(program, func(_ *cobra.Command, s *session, _ []string) error {
			heads := s.heads(resolveDependencies)
			return s.report(asJSON, s.revisionsReport(heads, nil, nil), func(p *printer) {
				p.revisions(heads, verbose, lineOptions{labels: true})
			})
		}),
	}
	verboseFlag(c, &verbose)
	jsonFlag(c, &asJSON)
	c.Flags().BoolVar(&resolveDependencies, "resolve-dependencies", false,
		"leave out those that another revision depends on")
	return c
}

// errPictureJSON is the error for --format or --output with --json.
var errPictureJSON = hint.New(errors.New("--format and --output cannot go together with --json"),
	"the objects of --json list the parents of each revision")

// errGraphJSON is the error for both --graph and --json.
var errGraphJSON = hint.New(errors.New("--graph and --json cannot go together"),
	"the objects of --json list the parents of each revision")

func historyCommand(program *Program) *cobra.Command {
	var verbose, indicateCurrent, drawn, asJSON bool
	var revisions string
	var f pictureFlags
	c := &cobra.Command{
		Use:   "history",
		Short: "List the revisions, newest first",
		Long: "List the revisions, newest first, or with --graph draw them as a graph: as text, or as\n" +
			"SVG with --format svg or into a file with --output FILE.svg.\n\n" + identifiers,
		Example: "  {db} history -i\n  {db} history --graph\n  {db} history --graph -o history.svg\n" +
			"  {db} history -r 8f0c:\n  {db} history -r current:head -v",
		Args: noArguments,
		RunE: run(program, func(c *cobra.Command, s *session, _ []string) error {
			format, err := f.historyFormat(drawn, asJSON)
			if err != nil {
				return err
			}
			h, err := s.history(c.Context(), revisions, indicateCurrent)
			if err != nil {
				return err
			}
			shown := s.Revisions(h.revisions)
			if f.isSet() {
				return s.writePicture(f.output, format, s.historyPicture(shown, h.current, format))
			}
			return s.report(asJSON, s.revisionsReport(shown, h.current, h.unknown), func(p *printer) {
				p.current = h.current
				if drawn {
					p.tree(shown)
					return
				}
				p.revisions(shown, verbose, lineOptions{parents: true, labels: true, tree: true, message: true})
			})
		}),
	}
	verboseFlag(c, &verbose)
	jsonFlag(c, &asJSON)
	c.Flags().StringVarP(&revisions, "rev-range", "r", "", "the revisions to show: FROM:TO, FROM: or :TO")
	c.Flags().BoolVarP(&indicateCurrent, "indicate-current", "i", false, "mark the current revision of the database")
	c.Flags().BoolVar(&drawn, "graph", false, "draw branches and merges")
	f.register(c, "of the graph: text or svg; the default follows the extension of the file, else text")
	return c
}

func branchesCommand(program *Program) *cobra.Command {
	var verbose, asJSON bool
	c := &cobra.Command{
		Use:     "branches",
		Short:   "Show the branch points",
		Example: "  {db} branches -v",
		Args:    noArguments,
		RunE: run(program, func(_ *cobra.Command, s *session, _ []string) error {
			branches := s.branches()
			return s.report(asJSON, s.revisionsReport(branches, nil, nil), func(p *printer) { p.branches(branches, verbose) })
		}),
	}
	verboseFlag(c, &verbose)
	jsonFlag(c, &asJSON)
	return c
}

func showCommand(program *Program) *cobra.Command {
	var steps stepsFlag
	var asJSON bool
	c := &cobra.Command{
		Use:     "show [REVISION]",
		Short:   "Show everything about a revision (head)",
		Long:    "Show everything about a revision.\n\n" + identifiers,
		Example: "  {db} show\n  {db} show 8f0c\n  {db} show heads",
		Args:    steps.atMostOne,
		RunE: run(program, func(c *cobra.Command, s *session, arguments []string) error {
			revisions, err := s.find(c.Context(), steps.target(arguments, "head"))
			if err != nil {
				return err
			}
			return s.report(asJSON, s.revisionsReport(revisions, nil, nil), func(p *printer) {
				p.revisions(revisions, true, lineOptions{})
			})
		}),
	}
	jsonFlag(c, &asJSON)
	steps.register(c)
	return c
}
