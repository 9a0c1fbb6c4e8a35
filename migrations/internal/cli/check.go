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

// errModelsDatabase is a check that is to be two things only.
var errModelsDatabase = hint.New(errors.New("--models and --database cannot go together"),
	"without either, both are checked")

func checkCommand(program *Program) *cobra.Command {
	var onlyModels, onlyDatabase, asJSON bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Check that models, revisions and database agree",
		Long: "Check that the revisions lead to the models: that {db} migrate would find no changes. For that, and to see\n" +
			"whether the revisions have several heads, no database is needed (--models).\n\n" +
			"Check that the database is up to date, with every revision applied, and that it is what its revisions " +
			"say: build\n" +
			"the schema that the applied revisions lead to, without rows, and compare its catalogue with that of the " +
			"database,\n" +
			"without changing anything (--database). Tables that no revision knows are left alone.\n\n" +
			"The exit status is 0 if all of that holds and 1 if not, also for several heads, so that one command " +
			"is the gate of\n" +
			"a pipeline. Some things are only reported: several heads of which each is of a branch with a label " +
			"of its own; a\n" +
			"database that cannot be compared, as that takes a schema on PostgreSQL, which is rolled back, and neither " +
			"a standby\n" +
			"nor a role without the right CREATE on the database can make one; and, on SQLite, rows that point at none and\n" +
			"foreign keys that do not match, which stop only a revision that makes it worse.",
		Example: "  {db} check\n  {db} check --models",
		Args:    noArguments,
		RunE: run(program, reportCheck(&asJSON, func(c *cobra.Command, s *session, _ []string) error {
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

// checkDatabase compares the database with what its applied revisions lead to, prints the differences, and returns what
// is wrong.
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
		s.couldNotCompare(unchecked, plan)
		return found
	}
	if err != nil {
		return append(found, err)
	}
	dangling, err := runner.Dangling(ctx, s.opened)
	if err != nil {
		return append(found, err)
	}
	s.foundInDatabase(differences, dangling, plan)
	if len(differences) > 0 {
		found = append(found, &driftError{differences})
	}
	return found
}

// driftError is a database that is not what its revisions say.
type driftError struct{ differences []drift.Difference }

func (e *driftError) Error() string {
	return "The database is not what its revisions say: " + counted(int64(len(e.differences)), "difference")
}

// Hint says what to do about it.
func (e *driftError) Hint() string {
	advice := drift.Advice(e.differences)
	if advice != "" {
		advice += "; for the rest, "
	}
	return advice + "change the database back, or write a revision that does the same and stamp it; " +
		"where a revision was edited after it was applied: {db} stamp <parent> and {db} upgrade again"
}

// checkModels compares the models with what the history leads to.
func (s *session) checkModels() error {
	pending, err := autogen.Pending(s.History, s.models())
	if err != nil {
		return err
	}
	s.foundInModels(pending)
	if len(pending) > 0 {
		return &pendingError{pending}
	}
	return nil
}

// pendingError is the error for models that no revision leads to.
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
