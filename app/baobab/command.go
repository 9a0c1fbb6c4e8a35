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
	Name   string // the parent command, "guestlist import"
	Open   func(context.Context) (*Importer, error)
	Stdout io.Writer
}

// Command returns the command that imports an organisation.
func Command(env Environment) *cobra.Command {
	var options Options
	command := &cobra.Command{
		Use:   "baobab DATABASE_URL",
		Short: "Import an organisation's data from a Baobab database",
		Long: "Import an organisation's data from a PostgreSQL database of Baobab, which is only read.\n\n" +
			"It imports accounts with their passwords, events with their texts and dates, roles, tags and guests, in one\n" +
			"transaction, and sends no mail. Existing data is left unchanged: accounts are identified by address, events by\n" +
			"key, tags by name. It can be run again to import what is new. Rows that are skipped or changed are listed with\n" +
			"the reason.\n\n" +
			"A password in DATABASE_URL is visible in process lists; use the environment variable PGPASSWORD instead.",
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
		"id or name of the organisation, if there are several")
	command.Flags().BoolVar(&options.DryRun, "dry-run", false, "report what would be done, and roll it back")
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
	if sum(report.Created)+sum(report.There) == 0 && sum(report.Skipped) > 0 {
		return errors.New("nothing could be imported")
	}
	return nil
}
