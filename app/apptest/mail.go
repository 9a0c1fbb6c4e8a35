package apptest

import (
	"cmp"
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
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

// Confirm sends the mails that wait, and confirms the addresses that the mails ask to confirm.
func (a *App) Confirm(t testing.TB) {
	t.Helper()
	for _, m := range a.Mails(t) {
		if m.Kind != "verify_email" && m.Kind != "change_email" {
			continue
		}
		answer := a.Send(t, Request{Method: http.MethodGet, Path: "/api/v1/verify-email?token=" + Code(t, m)})
		if answer.Status != http.StatusCreated {
			t.Fatalf("confirm an address: %d %s", answer.Status, answer.Body)
		}
	}
}

// link is where mails lead, of this program's own pages.
var link = regexp.MustCompile(`https://guestlist\.example\.org(/[a-z-]+/)(\w+)`)

// Page returns the path of the page that a mail leads to.
func Page(t testing.TB, m mail.Envelope) string {
	t.Helper()
	found := link.FindStringSubmatch(m.Content.Text)
	if found == nil {
		t.Fatalf("no link in %s", m.Content.Text)
	}
	return found[1] + found[2]
}

// Code returns the code in the link of a mail.
func Code(t testing.TB, m mail.Envelope) string {
	t.Helper()
	page := Page(t, m)
	return page[strings.LastIndexByte(page, '/')+1:]
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
