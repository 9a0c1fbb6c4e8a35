package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/hint"
)

// errRevisionSQL is worded as in the reference.
var errRevisionSQL = hint.New(
	//nolint:staticcheck // the reference's words
	errors.New("Using --sql with the revision command when revision_environment is not configured does not make "+
		"any sense"),
	"a revision is a file; {db} upgrade --sql prints what it does",
)

func revisionCommand(program *Program) *cobra.Command {
	var f revisionFlags
	var autogenerate bool
	c := &cobra.Command{
		Use:   "revision",
		Short: "Write an empty revision",
		Long: "Write the file of an empty revision. Edit it, rebuild the program and upgrade.\n\n" +
			"With --autogenerate it is the same as {db} migrate, which has --rename and --dry-run.\n\n" + identifiers,
		Example: "  {db} revision -m \"count the users\"\n  {db} revision -m \"a plugin\" --head base --branch-label plugin",
		Args:    noMessage,
		RunE: run(program, func(c *cobra.Command, s *session, _ []string) error {
			if autogenerate {
				return f.migrate(c, s)
			}
			if f.sql {
				return errRevisionSQL
			}
			if f.dryRun || f.json || f.online || len(f.renames) > 0 {
				return errEmptyRevision
			}
			path, err := s.revision(f.on(f.head))
			if err != nil {
				return err
			}
			s.program.printDone("Generating", path)
			return nil
		}),
	}
	f.register(c)
	c.Flags().BoolVar(&autogenerate, "autogenerate", false, "fill it with the changes of the models")
	return c
}

// noMessage rejects a message without -m.
func noMessage(_ *cobra.Command, arguments []string) error {
	if len(arguments) == 0 {
		return nil
	}
	return extraArguments(arguments, fmt.Sprintf("did you mean -m %q?", strings.Join(arguments, " ")))
}

func (p *proposal) flags(c *cobra.Command) {
	c.Flags().StringVarP(&p.message, "message", "m", "", "what the revision is about")
	c.Flags().StringSliceVar(&p.Labels, "branch-label", nil, "a name for the branch that begins here")
	c.Flags().StringVar(&p.ID, "rev-id", "", "the id, instead of a random one")
}

func mergeCommand(program *Program) *cobra.Command {
	var p proposal
	var force bool
	var steps stepsFlag
	c := &cobra.Command{
		Use:   "merge [REVISION…]",
		Short: "Write a revision that joins several heads (heads)",
		Long: "Write a revision that revises several heads, so that one remains. It first lists the changes of each side\n" +
			"since the branch point, and fails if they conflict.\n\n" + identifiers,
		Example: "  {db} merge heads -m \"merge phones and titles\"\n  {db} merge 8f0c 3c9a",
		RunE: run(program, func(_ *cobra.Command, s *session, arguments []string) error {
			p.Heads = steps.targets(arguments, "heads")
			fork, conflicts, err := s.fork(&p)
			if err != nil {
				return err
			}
			s.notes().fork(fork)
			if len(conflicts) > 0 && !force {
				return &conflictError{conflicts}
			}
			for _, conflict := range conflicts {
				s.log.warn(conflict)
			}
			path, err := s.merge(p)
			if err != nil {
				return err
			}
			s.program.printDone("Generating", path)
			return nil
		}),
	}
	p.flags(c)
	c.Flags().BoolVar(&force, "force", false, "merge even if the sides conflict")
	steps.register(c)
	return c
}

// conflictError is returned for a merge of sides that conflict.
type conflictError struct{ conflicts []string }

func (e *conflictError) Error() string { return "Not merged: " + list(e.conflicts) }

// Hint says what to do about it.
func (e *conflictError) Hint() string {
	return "resolve it in the newer revision, or merge with --force and complete the merge's own Upgrade"
}

func editCommand(program *Program) *cobra.Command {
	var steps stepsFlag
	c := &cobra.Command{
		Use:     "edit [REVISION]",
		Short:   "Open the file of a revision (head) in $EDITOR",
		Long:    "Open the file of a revision in $VISUAL or $EDITOR.\n\n" + identifiers,
		Example: "  {db} edit\n  {db} edit current",
		Args:    steps.atMostOne,
		RunE: run(program, func(c *cobra.Command, s *session, arguments []string) error {
			return s.edit(c.Context(), steps.target(arguments, "head"))
		}),
	}
	steps.register(c)
	return c
}
