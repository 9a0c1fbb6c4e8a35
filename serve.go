package main

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/app"
	"guestlist/app/mail"
	"guestlist/migrations"
)

func (p *program) serveCommand() *cobra.Command {
	var upgrade bool
	command := &cobra.Command{
		Use:   "serve",
		Short: "Serve the API on HOST and PORT (the default command)",
		Long: "Serve the API on HOST and PORT.\n\nThe embedded database (no DATABASE_URL) is created and upgraded first. Any other is upgraded only\n" +
			"with --upgrade; without it, GET /readyz tells whether its schema is the one this program needs.",
		Example: "  guestlist serve\n  PORT=8080 guestlist serve --upgrade",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return p.serve(c.Context(), upgrade) },
	}
	command.Flags().BoolVar(&upgrade, "upgrade", false, "first upgrade the database to the head revision")
	return command
}

func (p *program) serve(ctx context.Context, upgrade bool) error {
	w, err := p.open(true)
	if err != nil {
		return err
	}
	if upgrade || w.embedded() {
		if err := migrations.Upgrade(ctx, history(), w.db, w.log); err != nil {
			return err
		}
	} else if err := migrations.CheckHead(ctx, history(), w.db); err != nil {
		w.log.Warn("not ready: " + strings.ReplaceAll(explain(err), "\n", ": "))
	}
	address := net.JoinHostPort(w.config.Host, strconv.Itoa(w.config.Port))
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("HOST, PORT: %w", err)
	}
	transport, err := p.transport(w)
	if err != nil {
		return err
	}
	w.log.Info("listening on http://" + listener.Addr().String())
	options := []app.Option{app.WithTransport(transport)}
	if p.passwords != nil {
		options = append(options, app.WithPasswords(p.passwords))
	}
	return w.app(options...).Serve(ctx, listener)
}

// transport returns what mails are sent with: nil, and so they wait, where there is no server for them in production.
func (p *program) transport(w *world) (mail.Transport, error) {
	switch {
	case w.config.MailURL != "":
		server, err := mail.NewSMTP(w.config.MailURL)
		if err != nil {
			return nil, fmt.Errorf("MAIL_URL: %w", err)
		}
		return server, nil
	case development(w.config):
		return mail.NewFiles(filepath.Join(p.dir, instanceDir, "mail"), w.log), nil
	}
	w.log.Warn("MAIL_URL is not set: mails wait in the outbox, for a day at most, until the program starts with it")
	return nil, nil //nolint:nilnil // nil is a value of its own here
}
