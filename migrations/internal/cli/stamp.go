package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
)

func stampCommand(program *Program) *cobra.Command {
	var sql, purge bool
	var steps stepsFlag
	c := &cobra.Command{
		Use:   "stamp REVISION…",
		Short: "Record revisions as applied without running them",
		Long: "Record that the database is at REVISION, without running anything. Ids that no file declares are\n" +
			"forgotten, with --purge all others too.\n\n" + identifiers,
		Example: "  {db} stamp head\n  {db} stamp --purge 8f0c\n  {db} stamp --sql 8f0c:head | psql -v ON_ERROR_STOP=1 " +
			"\"$DATABASE_URL\"",
		RunE: run(program, func(c *cobra.Command, s *session, arguments []string) error {
			targets := steps.targets(arguments, "")
			if targets[0] == "" {
				return errStampNothing
			}
			if sql {
				return s.printStamp(c.Context(), purge, targets)
			}
			if err := s.checkTargets(targets); err != nil {
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
				s.log.infof("Running %s", s.Describe(step))
			}
			return nil
		}),
	}
	c.Flags().BoolVar(&sql, "sql", false, sqlUsage+"; from any state, or from FROM for a REVISION of the form FROM:TO")
	c.Flags().BoolVar(&purge, "purge", false, "forget all other revisions first")
	steps.register(c)
	return c
}

// errStampNothing is the error for stamp without a revision: head would be a guess about the database.
var errStampNothing = hint.New(
	errors.New("stamp needs a REVISION to record"),
	"{db} stamp head records all of them as applied; see {db} stamp --help",
)

// errContradiction is the error for stamping both base and a revision.
var errContradiction = hint.New(
	errors.New("base cannot be stamped together with other revisions"),
	"name one or the other; {db} stamp --purge forgets all others first",
)

// checkTargets rejects ranges, which are for scripts, and the base combined with other targets: stamping the base would
// erase the others. The base of a branch leaves them alone.
func (s *session) checkTargets(targets []string) error {
	if slices.ContainsFunc(targets, func(target string) bool { return strings.Contains(target, ":") }) {
		return graph.ErrRangeNotAllowed
	}
	isBase := func(target string) bool {
		ids, err := s.Graph.At(target)
		return err == nil && len(ids) == 0 && !strings.Contains(target, "@")
	}
	if len(targets) > 1 && slices.ContainsFunc(targets, isBase) {
		return errContradiction
	}
	return nil
}

// stamp records the targets as the state of the database without running anything.
func (s *session) stamp(ctx context.Context, purge bool, targets []string) (graph.Plan, error) {
	r, err := s.runner(ctx, 0)
	if err != nil {
		return graph.Plan{}, err
	}
	return r.Stamp(ctx, purge, targets...)
}
