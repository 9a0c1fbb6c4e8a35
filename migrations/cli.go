package migrations

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

const identifiers = `A REVISION is written as
  head, heads, base          the newest revision (there must be one), all of them, before the first
  current                    where the database stands (show, edit, history)
  8f0c3f6d1a2b, 8f0c, plug   an id, the beginning of one, a branch label
  +2, -1                     so many steps from where the database stands
  8f0c+2, head-1             so many steps from a revision
  plug@head, 8f0c@+1         the same, narrowed to a branch`

// Command returns the command db with its subcommands. They return errors and never exit. The text of an error has a
// second line where there is something to do about it.
func Command(env *Environment) *cobra.Command {
	db := &cobra.Command{
		Use:           "db",
		Short:         "Look after the database schema",
		Long:          "Look after the database schema: write revisions, apply them, take them back, merge them.\n\n" + identifiers,
		Example:       "  guestlist db migrate -m \"add phone to users\"\n  guestlist db upgrade\n  guestlist db history --graph\n  guestlist db merge heads -m \"merge\"",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          mistyped,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	db.SuggestionsMinimumDistance = 2
	db.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return &hinted{err, "see " + c.CommandPath() + " --help"}
	})
	db.PersistentFlags().StringVarP(&env.Directory, "directory", "d", cmp.Or(env.Directory, "migrations"), "where the migrations live")
	db.AddCommand(
		initCommand(env), migrateCommand(env), revisionCommand(env), mergeCommand(env), editCommand(env),
		upgradeCommand(env), downgradeCommand(env), stampCommand(env),
		currentCommand(env), headsCommand(env), historyCommand(env), branchesCommand(env), showCommand(env),
		checkCommand(env),
	)
	return db
}

// mistyped refuses a command that does not exist.
func mistyped(c *cobra.Command, arguments []string) error {
	err := cobra.NoArgs(c, arguments)
	if err == nil {
		return nil
	}
	hint := c.CommandPath() + " --help lists the commands"
	if near := c.SuggestionsFor(arguments[0]); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "? " + hint
	}
	return &hinted{err, hint}
}

// run adapts a function of a session to cobra.
func run(env *Environment, do func(c *cobra.Command, s *session, arguments []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, arguments []string) error {
		if c.Flags().Changed("directory") {
			if err := env.checkDirectory(); err != nil {
				return withHint(err)
			}
		}
		s, err := env.session()
		if err != nil {
			return withHint(err)
		}
		err = do(c, s, arguments)
		s.log.end()
		return withHint(err)
	}
}

// nothing refuses arguments.
func nothing(c *cobra.Command, arguments []string) error {
	if len(arguments) == 0 {
		return nil
	}
	return extra(arguments, "it takes none; see "+c.CommandPath()+" --help")
}

// extra is arguments too many, worded as the reference has it.
func extra(arguments []string, hint string) error {
	noun := "argument"
	if len(arguments) > 1 {
		noun = "arguments"
	}
	return &hinted{fmt.Errorf("Got unexpected extra %s (%s)", noun, strings.Join(arguments, " ")), hint} //nolint:staticcheck // the reference's words
}

// verboseFlag adds -v.
func verboseFlag(c *cobra.Command, verbose *bool) {
	c.Flags().BoolVarP(verbose, "verbose", "v", false, "show each revision's parents, file and whole comment, too")
}
