// Package app wires the features into one application: New is like create_app in Flask.
package app

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"sync"
	"time"

	"gorm.io/gorm"

	"guestlist/app/content"
	"guestlist/app/docs"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/metrics"
	"guestlist/app/organisation"
	"guestlist/app/secrets"
	"guestlist/app/tags"
	"guestlist/app/traces"
	"guestlist/app/users"
)

// App is the application: an http.Handler that serves the API.
type App struct {
	Config    Config
	DB        *gorm.DB
	Passwords *secrets.Passwords
	Tokens    *secrets.Tokens
	Outbox    *mail.Outbox // where features enqueue mails
	Mailer    *mail.Worker // sends mails while Serve runs

	log         *slog.Logger
	flush       func() // writes buffered log lines
	now         func() time.Time
	version     string
	transport   mail.Transport
	checkSchema func(context.Context) error

	health   *health
	accounts *users.Service
	users    *users.API

	events       *events.API
	tags         *tags.API
	invitedguest *invitedguest.API
	guests       *invitedguest.Service // invitedguest

	organisation *organisation.API
	content      *content.API
	docs         *docs.API

	router http.Handler

	limiters map[limit]*limits.Limiter
	shared   *limits.Shared // nil: each instance counts for itself

	metricsListener net.Listener
	metrics         *metrics.Metrics // nil: no metrics
	traces          *traces.Traces   // nil: no traces
}

// Option sets a dependency of an application, other than its settings and its database.
type Option func(*App)

// WithLogger makes the application log to log. The default is not to log.
func WithLogger(log *slog.Logger) Option { return func(a *App) { a.log = log } }

// WithLastWords makes the application call flush when a background goroutine ends, even by a panic, so that buffered
// log lines are not lost with the program.
func WithLastWords(flush func()) Option { return func(a *App) { a.flush = flush } }

// WithClock replaces time.Now as the application's clock.
func WithClock(now func() time.Time) Option { return func(a *App) { a.now = now } }

// WithSchemaCheck makes readiness depend on check, which returns nil if the database has the schema that the program
// needs, else an error that is utils.ErrSchemaOutdated. Requests that fail because of the schema get that error too. If
// the error is also ErrSchemaAhead, the application is ready nevertheless. Without a check, the database only has to be
// reachable.
func WithSchemaCheck(check func(context.Context) error) Option {
	return func(a *App) { a.checkSchema = check }
}

// WithVersion sets the version in the OpenAPI document. The default is "unknown".
func WithVersion(version string) Option { return func(a *App) { a.version = version } }

// WithTransport makes the application send its mails with transport. Without one, they stay in the outbox.
func WithTransport(transport mail.Transport) Option {
	return func(a *App) { a.transport = transport }
}

// WithPasswords makes the application hash with passwords. The default hashes one password per processor at a time.
func WithPasswords(passwords *secrets.Passwords) Option {
	return func(a *App) { a.Passwords = passwords }
}

// WithSharedLimits makes the application count client networks together with all instances that use shared and have the
// same secret key. Without it, each instance counts for itself.
func WithSharedLimits(shared *limits.Shared) Option { return func(a *App) { a.shared = shared } }

// New returns the application with the settings config on db, which must have the current schema.
func New(config Config, db *gorm.DB, options ...Option) *App {
	a := &App{
		Config: config, DB: db, Passwords: secrets.NewPasswords(runtime.GOMAXPROCS(0)),
		log: slog.New(slog.DiscardHandler), flush: func() {}, now: time.Now,
	}
	for _, option := range options {
		option(a)
	}
	keys := secrets.NewKeys(config.SecretKey, config.SecretKeyPrevious)
	a.Tokens = secrets.NewTokens(keys.Tokens(), config.TokenLifetime, a.now)
	a.Outbox = mail.NewOutbox()
	a.Mailer = mail.NewWorker(db, a.Outbox, a.trace(mail.WorkerOptions{
		Transport: a.transport, From: config.MailFrom, Signature: config.Organisation.Name, Log: a.log, LastWords: a.flush,
	}))
	a.organisation, a.content = organisation.NewAPI(config.Organisation), content.NewAPI()
	a.health = &health{db: db, checkSchema: a.checkSchema}
	a.docs = docs.NewAPI(config.APIDocs, sync.OnceValues(func() ([]byte, error) { return OpenAPI(config, a.version) }))
	a.limiters = a.newLimiters(keys)
	logins := limits.NewLogins(db, config.LimitFailedLogins, a.Passwords)
	a.measure(logins)
	cursors := secrets.NewCursors(keys.Derive("cursor"))
	a.accounts = NewAccounts(db, users.Options{
		Passwords: a.Passwords, Tokens: a.Tokens,
		Logins: logins, Outbox: a.Outbox,
		PublicURL: config.PublicURL, ClientURL: config.ClientURL, MailRate: config.LimitMailPerAddress,
		Rules: config.PasswordRules(), CodeLifetime: config.CodeLifetime, RequireVerifiedEmail: config.RequireVerifiedEmail,
		HasPolicy: config.Organisation.HasPolicy(), Zone: config.TimeZone,
	})
	a.users = users.NewAPI(a.accounts, cursors, a.limiters[limitMail])
	a.events = a.newEvents(cursors) // events
	a.tags = tags.NewAPI(tags.NewService(db))
	a.invitedguest = a.newGuests(cursors) // invitedguest
	a.router = a.newRouter()
	return a
}

// ServeHTTP implements http.Handler.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.router.ServeHTTP(w, r) }

func (a *App) newLimiters(keys secrets.Keys) map[limit]*limits.Limiter {
	limiters := map[limit]*limits.Limiter{
		limitLogin:    limits.NewLimiter(a.Config.LimitLogin, a.now),
		limitRegister: limits.NewLimiter(a.Config.LimitRegister, a.now),
		limitMail:     limits.NewLimiter(a.Config.LimitMail, a.now),
		limitExport:   limits.NewLimiter(a.Config.LimitExport, a.now),
	}
	if a.shared != nil {
		key := keys.Derive("limits")[0]
		for name, limiter := range limiters {
			limiter.Share(a.shared, string(name), key)
		}
	}
	return limiters
}
