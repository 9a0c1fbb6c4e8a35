package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/database"
	"guestlist/app/mail"
	"guestlist/app/secrets"
	"guestlist/app/users"
	"guestlist/app/utils"
	"guestlist/migrations"
)

// world is what a command works on once the settings are read.
type world struct {
	config app.Config
	log    *slog.Logger
	db     *gorm.DB
}

// open opens the database. Only a server needs the key that signs tokens, and a log of the queries.
func (p *program) open(serving bool) (*world, error) {
	config, err := loadConfig(p.dir, p.environ, serving)
	if err != nil {
		return nil, err
	}
	log := newLogger(p.stderr, config.Debug)
	embedded := config.DatabaseURL == embeddedDB
	if embedded {
		if err := os.MkdirAll(filepath.Join(p.dir, instanceDir), 0o700); err != nil {
			return nil, &embeddedError{fmt.Errorf("make a directory for the embedded database: %w", err)}
		}
	}
	options := database.Options{PoolSize: config.DatabasePoolSize}
	if serving {
		options.Logger = log
	}
	db, err := database.Open(config.DatabaseURL, options)
	switch {
	case err != nil && embedded:
		return nil, &embeddedError{err}
	case err != nil:
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	p.opened = append(p.opened, db)
	return &world{config: config, log: log, db: db}, nil
}

// openAtHead opens the database for a command that needs the whole schema: the embedded one is upgraded, any other checked.
func (p *program) openAtHead(ctx context.Context) (*world, error) {
	w, err := p.open(false)
	if err != nil {
		return nil, err
	}
	if w.embedded() {
		return w, migrations.Upgrade(ctx, history(), w.db, w.log)
	}
	return w, migrations.CheckHead(ctx, history(), w.db)
}

func (p *program) close() {
	for _, db := range p.opened {
		_ = database.Close(db) // the program ends: there is nothing left to lose
	}
}

func (w *world) embedded() bool { return w.config.DatabaseURL == embeddedDB }

// users returns the service for commands, which hash one password at most and send no mails.
func (w *world) users() *users.Service {
	return users.NewService(w.db, users.Options{
		Passwords: secrets.NewPasswords(1), Outbox: mail.NewOutbox(), Rules: w.config.PasswordRules(),
	})
}

func (w *world) app(options ...app.Option) *app.App {
	check := func(ctx context.Context) error {
		err := migrations.CheckHead(ctx, history(), w.db)
		if _, outdated := errors.AsType[*migrations.OutdatedError](err); outdated {
			return fmt.Errorf("%w: %w", utils.ErrSchemaOutdated, err)
		}
		return err
	}
	return app.New(w.config, w.db, append(options, app.WithLogger(w.log), app.WithSchemaCheck(check))...)
}

// newLogger returns the program's log: a JSON object a line, or for people when debugging.
func newLogger(out io.Writer, debugging bool) *slog.Logger {
	if debugging {
		return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	return slog.New(slog.NewJSONHandler(out, nil))
}

// embeddedError is why the embedded database cannot be opened.
type embeddedError struct{ error }

func (e *embeddedError) Unwrap() error { return e.error }

// Hint says what to do about it.
func (*embeddedError) Hint() string {
	return "without DATABASE_URL, the database is kept in " + instanceDir + "/: run the program in a directory where it may write, or set DATABASE_URL"
}
