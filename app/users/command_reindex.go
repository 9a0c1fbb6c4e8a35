package users

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"guestlist/app/terminal"
)

func reindexCommand(env Environment) *cobra.Command {
	return &cobra.Command{
		Use:   "reindex",
		Short: "Make addresses canonical and rebuild search keys, for accounts that were loaded by SQL",
		Long: "Make addresses canonical and rebuild search keys, for accounts that were loaded by SQL.\n\n" +
			"An address is found in its canonical form only (lower case, letters of the usual width), and lists " +
			"search and sort\nby keys that are built from addresses and names. On PostgreSQL, the ids of new accounts " +
			"continue after the\ngreatest one. Addresses that are not valid, or whose canonical form another account " +
			"has, are listed and left\nunchanged.",
		Example: "  " + env.Name + " reindex",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return env.reindex(c.Context()) },
	}
}

func (env Environment) reindex(ctx context.Context) error {
	service, err := env.Open(ctx)
	if err != nil {
		return err
	}
	done, err := service.Reindex(ctx)
	if err != nil {
		return err
	}
	for _, problem := range done.Problems {
		words := "is not a valid email address"
		if problem.Other != 0 {
			words = fmt.Sprintf("is the address of account %d", problem.Other)
		}
		_, _ = fmt.Fprintf(env.Stderr, "account %d: %q %s\n", problem.UserID, problem.Email, words)
	}
	_, err = fmt.Fprintf(env.Stdout, "Changed %s of %d.\n", terminal.Counted(done.Changed, "account", "accounts"),
		done.Accounts)
	if err == nil && len(done.Problems) > 0 {
		err = fmt.Errorf("%s not changed", terminal.Counted(len(done.Problems), "address was", "addresses were"))
	}
	return err
}
