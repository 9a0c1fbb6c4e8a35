package invitedguest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/localtime"
	"guestlist/app/table"
	"guestlist/app/terminal"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// Environment is what the program provides to the commands.
type Environment struct {
	Name           string // of the parent command: "guestlist guests"
	Open           func(context.Context) (*Service, error)
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Interactive    bool // whether Stderr is a terminal
}

// Commands returns the commands that import and export guests.
func Commands(env Environment) []*cobra.Command {
	return []*cobra.Command{importCommand(env), exportCommand(env)}
}

func importCommand(env Environment) *cobra.Command {
	var key, role string
	var dry, update bool
	var tables table.Flags
	command := &cobra.Command{
		Use:   "import --event KEY FILE",
		Short: "Invite the people in a CSV or Excel file; - is standard input",
		Long: "Invite the people in a CSV or Excel file; - is standard input.\n\n" +
			"The column email is required; user_title, firstname, lastname, language, role, and tag_ids or tags (names)\n" +
			"are optional. Tags are separated by semicolons. People without an account get one. The server mails the\n" +
			"invitations. A file can be imported again: existing guests are left unchanged. Once registration for the\n" +
			"event has closed, nobody can be invited.\n\n" +
			"With --update, an edited export changes existing guests, found by invited_guest_id or address: their role,\n" +
			"tags and status, and their names while the account is used for this invitation only. Missing columns change\n" +
			"nothing; nor does an empty role, status or language. An answer given since the export is kept.\n\n" +
			table.Help,
		Example: "  " + env.Name + " import --event gala --role guest guests.csv\n" +
			"  " + env.Name + " import --event gala --dry-run guests.xlsx\n" +
			"  " + env.Name + " import --event gala --map 'Given=firstname' --encoding windows-1252 guests.csv",
		Args: terminal.OneFile,
		RunE: func(c *cobra.Command, arguments []string) error {
			options, err := tables.Options()
			if err != nil {
				return err
			}
			return env.importFile(c.Context(), importOptions{key, arguments[0], role, dry, update, options})
		},
	}
	flags := command.Flags()
	tables.Register(flags)
	flags.StringVar(&key, "event", "", "the event's key")
	flags.StringVar(&role, "role", "", "the role for rows without one")
	flags.BoolVar(&dry, "dry-run", false, "report what would be done without storing anything")
	flags.BoolVar(&update, "update", false, "change existing guests")
	_ = command.MarkFlagRequired("event") // fails only for unknown flags
	return command
}

func exportCommand(env Environment) *cobra.Command {
	var key, language, path, format string
	var asJSON, excel bool
	command := &cobra.Command{
		Use:   "export --event KEY",
		Short: "Write the guests of an event as CSV, an Excel file or JSON",
		Long: "Write the guests of an event to standard output or the --output file. The format is that of --format, else\n" +
			"that of the file name's extension (.csv, .json, .xlsx), else CSV.\n\n" +
			"Spreadsheet programs open .xlsx, and the CSV of --excel (UTF-16 with tabs), by double click. Cells that a\n" +
			"spreadsheet could take for a formula start with an apostrophe, which import removes. Import an edited export\n" +
			"with --update.",
		Example: "  " + env.Name + " export --event gala > guests.csv\n" +
			"  " + env.Name + " export --event gala --output guests.xlsx",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if asJSON {
				format = formatJSON
			} else if excel {
				format = string(table.ExcelCSV)
			}
			return env.exportFile(c.Context(), key, language, path, format)
		},
	}
	command.Flags().StringVar(&key, "event", "", "the event's key")
	command.Flags().StringVar(&path, "output", "", "the file to write, which must not exist (default standard output)")
	command.Flags().StringVar(&format, "format", "", "csv, excel (CSV for Excel), json or xlsx")
	command.Flags().BoolVar(&excel, "excel", false, "short for --format excel")
	command.Flags().BoolVar(&asJSON, "json", false,
		"short for --format json: the objects of GET /api/v1/invitedGuestList")
	command.MarkFlagsMutuallyExclusive("json", "excel", "format")
	command.Flags().StringVar(&language, "language", text.DefaultLanguage, "the language of tag names")
	_ = command.MarkFlagRequired("event") // fails only for unknown flags
	return command
}

// exportFile exports the guests of the event to the file at path or, if path is empty, to standard output.
func (env Environment) exportFile(ctx context.Context, key, language, path, format string) (err error) {
	if format == "" {
		if format = strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), "."); format == "" {
			format = string(table.CSV)
		}
	}
	if _, known := tableKinds[format]; !known && format != formatJSON {
		return fmt.Errorf("--format must be csv, excel, json or xlsx, not %q", format)
	}
	s, err := env.Open(ctx)
	if err != nil {
		return err
	}
	event, err := s.event(ctx, key)
	if err != nil {
		return err
	}
	out := env.Stdout
	if path != "" {
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fmt.Errorf("--output: %w", err)
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		out = file
	}
	if format == formatJSON {
		return s.export(ctx, &jsonSink{out: out, shape: wholeGuest}, event.ID, language)
	}
	return s.export(ctx, newTableSink(out, table.Format(format)), event.ID, language)
}

