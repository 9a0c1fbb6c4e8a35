package mail_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/limits"
	"guestlist/app/mail"
)

// BenchmarkDeliver sends 400 mails with a transport that takes no time. The yardstick updates as many rows twice, each
// time in a transaction of its own, like leasing and marking a mail.
func BenchmarkDeliver(b *testing.B) { benchmarkDeliver(b, "") }

// BenchmarkDeliverGroup is like BenchmarkDeliver, for mails of a group with a limit.
func BenchmarkDeliverGroup(b *testing.B) { benchmarkDeliver(b, "event:1") }

func benchmarkDeliver(b *testing.B, group string) {
	b.Helper()
	const messages = 400
	a := app.New(apptest.Config(), apptest.Database(b, database.Options{}))
	outbox := mail.NewOutbox()
	greet(outbox)
	outbox.LimitGroups(limits.Rate{Count: 1_000_000, Per: time.Hour})
	w := mail.NewWorker(a.DB, outbox, mail.WorkerOptions{
		Transport: transport(func(context.Context, mail.Envelope) error { return nil }), From: a.Config.MailFrom,
		Log: slog.New(slog.DiscardHandler),
	})
	var spent, spentOther time.Duration
	for b.Loop() {
		for i := range messages {
			if err := outbox.Enqueue(b.Context(), a.DB,
				mail.Request{Kind: "greeting", Recipient: fmt.Sprintf("guest%d@example.org", i), Language: "en",
					Group: group}); err != nil {
				b.Fatal(err)
			}
		}
		begin := time.Now()
		if err := w.Deliver(b.Context()); err != nil {
			b.Fatal(err)
		}
		spent += time.Since(begin)
		begin = time.Now()
		for i := range messages {
			for range 2 {
				if err := a.DB.Exec("UPDATE mail_messages SET attempts = attempts + 1 WHERE id = ?", i+1).Error; err != nil {
					b.Fatal(err)
				}
			}
		}
		spentOther += time.Since(begin)
	}
	each := float64(b.N * messages)
	b.ReportMetric(each/spent.Seconds(), "mails/s")
	b.ReportMetric(100*spentOther.Seconds()/spent.Seconds(), "%yardstick")
}
