package migrations

import "github.com/spf13/cobra"

func checkCommand(env *Environment) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Check that the database is what its revisions say",
		Long: "Make the schema that the applied revisions lead to once more, empty, and compare it with the database: by the\n" +
			"database's own catalogue, and without changing anything. Tables that no revision knows are left alone. Revisions\n" +
			"that are not applied yet are no difference: they are only counted.",
		Example: "  db check",
		Args:    nothing,
		RunE: run(env, func(c *cobra.Command, s *session, _ []string) error {
			differences, pending, err := s.drift(c.Context())
			if err != nil {
				return err
			}
			s.printer().drift(differences, pending)
			if len(differences) > 0 {
				return &driftError{len(differences)}
			}
			return nil
		}),
	}
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
