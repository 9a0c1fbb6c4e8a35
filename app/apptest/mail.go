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

// Mails sends the mails that are due, and returns those sent since the last call, sorted by recipient and kind. The
// application has no worker unless it serves.
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

// Confirm sends the waiting mails and confirms the addresses in them.
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

// link matches a link in a mail to one of the program's pages.
var link = regexp.MustCompile(`https://guestlist\.example\.org(/[a-z-]+/)(\w+)`)

// Page returns the path of the link in a mail.
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

// recorder is a mail.Transport that records mails.
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
