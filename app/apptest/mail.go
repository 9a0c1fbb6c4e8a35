package apptest

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"testing"

	"guestlist/app/mail"
)

// Mails makes the attempts at sending that are due, and returns what was sent since the last call, by recipient and
// kind. No worker runs beside the application unless it serves.
func (a *App) Mails(t testing.TB) []mail.Envelope {
	t.Helper()
	if err := a.Mailer.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	sent := a.mails.take()
	slices.SortFunc(sent, func(x, y mail.Envelope) int {
		return cmp.Or(cmp.Compare(x.To.Address, y.To.Address), cmp.Compare(x.Kind, y.Kind))
	})
	return sent
}

// recorder is a mail.Transport that keeps what it is given.
type recorder struct {
	mutex sync.Mutex
	sent  []mail.Envelope
}

// Send implements mail.Transport.
func (r *recorder) Send(_ context.Context, e mail.Envelope) error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.sent = append(r.sent, e)
	return nil
}

func (r *recorder) take() []mail.Envelope {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	sent := r.sent
	r.sent = nil
	return sent
}
