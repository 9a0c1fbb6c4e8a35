package migrations

import (
	"context"

	"github.com/spf13/cobra"
)

func checkCommand(env *Environment) *cobra.Command {
	var onlyModels, onlyDatabase bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Check that models, revisions and database agree",
		Long: "Check that the revisions lead to the models: that db migrate would find no changes. For that no database is needed.\n\n" +
			"Check that the database is what its revisions say: make the schema that the applied revisions lead to once more,\n" +
			"empty, and compare it with the database, by the database's own catalogue and without changing anything. Tables that\n" +
			"no revision knows are left alone. Revisions that are not applied yet are no difference: they are only counted.",
		Example: "  guestlist db check\n  guestlist db check --models",
		Args:    nothing,
		RunE: run(env, func(c *cobra.Command, s *session, _ []string) error {
			var models, database error
			if !onlyDatabase && (onlyModels || s.env.Models != nil) {
				models = s.checkModels()
			}
			if !onlyModels {
				database = s.checkDatabase(c.Context())
			}
			return disagreement(models, database)
		}),
	}
	c.Flags().BoolVar(&onlyModels, "models", false, "compare the models with the revisions only")
	c.Flags().BoolVar(&onlyDatabase, "database", false, "compare the database with its revisions only")
	c.MarkFlagsMutuallyExclusive("models", "database")
	return c
}

// checkDatabase asks whether the database is what its applied revisions lead to, and answers.
func (s *session) checkDatabase(ctx context.Context) error {
	differences, pending, err := s.drift(ctx)
	if err != nil {
		return err
	}
	s.printer().drift(differences, pending)
	if len(differences) > 0 {
		return &driftError{len(differences)}
	}
	return nil
}

// driftError is a database that is not what its revisions say.
type driftError struct{ differences int }

func (e *driftError) Error() string {
	return "The database is not what its revisions say: " + counted(int64(e.differences), "difference")
}

// Hint says what to do about it.
func (e *driftError) Hint() string {
	return "change the database back, or write a revision that does the same and stamp it; " +
		"where a revision was edited after it was applied: db stamp <parent> and db upgrade again"
}
