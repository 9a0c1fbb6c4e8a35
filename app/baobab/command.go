package baobab

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// Environment is what the command gets from the program.
type Environment struct {
	Name   string // of the parent command, as people type it: "guestlist import"
	Open   func(context.Context) (*Importer, error)
	Stdout io.Writer
}

// Command returns the command that moves an organisation here.
func Command(env Environment) *cobra.Command {
	var options Options
	command := &cobra.Command{
		Use:   "baobab DATABASE_URL",
		Short: "Move an organisation's data from a database of Baobab",
		Long: "Move an organisation's data from a PostgreSQL database of Baobab, which is only read.\n\n" +
			"It moves accounts with their passwords, events with their texts and dates, roles, tags and guests, all in one\n" +
			"transaction, and mails nobody. What is here already stays as it is: accounts are known by their addresses, " +
			"events by\n" +
			"their keys, tags by their names. It can be run again, to move what is new there. Rows that cannot be " +
			"moved, or not\n" +
			"as they are, are listed with the reason.\n\n" +
			"A password in DATABASE_URL shows in lists of processes; the environment variable PGPASSWORD does not.",
		Example: "  " + env.Name + " baobab --dry-run postgres://baobab@localhost/baobab\n" +
			"  " + env.Name + " baobab --organisation 2 postgres://baobab@localhost/baobab",
		Args: func(c *cobra.Command, arguments []string) error {
			if len(arguments) != 1 {
				return fmt.Errorf("baobab needs one DATABASE_URL: the address of the original's database\nsee %s --help",
					c.CommandPath())
			}
			return nil
		},
		RunE: func(c *cobra.Command, arguments []string) error {
			return env.run(c.Context(), arguments[0], options)
		},
	}
	command.Flags().StringVar(&options.Organisation, "organisation", "",
		"the id or the name of the organisation, if there are several")
	command.Flags().BoolVar(&options.DryRun, "dry-run", false, "only tell what would be done: do it all and take it back")
	return command
}

func (env Environment) run(ctx context.Context, address string, options Options) error {
	importer, err := env.Open(ctx)
	if err != nil {
		return err
	}
	report, err := importer.Import(ctx, address, options)
	if ctx.Err() != nil {
		return errors.New("stopped; nothing was changed")
	}
	if err != nil {
		return err
	}
	if err := report.print(env.Stdout, options.DryRun); err != nil {
		return err
	}
	if sum(report.Created)+sum(report.There) == 0 && sum(report.LeftOut) > 0 {
		return errors.New("nothing could be moved")
	}
	return nil
}
