package cli

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/app"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/secrets"
	"guestlist/app/settings"
	"guestlist/app/traces"
	"guestlist/migrations"
)

func (p *Program) serveCommand() *cobra.Command {
	var upgrade bool
	command := &cobra.Command{
		Use:   "serve",
		Short: "Serve the API on HOST and PORT (the default command)",
		Long: "Serve the API on HOST and PORT.\n\n" +
			"It first creates and upgrades the embedded database (no DATABASE_URL). It upgrades any other only\n" +
			"with --upgrade; otherwise GET /readyz reports whether the schema is the one that this program needs.",
		Example: "  " + p.Name + " serve\n  PORT=8080 " + p.Name + " serve --upgrade",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return p.serve(c.Context(), upgrade) },
	}
	command.Flags().BoolVar(&upgrade, "upgrade", false, "first upgrade the database to the head revision")
	return command
}

func (p *Program) serve(ctx context.Context, upgrade bool) error {
	r, err := p.open(true)
	if err != nil {
		return err
	}
	if err := r.prepare(ctx, upgrade); err != nil {
		return err
	}
	address := net.JoinHostPort(r.config.Host, strconv.Itoa(r.config.Port))
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("HOST, PORT: %w", err)
	}
	transport, err := r.transport()
	if err != nil {
		return err
	}
	if slices.Contains(r.config.CORSOrigins, settings.AnyOrigin) && !r.config.Development() {
		r.log.Warn("CORS_ORIGINS is *: pages from every origin can call the API; list those that should")
	}
	stop := context.AfterFunc(ctx, p.stopBuffering) // a second signal ends the program immediately
	defer stop()
	options := []app.Option{app.WithTransport(transport), app.WithLastWords(p.flush)}
	if r.config.MetricsAddr != "" {
		metrics, err := r.listenForMetrics(ctx)
		if err != nil {
			return err
		}
		options = append(options, app.WithMetrics(metrics))
	}
	if r.config.Traces.Enabled() {
		tracing := traces.New(r.config.Traces, number(), r.log)
		defer tracing.Close(ctx)
		options = append(options, app.WithTraces(tracing))
		r.log.Info("traces go to " + r.config.Traces.Address())
	}
	if r.config.RedisURL != "" {
		shared, err := p.shareLimits(r)
		if err != nil {
			return err
		}
		defer func() { _ = shared.Close() }()
		options = append(options, app.WithSharedLimits(shared))
	}
	r.setPort(listener.Addr())
	p.welcome(ctx, r, listener.Addr())
	options = append(options, app.WithPasswords(secrets.NewPasswords(secrets.ShareProcessors())))
	server := r.app(options...)
	forgetStart()
	return server.Serve(ctx, listener)
}

// prepare upgrades a server's database, if allowed, or logs why the server is not ready.
func (r *runtime) prepare(ctx context.Context, upgrade bool) error {
	if upgrade || r.config.Embedded {
		return r.upgrade(ctx)
	}
	err := migrations.CheckHead(ctx, r.history, r.db)
	switch {
	case isAhead(err):
		r.log.Warn(app.ErrSchemaAhead.Error() + "; this program continues as long as the schema has what it needs")
	case err != nil:
		r.log.Warn("not ready: " + strings.ReplaceAll(explain(err), "\n", ": "))
		return nil
	}
	if err := r.makeKeys(ctx); err != nil { // the server tries again later
		r.log.Warn("lists may lack some accounts for now", "error", err)
	}
	return nil
}

// listenForMetrics returns the listener on METRICS_ADDR.
func (r *runtime) listenForMetrics(ctx context.Context) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", r.config.MetricsAddr)
	if err != nil {
		return nil, fmt.Errorf("METRICS_ADDR: %w", err)
	}
	r.log.Info("metrics on http://" + listener.Addr().String() + "/metrics")
	return listener, nil
}

// shareLimits returns the shared counts of client networks. The program starts even if the Redis server is down.
func (p *Program) shareLimits(r *runtime) (*limits.Shared, error) {
	shared, err := limits.NewShared(r.config.RedisURL, limits.SharedOptions{Prefix: p.Name, Log: r.log})
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL: %w", err)
	}
	r.log.Info("counting client networks for all instances", "address", shared.Address())
	shared.Check()
	return shared, nil
}

// transport returns the transport for mails. In production without a mail server it is nil, and mails wait.
func (r *runtime) transport() (mail.Transport, error) {
	switch {
	case r.config.MailURL != "":
		server, err := mail.NewSMTP(r.config.MailURL)
		if err != nil {
			return nil, fmt.Errorf("MAIL_URL: %w", err)
		}
		return server, nil
	case r.config.Development():
		return mail.NewFiles(filepath.Join(r.config.InstanceDir, "mail"), r.log), nil
	}
	r.log.Warn("MAIL_URL is not set: mails wait in the outbox, at most a day, until the program starts with it")
	return nil, nil //nolint:nilnil // nil: mails wait
}
