// Package cli is the program's command tree: serve (the default), db, users, events, guests, import, audit, routes,
// openapi and the like. It returns errors and never exits; main alone imports it.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"guestlist/app"
	"guestlist/app/database"
	"guestlist/app/logging"
	"guestlist/app/settings"
	"guestlist/app/terminal"
)

// Program has the program's name and settings and what the commands read and write.
type Program struct {
	Name    string // on the command line
	Title   string // in text
	Purpose string // a phrase that follows "is"

	// Config reads the settings. It reads the key that signs tokens, and requires the settings for mails, only if signing.
	Config func(signing bool) (app.Config, error)
	// Settings returns every setting, without secrets, and Config's result.
	Settings       func() ([]settings.Setting, app.Config, error)
	Stdin          io.Reader
	Stdout, Stderr io.Writer

	logBuffer *logging.Buffer // buffers the log; nil: lines are written immediately
	reading   bool            // the command changes nothing and must not create a database
	opened    []*gorm.DB      // closed at the end
}

// Run runs the command given by arguments. Call it once per process, since it silences GORM's default logger. The
// error's text is complete: what went wrong and, on a second line if there is one, what to do about it.
func (p *Program) Run(ctx context.Context, arguments []string) error {
	logger.Default = logger.Discard // GORM's model parser also prints its errors to standard output
	terminal.EnableEscapes(p.Stdout, p.Stderr)
	root := p.rootCommand()
	root.SetArgs(arguments)
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	defer p.close()
	if err := root.ExecuteContext(ctx); err != nil {
		return errors.New(explain(err))
	}
	return nil
}

func (p *Program) close() {
	defer p.stopBuffering()
	for _, db := range p.opened {
		_ = database.Close(db) // the program ends anyway
	}
}

// explain returns an error's text, with its hint on a second line if it has one.
func explain(err error) string {
	text := err.Error()
	hinter, ok := errors.AsType[interface {
		error
		Hint() string
	}](err)
	if ok && hinter.Hint() != "" && !strings.Contains(text, "\n") {
		text += "\n" + hinter.Hint()
	}
	return text
}

func (p *Program) rootCommand() *cobra.Command {
	root := p.serveCommand()
	root.Use = p.Name
	root.Short = p.Title + ": " + p.Purpose
	root.Long = p.Title + " is " + p.Purpose + ".\n\n" +
		"Without a command, it serves the API: the same as " + p.Name + " serve."
	root.Example = ""
	root.Args = noCommand
	root.Version = p.version()
	root.SetVersionTemplate("{{.Version}}")
	root.SilenceUsage, root.SilenceErrors = true, true
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w\nsee %s --help", err, c.CommandPath())
	})
	root.AddCommand(p.serveCommand(), p.dbCommand(), p.usersCommand(), p.auditCommand(), p.routesCommand(),
		p.openAPICommand(), p.backupCommand(), p.restoreCommand(), p.healthcheckCommand(), p.configCommand(),
		p.versionCommand())
	root.AddCommand(p.eventsCommand()) // events
	root.AddCommand(p.guestsCommand()) // invitedguest
	root.AddCommand(p.importCommand()) // baobab
	root.AddCommand(p.seedCommand())   // seed
	return root
}

// group returns a command that only has subcommands; an unknown one is an error, and does not print the help.
func group(name, short string) *cobra.Command {
	return &cobra.Command{
		Use:   name,
		Short: short,
		Args:  noCommand,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
}

// noCommand rejects an argument that is not a subcommand, and suggests one.
func noCommand(c *cobra.Command, arguments []string) error {
	if len(arguments) == 0 {
		return nil
	}
	hint := fmt.Sprintf("see %s --help", c.CommandPath())
	c.SuggestionsMinimumDistance = 2 // the default suggests only prefixes
	if near := c.SuggestionsFor(arguments[0]); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return fmt.Errorf("unknown command %q for %q\n%s", arguments[0], c.CommandPath(), hint)
}
