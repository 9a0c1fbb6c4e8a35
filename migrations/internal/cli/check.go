package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/drift"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
)

// errModelsDatabase is the error for both --models and --database, each of which restricts the check.
var errModelsDatabase = hint.New(errors.New("--models and --database cannot go together"),
	"without either, both are checked")

func checkCommand(program *Program) *cobra.Command {
	var onlyModels, onlyDatabase, asJSON bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Check that models, revisions and database agree",
		Long: "Check that the revisions lead to the models, so that {db} migrate would find no changes. This, and the\n" +
			"check for several heads, need no database (--models).\n\n" +
			"Check that every revision is applied to the database, and that the database is what its revisions say: build\n" +
			"their schema without rows, and compare its catalogue with that of the database, which stays unchanged\n" +
			"(--database). Tables that no revision creates are ignored.\n\n" +
			"The exit status is 0 if all of that holds and otherwise 1, also for several heads, so that one command can\n" +
			"gate a pipeline. Some things are only reported: several heads, if each is of a branch with its own label; a\n" +
			"database that cannot be compared, because building the schema on PostgreSQL creates one and rolls it back,\n" +
			"which a standby or a role without CREATE on the database cannot; and, on SQLite, dangling references and\n" +
			"mismatched foreign keys, which fail only a revision that adds to them.",
		Example: "  {db} check\n  {db} check --models",
		Args:    noArguments,
		RunE: run(program, withCheckReport(&asJSON, func(c *cobra.Command, s *session, _ []string) error {
			if onlyModels && onlyDatabase {
				return errModelsDatabase
			}
			var models error
			if !onlyDatabase && (onlyModels || s.env.Models != nil) {
				models = s.checkModels()
			}
			var found []error
			if !onlyModels {
				found = s.checkDatabase(c.Context())
			}
			return s.verdict(append(found, models))
		})),
	}
	jsonFlag(c, &asJSON)
	c.Flags().BoolVar(&onlyModels, "models", false, "compare the models with the revisions only")
	c.Flags().BoolVar(&onlyDatabase, "database", false, "compare the database with its revisions only")
	return c
}

// checkDatabase compares the database with its applied revisions, prints the differences, and returns the failures.
func (s *session) checkDatabase(ctx context.Context) []error {
	applied, err := s.applied(ctx)
	if err != nil {
		return []error{err}
	}
	plan, err := s.Graph.Upgrade(applied, "heads")
	if err != nil {
		return []error{err}
	}
	var found []error
	if len(plan.Steps) > 0 {
		found = append(found, &behindError{len(plan.Steps), len(s.Graph.Heads()) > 1})
	}
	want, err := s.SchemaAt(applied)
	if err != nil {
		return append(found, err)
	}
	differences, err := drift.Compare(ctx, s.opened, want)
	if unchecked, ok := errors.AsType[*drift.UncheckedError](err); ok {
		s.reportUnchecked(unchecked, plan)
		return found
	}
	if err != nil {
		return append(found, err)
	}
	dangling, err := runner.Dangling(ctx, s.opened)
	if err != nil {
		return append(found, err)
	}
	s.reportDatabase(differences, dangling, plan)
	if len(differences) > 0 {
		found = append(found, &driftError{differences})
	}
	return found
}

// driftError is returned for a database that differs from its revisions.
type driftError struct{ differences []drift.Difference }

func (e *driftError) Error() string {
	return "The database differs from its revisions: " + counted(int64(len(e.differences)), "difference")
}

// Hint says what to do about it.
func (e *driftError) Hint() string {
	advice := drift.Advice(e.differences)
	if advice != "" {
		advice += "; for the rest, "
	}
	return advice + "change the database back, or write a revision of the difference and stamp it; " +
		"if a revision was edited after it was applied: {db} stamp <parent> and {db} upgrade again"
}

// checkModels compares the models with the history.
func (s *session) checkModels() error {
	pending, err := autogen.Pending(s.History, s.models())
	if err != nil {
		return err
	}
	s.reportModels(pending)
	if len(pending) > 0 {
		return &pendingError{pending}
	}
	return nil
}

// pendingError is returned for models that differ from the history.
type pendingError struct{ operations []op.Operation }

func (e *pendingError) Error() string {
	texts := make([]string, 0, len(e.operations))
	for _, o := range e.operations {
		texts = append(texts, o.String())
	}
	return fmt.Sprintf("New upgrade operations detected: [%s]", strings.Join(texts, ", "))
}

// Hint says what to do about it.
func (e *pendingError) Hint() string { return "{db} migrate writes them into a revision" }
