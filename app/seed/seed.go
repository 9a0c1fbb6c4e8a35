package seed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/mail"
	"guestlist/app/secrets"
	"guestlist/app/tags"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// Seeder fills a database.
type Seeder struct {
	db     *gorm.DB
	config app.Config
}

// New returns a Seeder of db, which must have the current schema, for a program with the settings config.
func New(db *gorm.DB, config app.Config) *Seeder { return &Seeder{db, config} }

// Options are the options of a run.
type Options struct {
	Guests   int    // of the event with registration open, from 1 to MaxGuests
	Seed     uint64 // of the random names and answers
	Password string // of every account with a password; must satisfy Config.PasswordRules
}

// MaxGuests is the maximum of Options.Guests.
const MaxGuests = 100_000

// Report lists what was created.
type Report struct {
	Events   []Event
	Accounts []Account
	Links    []Link
}

// Event is a created event.
type Event struct {
	Key, About string
	Guests     int
}

// Account is a created account with a password.
type Account struct{ Email, About string }

// Link is a link to a page where a guest can answer.
type Link struct{ Language, Name, URL string }

// Run fills the database, in one transaction. It fails with a NotEmptyError if the database is not empty.
func (s *Seeder) Run(ctx context.Context, o Options) (report Report, err error) {
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := checkEmpty(ctx, tx); err != nil {
			return err
		}
		random := rand.New(rand.NewPCG(o.Seed, 0)) //nolint:gosec // no secrets
		w := &work{Options: o, config: s.config, tx: tx, random: random}
		if err := w.all(ctx); err != nil {
			return fmt.Errorf("seed the database: %w", err)
		}
		report = w.report
		return nil
	})
	if errors.Is(err, utils.ErrEmailInUse) { // someone has registered in the meantime
		err = errors.Join(checkEmpty(ctx, s.db), err)
	}
	return report, err
}

// work is one run.
type work struct {
	Options

	config app.Config
	tx     *gorm.DB
	random *rand.Rand
	people []person // guests in the order of their invitations
	admin  *users.User
	report Report
}

func (w *work) all(ctx context.Context) error {
	w.people = newPeople(w.random, w.Guests)
	for _, step := range []func(context.Context) error{w.storeAdmin, w.storeAccounts, w.storeEvents} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// services are the features' services, with a fixed clock.
type services struct {
	tx     *gorm.DB
	users  *users.Service
	events *events.Service
	tags   *tags.Service
	guests *invitedguest.Service
}

// at returns services in the transaction whose clock is the given number of days from now, so that an event in the past
// was prepared in the past.
func (w *work) at(days int) services {
	tx := w.tx.Session(&gorm.Session{NewDB: true, NowFunc: func() time.Time { return w.day(days) }})
	outbox := mail.NewOutbox()
	outbox.Silence()
	return services{
		tx: tx,
		users: app.NewAccounts(tx, users.Options{
			Passwords: secrets.NewPasswords(1), Outbox: outbox, Rules: w.config.PasswordRules(),
		}),
		events: app.NewEvents(tx, w.config),
		tags:   tags.NewService(tx),
		guests: invitedguest.NewService(tx, invitedguest.Options{Outbox: outbox, PublicURL: w.config.PublicURL}),
	}
}

// day returns the time the given number of days from now.
func (w *work) day(days int) time.Time { return w.tx.NowFunc().AddDate(0, 0, days) }

// actor returns the actor of all changes.
func (w *work) actor() audit.Actor {
	if w.admin == nil {
		return audit.Operator()
	}
	return audit.Operator().As(w.admin.ID)
}
