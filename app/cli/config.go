package cli

import (
	"cmp"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"guestlist/app/settings"
	"guestlist/app/utils"
)

func (p *Program) configCommand() *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "config",
		Short: "Print the settings and their sources",
		Long: "Print every setting with its value and where it comes from: the environment, the file .env, or " +
			"the default.\n" +
			"Secret keys, and passwords in URLs, are not shown.",
		Example: "  " + p.Name + " config\n  " + p.Name + " config --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			all, config, err := p.Settings()
			if err == nil {
				for _, warning := range config.Misspelt {
					_, _ = fmt.Fprintln(p.Stderr, "Warning: "+warning)
				}
			}
			if asJSON {
				return cmp.Or(utils.WriteJSON(p.Stdout, objects(all)), err)
			}
			return cmp.Or(printSettings(p.Stdout, all), err)
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON instead of a table")
	return command
}

func printSettings(out io.Writer, all []settings.Setting) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprint(table, "Setting\tValue\tSource\n-------\t-----\t------\n")
	for _, s := range all {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", s.Name, cmp.Or(s.Value, "-"), s.Source)
	}
	return table.Flush()
}

type settingJSON struct {
	Name   string  `json:"name"`
	Value  *string `json:"value"` // null: unset
	Source string  `json:"source"`
}

func objects(all []settings.Setting) []settingJSON {
	list := make([]settingJSON, 0, len(all))
	for _, s := range all {
		object := settingJSON{s.Name, nil, s.Source}
		if s.Value != "" {
			object.Value = &s.Value
		}
		list = append(list, object)
	}
	return list
}
