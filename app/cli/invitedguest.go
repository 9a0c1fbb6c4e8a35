package cli

import (
	"context"

	"github.com/spf13/cobra"

	"guestlist/app"
	"guestlist/app/invitedguest"
	"guestlist/app/mail"
	"guestlist/app/terminal"
)

func (p *Program) guestsCommand() *cobra.Command {
	command := group("guests", "Import and export the guests of events")
	command.AddCommand(invitedguest.Commands(invitedguest.Environment{
		Name: p.Name + " guests",
		Open: func(ctx context.Context) (*invitedguest.Service, error) {
			r, err := p.openAtHead(ctx)
			if err != nil {
				return nil, err
			}
			return app.NewGuests(r.db, r.config, mail.NewOutbox()), nil
		},
		Stdin:       p.Stdin,
		Stdout:      p.Stdout,
		Stderr:      p.Stderr,
		Interactive: terminal.IsTerminal(p.Stderr),
	})...)
	return command
}
