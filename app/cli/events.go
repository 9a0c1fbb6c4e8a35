package cli

import (
	"context"

	"github.com/spf13/cobra"

	"guestlist/app"
	"guestlist/app/events"
)

func (p *Program) eventsCommand() *cobra.Command {
	command := group("events", "Import and export events")
	command.AddCommand(events.Commands(events.Environment{
		Name: p.Name + " events",
		Open: func(ctx context.Context) (*events.Service, error) {
			r, err := p.openAtHead(ctx)
			if err != nil {
				return nil, err
			}
			return app.NewEvents(r.db, r.config), nil
		},
		Stdin: p.Stdin, Stdout: p.Stdout, Stderr: p.Stderr,
	})...)
	return command
}
