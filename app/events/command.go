package events

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"guestlist/app/table"
	"guestlist/app/terminal"
	"guestlist/app/utils"
)

// Environment is what the program passes to the commands.
type Environment struct {
	Name           string // of the command, as people type it: "guestlist events"
	Open           func(context.Context) (*Service, error)
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Commands returns the commands that import and export events.
func Commands(env Environment) []*cobra.Command {
	return []*cobra.Command{importCommand(env), exportCommand(env)}
}

func importCommand(env Environment) *cobra.Command {
	var dry bool
	command := &cobra.Command{
		Use:   "import FILE",
		Short: "Create the events in a JSON file; - is standard input",
		Long: "Create the events in a JSON file; - is standard input.\n\n" +
			"It is a list of objects, or objects one after the other, as export writes them: the fields of POST\n" +
			`/api/v1/event and optionally "roles": [{"email", "role"}] of users with accounts. A file can be imported` +
			"\nagain: an event whose key exists is left unchanged. Invalid events are listed, and the others created.",
		Example: "  " + env.Name + " import events.json\n  " + env.Name + " import --dry-run events.json",
		Args:    terminal.OneFile,
		RunE: func(c *cobra.Command, arguments []string) error {
			return env.importFile(c.Context(), arguments[0], dry)
		},
	}
	command.Flags().BoolVar(&dry, "dry-run", false, "only report what would be done")
	return command
}

func exportCommand(env Environment) *cobra.Command {
	var key string
	command := &cobra.Command{
		Use:   "export",
		Short: "Write events with their roles as JSON to standard output",
		Long: "Write all events, or one, as JSON to standard output, with their roles but\nwithout the data of other " +
			"features.",
		Example: "  " + env.Name + " export > events.json\n  " + env.Name + " export --event gala",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return env.export(c.Context(), key) },
	}
	command.Flags().StringVar(&key, "event", "", "write only the event with this key")
	return command
}

func (env Environment) export(ctx context.Context, key string) error {
	s, err := env.Open(ctx)
	if err != nil {
		return err
	}
	separator := "[\n"
	err = s.export(ctx, key, func(event *exported) error {
		line, err := json.Marshal(event)
		if err == nil {
			_, err = fmt.Fprintf(env.Stdout, "%s%s", separator, line)
		}
		separator = ",\n"
		return err
	})
	switch {
	case errors.Is(err, utils.ErrEventNotFound):
		return fmt.Errorf("--event: there is no event with the key %q", key)
	case err != nil:
		return err
	}
	end := "\n]\n"
	if separator == "[\n" {
		end = "[]\n"
	}
	_, err = io.WriteString(env.Stdout, end)
	return err
}

func (env Environment) importFile(ctx context.Context, path string, dry bool) error {
	s, err := env.Open(ctx)
	if err != nil {
		return err
	}
	file, err := terminal.OpenInput(path, env.Stdin, nil)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	objects, err := table.NewObjects(bufio.NewReader(file), utils.MaxBody)
	if err != nil {
		return fmt.Errorf("%s %w", path, err)
	}
	var created, existing, invalid int
	for row, seen := 1, map[string]bool{}; ; row++ {
		object, err := objects.Next()
		if errors.Is(err, io.EOF) {
			return env.reportImport(created, existing, invalid, dry)
		}
		if err != nil {
			return fmt.Errorf("after %s: %s %w", terminal.Counted(created, "event", "events"), path, err)
		}
		result, err := s.importObject(ctx, object, dry)
		switch fields, wrong := errors.AsType[utils.FieldErrors](err); {
		case wrong:
			invalid++
			_, _ = fmt.Fprintf(env.Stderr, "event %d: %s\n", row, fields.Words())
		case err != nil:
			return fmt.Errorf("after %s: %s: %w", terminal.Counted(created, "event", "events"), path, err)
		case result.created && !seen[result.key]:
			created++
		default:
			existing++
		}
		seen[result.key] = true
	}
}

// reportImport prints the counts. It fails if any event was invalid.
func (env Environment) reportImport(created, existing, invalid int, dry bool) error {
	count := terminal.Counted(created, "event", "events")
	words := fmt.Sprintf("Created %s; %d existed already.", count, existing)
	if dry {
		words = fmt.Sprintf("Would create %s; %d exist already.", count, existing)
	}
	if _, err := fmt.Fprintln(env.Stdout, words); err != nil {
		return err
	}
	if invalid > 0 {
		return fmt.Errorf("%s not valid", terminal.Counted(invalid, "event is", "events are"))
	}
	return nil
}
