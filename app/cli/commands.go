package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/audit"
	"guestlist/app/database"
	"guestlist/app/terminal"
	"guestlist/app/users"
	"guestlist/migrations"
	"guestlist/migrations/versions"
)

func (p *Program) dbCommand() *cobra.Command {
	env := p.history()
	env.Stdin, env.Stdout, env.Stderr = p.Stdin, p.Stdout, p.Stderr
	var address string
	var opened *runtime
	env.Address = func() string { return address }
	env.Open = func(context.Context) (*gorm.DB, error) {
		r, err := p.open(false)
		if err != nil {
			return nil, err
		}
		address, opened = database.RedactURL(r.address), r
		return r.db, nil
	}
	env.TryOn = func() string {
		config, err := p.Config(false)
		if err != nil {
			return "" // commands that need the database report the error
		}
		return config.DatabaseURL
	}
	command := migrations.Command(env)
	for _, c := range command.Commands() {
		if slices.Contains([]string{"current", "history", "show", "diagram", "check"}, c.Name()) {
			c.PreRun = func(*cobra.Command, []string) { p.reading = true }
		}
		if c.Name() == "upgrade" {
			c.PostRunE = func(c *cobra.Command, _ []string) error { return opened.upgraded(c) }
		}
	}
	return command
}

// upgraded calls makeKeys after a command that has upgraded the database to the head revision.
func (r *runtime) upgraded(command *cobra.Command) error {
	for _, only := range []string{"plan", "sql"} {
		if command.Flags().Changed(only) {
			return nil
		}
	}
	if err := migrations.CheckHead(command.Context(), r.history, r.db); err != nil && !isAhead(err) {
		return nil // at an earlier revision
	}
	return r.makeKeys(command.Context())
}

// history returns the program's models and revisions.
func (p *Program) history() *migrations.Environment {
	return &migrations.Environment{Name: p.Name + " db", Revisions: versions.Revisions, Models: app.Models()}
}

func (p *Program) usersCommand() *cobra.Command {
	command := group("users", "Manage the accounts")
	command.AddCommand(users.Commands(users.Environment{
		Name: p.Name + " users",
		Open: func(ctx context.Context) (*users.Service, error) {
			r, err := p.openAtHead(ctx)
			if err != nil {
				return nil, err
			}
			return r.users(), nil
		},
		Stdin: p.Stdin, Stdout: p.Stdout, Stderr: p.Stderr, Interactive: terminal.IsTerminal(p.Stderr),
	})...)
	return command
}

func (p *Program) auditCommand() *cobra.Command {
	return audit.Command(audit.Environment{
		Name:   p.Name,
		Open:   p.openDatabase,
		UserID: users.IDOf,
		Now:    time.Now,
		Stdout: p.Stdout,
	})
}

func (p *Program) routesCommand() *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "routes",
		Short: "Print the URL map",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return app.WriteRoutes(p.Stdout)
			}
			return app.PrintRoutes(p.Stdout)
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON instead of a table")
	return command
}

func (p *Program) openAPICommand() *cobra.Command {
	return &cobra.Command{
		Use:   "openapi",
		Short: "Print the OpenAPI document of the API, as JSON",
		Long: "Print the OpenAPI 3.1 document of the API, as JSON: the same as GET /openapi.json.\n\n" +
			"It depends on the settings and needs no database.",
		Example: "  " + p.Name + " openapi > openapi.json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			config, err := p.Config(false)
			if err != nil {
				return err
			}
			document, err := app.OpenAPI(config, number())
			if err == nil {
				_, err = p.Stdout.Write(document)
			}
			return err
		},
	}
}

func (p *Program) healthcheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "healthcheck",
		Short: "Check that the server on HOST and PORT is ready (for containers)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := p.Config(false)
			if err != nil {
				return err
			}
			return app.CheckReady(c.Context(), config.Host, config.Port)
		},
	}
}

func (p *Program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of the program",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(p.Stdout, p.version())
			return err
		},
	}
}
