package cli

import (
	"context"

	"github.com/spf13/cobra"

	"guestlist/app/baobab"
)

func (p *Program) importCommand() *cobra.Command {
	command := group("import", "Import data from other programs")
	command.AddCommand(baobab.Command(baobab.Environment{
		Name: p.Name + " import",
		Open: func(ctx context.Context) (*baobab.Importer, error) {
			r, err := p.openAtHead(ctx)
			if err != nil {
				return nil, err
			}
			return baobab.NewImporter(r.db, r.config.EventRoles, r.config.TimeZone), nil
		},
		Stdout: p.Stdout,
	}))
	return command
}
