// Package cli is the command db: its flags and arguments, its output, questions and drawings. It returns errors and
// never exits. Packages autogen, runner and drift do the work.
package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/hint"
)

// Command returns the command with its subcommands. The text of an error has a second line if there is a next step.
func Command(program *Program) *cobra.Command {
	words := strings.Fields(program.Name)
	db := &cobra.Command{
		Use:   words[len(words)-1],
		Short: "Manage the database schema",
		Long:  "Manage the database schema: write revisions, apply them, revert them, merge them.\n\n" + identifiers,
		Example: "  {db} migrate -m \"add phone to users\"\n  {db} upgrade\n  {db} history --graph\n" +
			"  {db} merge heads -m \"merge\"",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          knownCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	db.SetOut(program.Stdout)
	db.SetErr(program.Stderr)
	db.SuggestionsMinimumDistance = 2
	db.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return hint.Lines(hint.New(err, "see "+c.CommandPath()+" --help"), program.Name)
	})
	db.PersistentFlags().StringP(directoryFlag, "d", program.Directory, "the directory of the migrations")
	db.AddCommand(
		initCommand(program), migrateCommand(program), revisionCommand(program), mergeCommand(program),
		squashCommand(program), editCommand(program),
		upgradeCommand(program), downgradeCommand(program), stampCommand(program),
		currentCommand(program), headsCommand(program), historyCommand(program), branchesCommand(program),
		showCommand(program), diagramCommand(program),
		checkCommand(program), lintCommand(program),
	)
	for _, c := range append(db.Commands(), db) {
		c.Long, c.Example = hint.Fill(c.Long, program.Name), hint.Fill(c.Example, program.Name)
	}
	return db
}

// knownCommand rejects a command that does not exist.
func knownCommand(c *cobra.Command, arguments []string) error {
	err := cobra.NoArgs(c, arguments)
	if err == nil {
		return nil
	}
	text := c.CommandPath() + " --help lists the commands"
	if near := c.SuggestionsFor(arguments[0]); len(near) > 0 {
		text = "did you mean " + strings.Join(near, " or ") + "? " + text
	}
	return hint.Lines(hint.New(err, text), "")
}
