package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/hint"
)

const identifiers = `A REVISION is written as
  head, heads, base          the newest revision (there must be only one), all of them, none
  current                    the revision of the database (show, edit and history only)
  8f0c3f6d1a2b, 8f0c, plug   an id, the beginning of one, a branch label
  +2, -1                     two revisions after, or one before, the current one
  8f0c+2, head-1             two revisions after, or one before, the one named
  plug@head, 8f0c@+1         the same, narrowed to a branch`

// directoryFlag is the flag that names the directory of an environment.
const directoryFlag = "directory"

// commandFunc is what a command does in a session.
type commandFunc func(c *cobra.Command, s *session, arguments []string) error

// run returns the RunE of a command. If the command succeeds but its result could not be printed, that is the error.
func run(program *Program, do commandFunc) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, arguments []string) error {
		s, err := program.session(c)
		if err != nil {
			return hint.Lines(err, program.Name)
		}
		if c.Context().Done() == nil { // the program handles no signals itself
			ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			context.AfterFunc(ctx, stop) // a second signal kills the program
			c.SetContext(ctx)
		}
		err = do(c, s, arguments)
		s.log.end()
		if err == nil && s.out.err != nil {
			err = fmt.Errorf("print the result: %w", s.out.err)
		}
		return hint.Lines(err, program.command(s.env))
	}
}

// noArguments rejects arguments.
func noArguments(c *cobra.Command, arguments []string) error {
	if len(arguments) == 0 {
		return nil
	}
	return extraArguments(arguments, "it takes none; see "+c.CommandPath()+" --help")
}

// extraArguments is the error for too many arguments, worded as in the reference.
func extraArguments(arguments []string, text string) error {
	noun := "argument"
	if len(arguments) > 1 {
		noun = "arguments"
	}
	words := strings.Join(arguments, " ")
	err := fmt.Errorf("Got unexpected extra %s (%s)", noun, words) //nolint:staticcheck // the reference's words
	return hint.Lines(hint.New(err, text), "")
}

// verboseFlag adds -v.
func verboseFlag(c *cobra.Command, verbose *bool) {
	c.Flags().BoolVarP(verbose, "verbose", "v", false, "show each revision's parents, file and whole comment, too")
}

// stepsFlag allows -1, -12 and so on as a REVISION, although they look like flags: each digit is a flag, and together
// they make up the number.
type stepsFlag struct{ digits string }

func (f *stepsFlag) register(c *cobra.Command) {
	for digit := range 10 {
		name := fmt.Sprint(digit)
		flag := c.Flags().VarPF(f, "step-"+name, name, "")
		flag.NoOptDefVal = name
		flag.Hidden = true
	}
}

// targets returns the revisions given, steps first, or fallback if there are none.
func (f *stepsFlag) targets(arguments []string, fallback string) []string {
	if f.digits != "" {
		arguments = append([]string{"-" + f.digits}, arguments...)
	}
	if len(arguments) == 0 {
		return []string{fallback}
	}
	return arguments
}

// target returns the only revision given, or fallback if there is none.
func (f *stepsFlag) target(arguments []string, fallback string) string {
	return f.targets(arguments, fallback)[0]
}

// atMostOne rejects a second revision.
func (f *stepsFlag) atMostOne(c *cobra.Command, arguments []string) error {
	if typed := f.targets(arguments, ""); len(typed) > 1 {
		return extraArguments(typed[1:], "one REVISION is enough; see "+c.CommandPath()+" --help")
	}
	return nil
}

// String implements pflag.Value.
func (f *stepsFlag) String() string { return f.digits }

// Set implements pflag.Value.
func (f *stepsFlag) Set(digit string) error {
	f.digits += digit
	return nil
}

// Type implements pflag.Value.
func (*stepsFlag) Type() string { return "digit" }
