package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/drift"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
)

func checkCommand(program *Program) *cobra.Command {
	var onlyModels, onlyDatabase bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Check that models, revisions and database agree",
		Long: "Check that the revisions lead to the models: that {db} migrate would find no changes. For that no database is needed.\n\n" +
			"Check that the database is what its revisions say: make the schema that the applied revisions lead to once more,\n" +
			"empty, and compare it with the database, by the database's own catalogue and without changing anything. Tables that\n" +
			"no revision knows are left alone. Revisions that are not applied yet are no difference: they are only counted.",
		Example: "  {db} check\n  {db} check --models",
		Args:    noArguments,
		RunE: run(program, func(c *cobra.Command, s *session, _ []string) error {
			var models, database error
			if !onlyDatabase && (onlyModels || s.env.Models != nil) {
				models = s.checkModels()
			}
			if !onlyModels {
				database = s.checkDatabase(c.Context())
			}
			return bothErrors(models, database)
		}),
	}
	c.Flags().BoolVar(&onlyModels, "models", false, "compare the models with the revisions only")
	c.Flags().BoolVar(&onlyDatabase, "database", false, "compare the database with its revisions only")
	c.MarkFlagsMutuallyExclusive("models", "database")
	return c
}

// checkDatabase compares the database with what its applied revisions lead to, and prints the differences.
func (s *session) checkDatabase(ctx context.Context) error {
	applied, err := s.applied(ctx)
	if err != nil {
		return err
	}
	plan, err := s.Graph.Upgrade(applied, "heads")
	if err != nil {
		return err
	}
	want, err := s.SchemaAt(applied)
	if err != nil {
		return err
	}
	differences, err := drift.Compare(ctx, s.opened, want)
	if err != nil {
		return err
	}
	s.printer().drift(differences, len(plan.Steps))
	if len(differences) > 0 {
		return &driftError{differences}
	}
	return nil
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
	if len(pending) > 0 {
		return &pendingError{pending}
	}
	s.printer().text("No new upgrade operations detected.\n")
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

// bothErrors combines the two errors when both checks fail.
func bothErrors(models, database error) error {
	switch {
	case models == nil:
		return database
	case database == nil || database.Error() == models.Error(): // a history that cannot be replayed fails both
		return models
	}
	text := hint.Of(models)
	if other := hint.Of(database); other != "" {
		text += "; " + other
	}
	return hint.New(fmt.Errorf("%w. %w", models, database), text)
}
