package mail_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	netmail "net/mail"
	"testing/fstest"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/mail"
)

// printer is a Transport that prints mails.
type printer struct{}

// Send implements mail.Transport.
func (printer) Send(_ context.Context, e mail.Envelope) error {
	fmt.Printf("To: %s\nSubject: %s\n\n%s", e.To.Address, e.Content.Subject, e.Content.Text)
	return nil
}

// A feature registers how a kind of mail is composed, and enqueues a mail in the transaction of the change that causes
// it. A worker composes and sends the mail later.
func Example() {
	ctx := context.Background()
	db, err := database.Open("sqlite:///:memory:", database.Options{})
	if err != nil {
		log.Panic(err)
	}
	if err := db.AutoMigrate(&mail.Message{}); err != nil { // a program has a revision for this table
		log.Panic(err)
	}
	templates := mail.MustParseTemplates(fstest.MapFS{
		"en/welcome.txt": {Data: []byte("Welcome, {{.Name}}\n\nHello {{.Name}},\n\n[[Sign in]]({{.Link}})\n")},
		"fr/welcome.txt": {Data: []byte("Bienvenue, {{.Name}}\n\nBonjour {{.Name}},\n\n[[Se connecter]]({{.Link}})\n")},
	})

	outbox := mail.NewOutbox()
	outbox.Compose("welcome", func(_ context.Context, _ *gorm.DB, m mail.Message) (mail.Content, error) {
		var data struct{ Name, Link string }
		if err := m.Decode(&data); err != nil {
			return mail.Content{}, err
		}
		return templates.Content(m.Kind, m.Language, data)
	})

	err = db.Transaction(func(tx *gorm.DB) error {
		// … store the change that causes the mail in tx, too.
		return outbox.Enqueue(ctx, tx, mail.Request{
			Kind: "welcome", Recipient: "ann@example.org", Language: "fr-CA",
			Data: map[string]string{"Name": "Ann", "Link": "https://events.example.org/"},
		})
	})
	if err != nil {
		log.Panic(err)
	}

	worker := mail.NewWorker(db, outbox, mail.WorkerOptions{
		Transport: printer{}, From: netmail.Address{Address: "events@example.org"}, Log: slog.New(slog.DiscardHandler),
	})
	if err := worker.Deliver(ctx); err != nil { // a server calls Run, and outbox.Wake after each commit
		log.Panic(err)
	}

	// Output:
	// To: ann@example.org
	// Subject: Bienvenue, Ann
	//
	// Bonjour Ann,
	//
	// Se connecter
	// https://events.example.org/
}
