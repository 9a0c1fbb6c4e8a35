package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/limits"
	"guestlist/app/mail"
)

// TestStolenDatabase checks that a copy of the database holds no link that works. It tries every text in the database,
// and every word of every text, as a code of each kind and as a token.
func TestStolenDatabase(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	admin := a.RegisterAdmin(t, "admin@example.org")
	event := a.CreateEvent(t, "gala")
	ann := a.Register(t, "ann@example.org")
	a.Send(t, apptest.Request{Method: httpPost, Path: "/api/v1/logout", Token: ann.Token, Body: `{}`})
	a.Send(t, apptest.Request{Method: httpPost, Path: bulk, Token: admin.Token,
		Header: map[string]string{"Idempotency-Key": "key"},
		Body: fmt.Sprintf(`{"event_id":%d,"role":"guest","guests":[{"email":"zoe@example.org"},{"email":"eve@example.org"}]}`,
			event.ID)})
	a.Send(t, apptest.Request{Method: httpPost, Path: "/api/v1/password-reset/request",
		Body: `{"email":"ann@example.org"}`})
	codes := map[string]string{} // by the kind of mail, the recipient and the kind of link
	for _, m := range a.Mails(t) {
		for _, code := range rotationCode.FindAllStringSubmatch(m.Content.Text, -1) {
			codes[m.Kind+" "+m.To.Address+" "+code[0][:4]] = code[1]
		}
	}
	if len(codes) != 4 { // to verify an address, to reset a password, and an invitation for each guest
		t.Fatalf("the mails hold %v, want %d codes", codes, 4)
	}
	a.Send(t, apptest.Request{Method: httpPost, Path: "/api/v1/invitedGuest/remind", Token: admin.Token,
		Body: fmt.Sprintf(`{"event_id":%d,"reminder":"x"}`, event.ID)})
	words := storedWords(t, a)
	for name, code := range codes {
		if words[code] {
			t.Errorf("the database holds the code of %s", name)
		}
	}
	for word := range words {
		for _, request := range []apptest.Request{
			{Method: httpGet, Path: "/invitation/" + url.PathEscape(word)},
			{Method: httpPost, Path: "/api/v1/invitation", Body: map[string]string{"code": word, "status": "accepted"}},
			{Method: httpGet, Path: "/api/v1/verify-email?token=" + url.QueryEscape(word),
				Header: map[string]string{"Accept": "application/json"}},
			{Method: httpPost, Path: "/api/v1/password-reset/confirm",
				Body: map[string]string{"code": word, "password": "another"}},
			{Method: httpGet, Path: user, Token: word},
		} {
			if got := a.Send(t, request); got.Status < 400 || got.Status >= 500 {
				t.Errorf("%q opens %s: got %d %s, want between %d and %d", word, request.Path, got.Status, got.Body, 400, 499)
			}
		}
	}
}

// storedWords returns every text in every table of the database, and every word of every text.
func storedWords(t *testing.T, a *apptest.App) map[string]bool {
	t.Helper()
	tables, err := a.DB.Migrator().GetTables()
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	for _, table := range tables {
		var rows []map[string]any
		if err := a.DB.Table(table).Find(&rows).Error; err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, value := range row {
				if data, ok := value.([]byte); ok {
					value = string(data)
				}
				text, ok := value.(string)
				if !ok {
					continue
				}
				words[strings.ToValidUTF8(text, "?")] = true
				for _, word := range strings.FieldsFunc(text,
					func(r rune) bool { return strings.ContainsRune(" \t\n\"'{}[]:,;=?&/.$", r) }) {
					words[strings.ToValidUTF8(word, "?")] = true
				}
			}
		}
	}
	delete(words, "")
	return words
}

// TestAccountMailsDuringABulk checks that, while thousands of invitations are sent by a slow mail server, mails about
// accounts go out before all invitations that are not yet under way. It also checks that no more invitations go out in
// an hour than the limit.
func TestAccountMailsDuringABulk(t *testing.T) {
	t.Parallel()
	const most, guests = 100, 3000
	a := apptest.New(t, func(c *app.Config) { c.LimitInvitationMails = limits.Rate{Count: most, Per: time.Hour} })
	admin := a.RegisterAdmin(t, "admin@example.org")
	event := a.CreateEvent(t, "gala")
	ann := a.Register(t, "ann@example.org")
	a.Mails(t)
	began, hang, account := make(chan struct{}, guests), make(chan struct{}), make(chan string, guests)
	b := &apptest.App{App: app.New(a.Config, a.DB, app.WithLogger(a.Logger), app.WithClock(a.Clock.Now),
		app.WithTransport(sender(func(e mail.Envelope) {
			if e.Kind != "invitation" {
				account <- e.Kind
				return
			}
			began <- struct{}{}
			<-hang
		})))}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b.Mailer.Run(ctx, context.WithoutCancel(ctx))
	}()
	var body strings.Builder
	for i := range guests {
		fmt.Fprintf(&body, "guest%d@example.org\n", i)
	}
	var report struct {
		Created    int
		LastMailAt time.Time `json:"last_mail_at"`
	}
	b.Send(t, apptest.Request{
		Method: httpPost, Path: fmt.Sprintf("%s?event_id=%d&role=guest", bulk, event.ID), Token: admin.Token,
		Body: "email\n" + body.String(), Header: map[string]string{"Content-Type": "text/csv"},
	}).Decode(t, http.StatusOK, &report)
	if want := a.Clock.Now().Add((guests/most - 1) * time.Hour); report.Created != guests ||
		!report.LastMailAt.Equal(want) {
		t.Errorf("invited %d guests, the last mail at %v; want it at %v", report.Created, report.LastMailAt, want)
	}
	<-began
	b.Send(t, apptest.Request{Method: httpPost, Path: "/api/v1/password-reset/request",
		Body: `{"email":"ann@example.org"}`})
	b.Send(t, apptest.Request{Method: httpPut, Path: user, Token: ann.Token, Body: `{"email":"new@example.org"}`})
	b.Register(t, "bob@example.org")
	kinds := []string{<-account, <-account, <-account, <-account}
	slices.Sort(kinds)
	if got := strings.Join(kinds, " "); got != "change_email email_change password_reset verify_email" {
		t.Errorf("got %s during the bulk, want one mail of each kind about an account", got)
	}
	stop()
	close(hang)
	<-ended
	first := len(began) + 1
	if rest := len(a.Mails(t)); first+rest != most {
		t.Errorf("%d invitations went out within the hour, want %d", first+rest, most)
	}
}

// sender is a mail.Transport that calls a function and always succeeds.
type sender func(e mail.Envelope)

// Send implements mail.Transport.
func (s sender) Send(_ context.Context, e mail.Envelope) error { s(e); return nil }
