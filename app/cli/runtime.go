package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/database"
	"guestlist/app/logging"
	"guestlist/app/mail"
	"guestlist/app/secrets"
	"guestlist/app/terminal"
	"guestlist/app/traces"
	"guestlist/app/users"
	"guestlist/app/utils"
	"guestlist/migrations"
)

// runtime has a command's settings, log and database.
type runtime struct {
	config app.Config
	log    *slog.Logger
	db     *gorm.DB

	history *migrations.Environment
	address string // DATABASE_URL
}

// open reads the settings and opens the database. Only a server needs the key that signs tokens, and logs queries.
func (p *Program) open(serving bool) (*runtime, error) {
	config, err := p.Config(serving)
	if err != nil {
		return nil, err
	}
	log := logging.New(p.logOutput(config, serving), p.logging(config))
	if serving && config.Traces.Enabled() {
		log = traces.Log(log)
	}
	for _, warning := range config.Misspelt {
		log.Warn(warning)
	}
	address := config.DatabaseURL
	switch {
	case p.reading && database.Missing(address): // treated as empty
		config.DatabaseURL, config.Embedded = database.Memory, false
	case config.Embedded:
		if err := os.MkdirAll(config.InstanceDir, 0o700); err != nil {
			return nil, &embeddedError{fmt.Errorf("create a directory for the embedded database: %w", err), config.InstanceDir}
		}
	}
	options := database.Options{Name: p.Name, PoolSize: config.DatabasePoolSize}
	if serving {
		options.Logger = log
	}
	db, err := database.Open(config.DatabaseURL, options)
	switch {
	case err != nil && config.Embedded:
		return nil, &embeddedError{err, config.InstanceDir}
	case err != nil:
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	p.opened = append(p.opened, db)
	if serving {
		if err := database.UseReplicas(db, config.DatabaseReplicaURLs, options); err != nil {
			return nil, fmt.Errorf("DATABASE_REPLICA_URLS: %w", err)
		}
	}
	return &runtime{config: config, log: log, db: db, history: p.history(), address: address}, nil
}

// openAtHead opens the database for a command that needs the current schema. It upgrades the embedded database and
// checks any other. A schema upgraded by a newer program is accepted, as by the server.
func (p *Program) openAtHead(ctx context.Context) (*runtime, error) {
	r, err := p.open(false)
	if err != nil {
		return nil, err
	}
	if r.config.Embedded {
		return r, r.upgrade(ctx)
	}
	err = migrations.CheckHead(ctx, r.history, r.db)
	if isAhead(err) {
		return r, nil
	}
	return r, err
}

// upgrade upgrades the database to the head revision and then calls makeKeys.
func (r *runtime) upgrade(ctx context.Context) error {
	if err := migrations.Upgrade(ctx, r.history, r.db, r.log); err != nil {
		return err
	}
	return r.makeKeys(ctx)
}

// makeKeys recomputes the search and sort keys of accounts that an older program has stored.
func (r *runtime) makeKeys(ctx context.Context) error {
	begin := time.Now()
	made, err := r.users().MakeKeys(ctx)
	if made > 0 {
		took := time.Since(begin).Round(time.Millisecond)
		r.log.InfoContext(ctx, "recomputed search and sort keys", "accounts", made, "duration", took)
	}
	return err
}

// isAhead reports whether the error means that a newer program has upgraded the schema.
func isAhead(err error) bool {
	outdated, ok := errors.AsType[*migrations.OutdatedError](err)
	return ok && outdated.Ahead
}

// openDatabase is openAtHead for a command that needs only the database.
func (p *Program) openDatabase(ctx context.Context) (*gorm.DB, error) {
	r, err := p.openAtHead(ctx)
	if err != nil {
		return nil, err
	}
	return r.db, nil
}

// users returns the service for commands, which hash at most one password and send no mail.
func (r *runtime) users() *users.Service {
	return app.NewAccounts(r.db, users.Options{
		Passwords: secrets.NewPasswords(1), Outbox: mail.NewOutbox(), Rules: r.config.PasswordRules(),
	})
}

func (r *runtime) app(options ...app.Option) *app.App {
	check := func(ctx context.Context) error {
		err := migrations.CheckHead(ctx, r.history, r.db)
		_, outdated := errors.AsType[*migrations.OutdatedError](err)
		switch {
		case isAhead(err):
			return fmt.Errorf("%w: %w: %w", utils.ErrSchemaOutdated, app.ErrSchemaAhead, err)
		case outdated:
			return fmt.Errorf("%w: %w", utils.ErrSchemaOutdated, err)
		}
		return err
	}
	options = append(options, app.WithLogger(r.log), app.WithSchemaCheck(check), app.WithVersion(number()))
	return app.New(r.config, r.db, options...)
}

// logOutput returns the log's writer. A server buffers JSON lines.
func (p *Program) logOutput(config app.Config, serving bool) io.Writer {
	if !serving || p.logging(config).Text() {
		return p.Stderr
	}
	p.logBuffer = logging.NewBuffer(p.Stderr, func(wait time.Duration, release func()) { time.AfterFunc(wait, release) })
	return p.logBuffer
}

// flush writes buffered log lines.
func (p *Program) flush() {
	if p.logBuffer != nil {
		p.logBuffer.Flush()
	}
}

// stopBuffering writes buffered log lines and stops buffering.
func (p *Program) stopBuffering() {
	if p.logBuffer != nil {
		p.logBuffer.Close()
	}
}

// logging returns the options of the log.
func (p *Program) logging(config app.Config) logging.Options {
	watched := terminal.IsTerminal(p.Stderr)
	return logging.Options{
		Format: config.LogFormat, Level: config.LogLevel,
		People: watched || config.Debug, NoColor: config.NoColor || !watched,
	}
}

// embeddedError is an error opening the embedded database.
type embeddedError struct {
	error

	directory string
}

func (e *embeddedError) Unwrap() error { return e.error }

// Hint returns what to do about the error.
func (e *embeddedError) Hint() string {
	return "without DATABASE_URL, the database is kept in " + e.directory +
		"/: run the program in a directory where it may write, or set DATABASE_URL"
}
