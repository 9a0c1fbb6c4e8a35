package users_test

import (
	"strings"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/mail"
	"guestlist/app/users"
)

// TestMailsNameTheTimeZone checks that times in mails name their zone, since users' own zones are unknown.
func TestMailsNameTheTimeZone(t *testing.T) {
	t.Parallel()
	lagos := time.FixedZone("Africa/Lagos", 3600)
	a := newTestApp(t, func(c *app.Config) { c.TimeZone = lagos }) // 2026-02-03T12:00:00Z
	user := a.Register(t, "ann@example.org")
	a.Mails(t)
	for language, want := range map[string]string{
		"en":    "until Wednesday 4 February 2026, 13:00, Lagos time",
		"fr":    "jusqu’au mercredi 4 février 2026 à 13:00, heure de Lagos",
		"pt-BR": "até quarta-feira, 4 de fevereiro de 2026 às 13:00, hora de Lagos",
		"ar":    "حتى الأربعاء، 4 فبراير 2026 في 1:00 م، بتوقيت لاغوس",
	} {
		if err := a.DB.Model(&users.User{}).Where("id = ?", user.ID).Update("primary_language", language).Error; err != nil {
			t.Fatal(err)
		}
		a.post(t, "/api/v1/password-reset/request", `{"email":"ann@example.org"}`)
		if sent := a.Mails(t); len(sent) != 1 || !strings.Contains(sent[0].Content.Text, want) {
			t.Errorf("%s: got %+v, want one mail with %q", language, sent, want)
		}
	}
}

// TestUnreadableMailData checks that a mail whose stored data cannot be read is kept and not sent.
func TestUnreadableMailData(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for _, kind := range []string{"change_email", "email_change"} {
		request := mail.Request{Kind: kind, Recipient: "ann@example.org", Language: "en", Data: "text"}
		if err := a.Outbox.Enqueue(t.Context(), a.DB, request); err != nil {
			t.Fatal(err)
		}
	}
	if got := a.Mails(t); len(got) > 0 {
		t.Errorf("mailed %v, want nothing", got)
	}
	var pending int64
	err := a.DB.Model(&mail.Message{}).Where("state = ? AND attempts = 1", mail.Pending).Count(&pending).Error
	if err != nil || pending != 2 {
		t.Errorf("got %d pending mails after an attempt and error %v, want 2", pending, err)
	}
}
