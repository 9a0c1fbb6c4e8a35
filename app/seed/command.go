package seed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"guestlist/app/terminal"
)

// Environment is what the command gets from the program.
type Environment struct {
	Name     string // of the program, in the help
	Open     func(context.Context) (*Seeder, error)
	Password func() (string, error) // returns a new password that satisfies Config.PasswordRules
	Stdout   io.Writer
}

// ErrNotDevelopment is the error for production settings.
var ErrNotDevelopment = errors.New("seed fills only a development database, and these settings are for production: " +
	"DATABASE_URL is set, and DEBUG is not\n" +
	"set DEBUG=True if the database is for development, or unset DATABASE_URL for the embedded one")

// Command returns the command that fills a database.
func Command(env Environment) *cobra.Command {
	var options Options
	command := &cobra.Command{
		Use:   "seed",
		Short: "Fill an empty development database with sample events, guests and answers",
		Long: "Fill an empty development database with sample events, guests and answers.\n\n" +
			"It creates three events: one with registration open, one with it closed, and one that is over; guests with long\n" +
			"names, in many languages and from right to left, who have accepted, declined or not answered; tags; and " +
			"an account\n" +
			"for each role. All addresses are at example.org, and no mail is sent. At the end it prints a password " +
			"to sign in\n" +
			"with, which it does not show again, and links to the pages where guests answer.\n\n" +
			"A development database is the embedded one (no DATABASE_URL), or any with DEBUG set. The embedded one " +
			"is upgraded\n" +
			"first; any other needs db upgrade. A database that has users, events or guests is refused.",
		Example: fmt.Sprintf("  %[1]s seed\n  %[1]s seed --guests 10000\n  DEBUG=True "+
			"DATABASE_URL=postgres://localhost/dev %[1]s seed",
			env.Name),
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if options.Guests < 1 || options.Guests > MaxGuests {
				return fmt.Errorf("--guests: %d is not a number from 1 to %d", options.Guests, MaxGuests)
			}
			return env.run(c.Context(), options)
		},
	}
	command.Flags().IntVar(&options.Guests, "guests", 60, "number of guests of the event with registration open")
	command.Flags().
		Uint64Var(&options.Seed, "seed", 1, "seed of the random names and answers")
	return command
}

func (env Environment) run(ctx context.Context, o Options) error {
	s, err := env.Open(ctx)
	if err != nil {
		return err
	}
	if o.Password, err = env.Password(); err != nil {
		return err
	}
	report, err := s.Run(ctx, o)
	if ctx.Err() != nil {
		return errors.New("stopped; nothing was changed")
	}
	if err != nil {
		return err
	}
	return report.print(env.Stdout, o.Password)
}

// print prints what was created, and how to look at it.
func (r Report) print(out io.Writer, password string) error {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, event := range r.Events {
		guests := terminal.Counted(event.Guests, "guest", "guests")
		_, _ = fmt.Fprintf(table, "Created %s\t%s, and %s\n", event.Key, guests, event.About)
	}
	_ = table.Flush()
	_, _ = fmt.Fprintf(&text, "\nSign in with the password %s, which is not shown again:\n", password)
	for _, account := range r.Accounts {
		_, _ = fmt.Fprintf(table, "  %s\t%s\n", account.Email, account.About)
	}
	_ = table.Flush()
	_, _ = fmt.Fprint(&text, "\nAnswer as a guest, while the server runs:\n")
	for _, link := range r.Links { // a right-to-left name would reverse what follows it
		_, _ = fmt.Fprintf(table, "  %s\t%s\t%s\n", link.Language, link.URL, shortened(link.Name))
	}
	_ = table.Flush()
	_, err := io.WriteString(out, text.String())
	return err
}

// shortened truncates a long name.
func shortened(name string) string {
	const enough = 30
	if utf8.RuneCountInString(name) <= enough {
		return name
	}
	return string([]rune(name)[:enough-1]) + "…"
}
