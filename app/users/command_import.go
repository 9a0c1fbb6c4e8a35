package users

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"guestlist/app/table"
	"guestlist/app/terminal"
)

func importCommand(env Environment) *cobra.Command {
	var dry bool
	var flags table.Flags
	command := &cobra.Command{
		Use:   "import FILE",
		Short: "Create accounts from a CSV, Excel or JSON file; - is standard input",
		Long: "Create accounts from a CSV, Excel or JSON file; - is standard input.\n\n" +
			"The columns of a table are email, and optionally firstname, lastname, user_title, language, verified and\n" +
			"policy_agreed (true or false), and password_hash (bcrypt or argon2id; without one, the user sets a password " +
			"with a\nmailed code). JSON is a list of objects with the same members, or objects one after the other. No " +
			"mail is sent.\nA file can be imported again: existing accounts are left unchanged, and accounts that were " +
			"deleted here are not\ncreated again.\n\n" +
			table.Help,
		Example: "  " + env.Name + " import accounts.csv\n  " + env.Name + " import --dry-run accounts.json",
		Args:    terminal.OneFile,
		RunE: func(c *cobra.Command, arguments []string) error {
			options, err := flags.Options()
			if err != nil {
				return err
			}
			return env.importFile(c.Context(), arguments[0], options, dry)
		},
	}
	command.Flags().BoolVar(&dry, "dry-run", false, "only report what would be done")
	flags.Register(command.Flags())
	return command
}

// importCounts counts the rows of a file by their result.
type importCounts struct{ rows, created, existing, invalid int }

func (env Environment) importFile(ctx context.Context, path string, options table.Options, dry bool) error {
	service, err := env.Open(ctx)
	if err != nil {
		return err
	}
	var watcher io.Writer
	if env.Interactive {
		watcher = env.Stderr
	}
	bar, err := terminal.OpenInput(path, env.Stdin, watcher)
	if err != nil {
		return err
	}
	defer func() { _ = bar.Close() }()
	rows, err := newRowReader(bar, options)
	if err != nil {
		return fmt.Errorf("%s %w", path, err)
	}
	if columns := rows.columns(); columns != "" {
		_, _ = fmt.Fprintln(env.Stderr, columns)
	}
	total, err := env.importRows(ctx, &importer{service: service, dry: dry, seen: map[string]bool{}}, rows, bar)
	bar.Clear()
	if ctx.Err() != nil {
		return fmt.Errorf("stopped after %s\nimport the file again: existing accounts are left unchanged",
			terminal.Counted(total.created, "account", "accounts"))
	}
	if err != nil {
		return fmt.Errorf("after %s: %s %w", terminal.Counted(total.created, "account", "accounts"), path, err)
	}
	return env.reportImport(total, dry)
}

// importBatch is how many accounts are stored in a transaction.
const importBatch = 1000

func (env Environment) importRows(
	ctx context.Context, to *importer, from rowReader, bar *terminal.Progress,
) (total importCounts, err error) {
	for done := false; !done; {
		var batch []importRow
		for len(batch) < importBatch && !done {
			row, err := from.next()
			if done = errors.Is(err, io.EOF); done {
				break
			}
			if err != nil {
				return total, err
			}
			batch = append(batch, row)
		}
		results, err := to.store(ctx, batch)
		if err != nil {
			return total, err
		}
		for n, result := range results {
			switch {
			case len(result.wrong) > 0:
				total.invalid++
				bar.Clear()
				_, _ = fmt.Fprintf(env.Stderr, "row %d: %s\n", cmp.Or(batch[n].number, total.rows+n+1), result.wrong.Words())
			case result.created:
				total.created++
			default:
				total.existing++
			}
		}
		total.rows += len(batch)
		bar.Show(total.rows)
	}
	return total, nil
}

// reportImport prints the counts. It fails if rows were not valid.
func (env Environment) reportImport(total importCounts, dry bool) error {
	created := terminal.Counted(total.created, "account", "accounts")
	words := fmt.Sprintf("Created %s; %d existed already.", created, total.existing)
	if dry {
		words = fmt.Sprintf("Would create %s; %d exist already.", created, total.existing)
	}
	if _, err := fmt.Fprintln(env.Stdout, words); err != nil {
		return err
	}
	if total.invalid > 0 {
		return fmt.Errorf("%s not valid", terminal.Counted(total.invalid, "row is", "rows are"))
	}
	return nil
}
