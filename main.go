// Guestlist serves an API for running events with invited guests, and looks after its database.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"guestlist/app"
	"guestlist/app/audit"
	"guestlist/app/database"
	"guestlist/app/invitedguest"
	"guestlist/app/secrets"
	"guestlist/app/terminal"
	"guestlist/app/users"
	"guestlist/migrations"
	"guestlist/migrations/versions"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)    // a second signal ends the program at once
	logger.Default = logger.Discard // GORM's parser of models writes to standard output what it returns as well
	p := &program{passwords: secrets.NewPasswords(secrets.ShareProcessors()), dir: ".", environ: os.Environ(), stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	err := p.run(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error: "+explain(err))
		os.Exit(1)
	}
}

// explain is an error in words: what is wrong, and on a second line what to do about it, where that is known.
func explain(err error) string {
	text := err.Error()
	if hinter, ok := errors.AsType[interface {
		error
		Hint() string
	}](err); ok && !strings.Contains(text, "\n") {
		text += "\n" + hinter.Hint()
	}
	return text
}

// program is what the commands get from outside.
type program struct {
	passwords      *secrets.Passwords // for a server; nil: as many at once as Go has processors
	dir            string             // the working directory
	environ        []string           // of the form of os.Environ
	stdin          io.Reader
	stdout, stderr io.Writer

	opened []*gorm.DB // by the commands, to be closed at the end
}

func (p *program) run(ctx context.Context, arguments []string) error {
	root := p.rootCommand()
	root.SetArgs(arguments)
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	defer p.close()
	return root.ExecuteContext(ctx)
}

func (p *program) rootCommand() *cobra.Command {
	root := p.serveCommand()
	root.Use = "guestlist"
	root.Short = "An API for running events with invited guests"
	root.Long = "Guestlist is an API for running events with invited guests.\n\nWithout a command, it serves the API: the same as guestlist serve."
	root.Example = ""
	root.Args = noCommand
	root.SilenceUsage, root.SilenceErrors = true, true
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return fmt.Errorf("%w\nsee %s --help", err, c.CommandPath()) })
	root.AddCommand(p.serveCommand(), p.dbCommand(), p.usersCommand(), p.guestsCommand(), p.auditCommand(), p.routesCommand(), p.healthcheckCommand(), p.versionCommand())
	return root
}

func (p *program) dbCommand() *cobra.Command {
	env := history()
	env.Stdin, env.Stdout, env.Stderr = p.stdin, p.stdout, p.stderr
	var address string
	env.Address = func() string { return address }
	env.Open = func(context.Context) (*gorm.DB, error) {
		w, err := p.open(false)
		if err != nil {
			return nil, err
		}
		address = database.Address(w.config.DatabaseURL)
		return w.db, nil
	}
	return migrations.Command(env)
}

// history returns the models of the program and the revisions that lead to them.
func history() *migrations.Environment {
	return &migrations.Environment{Name: "guestlist db", Revisions: versions.Revisions, Models: app.Models()}
}

func (p *program) usersCommand() *cobra.Command {
	command := group("users", "Look after the accounts")
	command.AddCommand(users.Commands(users.Environment{
		Open: func(ctx context.Context) (*gorm.DB, users.PasswordRules, error) {
			w, err := p.openAtHead(ctx)
			if err != nil {
				return nil, users.PasswordRules{}, err
			}
			return w.db, w.config.PasswordRules(), nil
		},
		Stdin: p.stdin, Stdout: p.stdout, Stderr: p.stderr,
	})...)
	return command
}

func (p *program) auditCommand() *cobra.Command {
	return audit.Command(audit.Environment{
		Open: func(ctx context.Context) (*gorm.DB, error) {
			w, err := p.openAtHead(ctx)
			if err != nil {
				return nil, err
			}
			return w.db, nil
		},
		UserID: users.IDOf,
		Now:    time.Now,
		Stdout: p.stdout,
	})
}

func (p *program) guestsCommand() *cobra.Command {
	command := group("guests", "Import and export the guests of events")
	command.AddCommand(invitedguest.Commands(invitedguest.Environment{
		Open: func(ctx context.Context) (*gorm.DB, error) {
			w, err := p.openAtHead(ctx)
			if err != nil {
				return nil, err
			}
			return w.db, nil
		},
		Stdin:       p.stdin,
		Stdout:      p.stdout,
		Stderr:      p.stderr,
		Interactive: terminal.IsTerminal(p.stderr),
	})...)
	return command
}

// group returns a command that only holds others; a mistyped one is an error, not a help text.
func group(name, short string) *cobra.Command {
	return &cobra.Command{
		Use:   name,
		Short: short,
		Args:  noCommand,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
}

// noCommand refuses what stands where a command's name should, and says which was probably meant.
func noCommand(c *cobra.Command, arguments []string) error {
	if len(arguments) == 0 {
		return nil
	}
	hint := fmt.Sprintf("see %s --help", c.CommandPath())
	c.SuggestionsMinimumDistance = 2 // without it, only beginnings of names are suggested
	if near := c.SuggestionsFor(arguments[0]); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return fmt.Errorf("unknown command %q for %q\n%s", arguments[0], c.CommandPath(), hint)
}

func (p *program) routesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "routes",
		Short: "Print the URL map",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return app.PrintRoutes(p.stdout) },
	}
}

func (p *program) healthcheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask the server on HOST and PORT whether it is ready (for containers)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := loadConfig(p.dir, p.environ, false)
			if err != nil {
				return err
			}
			return app.CheckReady(c.Context(), config.Host, config.Port)
		},
	}
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of the program",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(p.stdout, version())
			return err
		},
	}
}

// version tells what the Go tool noted when it built the program: the commit, if it was built in a checkout.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "guestlist (unknown)"
	}
	words := []string{"guestlist", info.Main.Version}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			words = append(words, setting.Value)
		}
	}
	return strings.Join(append(words, info.GoVersion), " ")
}