// event returns the event with the key.
func (s *Service) event(ctx context.Context, key string) (*events.Event, error) {
	event, err := events.FindByKey(ctx, s.db, key)
	if errors.Is(err, utils.ErrEventNotFound) {
		return nil, fmt.Errorf("--event: there is no event with the key %q", key)
	}
	return event, err
}

func (s *Service) export(ctx context.Context, out sink, eventID int64, language string) error {
	request := listing{ListQuery: utils.NewListQuery(), EventID: eventID, Language: language}
	if err := s.each(ctx, request, out.write); err != nil {
		return err
	}
	return out.close()
}

// importOptions are the arguments and flags of the import command.
type importOptions struct {
	key, path, role string
	dry, update     bool
	options         table.Options
}

func (env Environment) importFile(ctx context.Context, i importOptions) error {
	s, err := env.Open(ctx)
	if err != nil {
		return err
	}
	event, err := s.event(ctx, i.key)
	if err != nil {
		return err
	}
	switch err := checkInvitable(event, s.db.NowFunc()); {
	case err == nil, i.update: // guests can be changed at any time
	case errors.Is(err, utils.ErrRegistrationClosed):
		when := localtime.FormatEnd(*answersUntil(event), event.Zone(), text.DefaultLanguage)
		return fmt.Errorf("--event: registration for %q closed: %s", i.key, when)
	default:
		return fmt.Errorf("--event: %q: %w", i.key, err)
	}
	bar, err := terminal.OpenInput(i.path, env.Stdin, env.progressOut())
	if err != nil {
		return err
	}
	defer func() { _ = bar.Close() }()
	t, err := newGuestTable(bar, i.role, i.update, i.options)
	if err != nil {
		return fmt.Errorf("%s %w", i.path, err)
	}
	_, _ = fmt.Fprintln(env.Stderr, t.Columns())
	total, err := env.importTable(ctx, s, event.ID, t, bar, i)
	bar.Clear()
	if ctx.Err() != nil {
		return fmt.Errorf("stopped after %s\nimport the file again to continue; existing guests are left unchanged",
			terminal.Counted(total.Created, "guest", "guests"))
	}
	if err != nil {
		return fmt.Errorf("after %s: %s: %w", terminal.Counted(total.Created, "guest", "guests"), i.path, err)
	}
	return env.printReport(total, i)
}

// progressOut returns where to show progress, or nil.
func (env Environment) progressOut() io.Writer {
	if env.Interactive {
		return env.Stderr
	}
	return nil
}

// printReport prints the totals. It returns an error if rows were invalid.
func (env Environment) printReport(total Report, i importOptions) error {
	created := terminal.Counted(total.Created, "guest", "guests")
	words := fmt.Sprintf("Created %s; %s invited already.", created, terminal.Counted(total.Already, "was", "were"))
	switch {
	case i.update && i.dry:
		words = fmt.Sprintf("Would create %s and update %d; %d unchanged.", created, total.Updated, total.Unchanged)
	case i.update:
		words = fmt.Sprintf("Created %s and updated %d; %d unchanged.", created, total.Updated, total.Unchanged)
	case i.dry:
		words = fmt.Sprintf("Would create %s; %s invited already.", created, terminal.Counted(total.Already, "is", "are"))
	}
	if total.LastMailAt != nil {
		last := total.LastMailAt.UTC().Format("2006-01-02 15:04 MST")
		words += "\nThe mails go out gradually, the last at about " + last + " (LIMIT_INVITATION_MAILS)."
	}
	if _, err := fmt.Fprintln(env.Stdout, words); err != nil {
		return err
	}
	if total.Invalid > 0 {
		return fmt.Errorf("%s not valid", terminal.Counted(total.Invalid, "row is", "rows are"))
	}
	return nil
}

// printRow prints the result of a row that was updated or is invalid.
func (env Environment) printRow(o Outcome, bar *terminal.Progress) {
	if o.Result == resultUpdated {
		bar.Clear()
		_, _ = fmt.Fprintf(env.Stdout, "row %d: %s: %s (%s)\n", o.Row, o.Result, strings.Join(o.Changed, ", "), o.Email)
	}
	if len(o.Errors) > 0 {
		bar.Clear()
		_, _ = fmt.Fprintf(env.Stderr, "row %d: %s\n", o.Row, o.Errors.Words())
	}
}

// importBatch is how many rows are stored in a transaction.
const importBatch = 1000

func (env Environment) importTable(
	ctx context.Context, s *Service, eventID int64, t *guestTable, bar *terminal.Progress, i importOptions,
) (total Report, err error) {
	planned := map[string]bool{} // in a dry run: guests of earlier batches, by address
	for rows := 0; ; {
		people, err := t.read(importBatch)
		if err != nil || len(people) == 0 {
			return total, err
		}
		batch := Batch{EventID: eventID, People: people, DryRun: i.dry, Update: i.update}
		r, err := s.InviteMany(ctx, audit.Operator(), batch)
		if err != nil {
			return total, err
		}
		total.add(r)
		for _, o := range r.Results {
			if i.dry && o.Result == resultCreated {
				if planned[o.Email] {
					total.Created, total.Already = total.Created-1, total.Already+1
				}
				planned[o.Email] = true
			}
			env.printRow(o, bar)
		}
		rows += len(people)
		bar.Show(rows)
	}
}
