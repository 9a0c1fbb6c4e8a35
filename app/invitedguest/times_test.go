package invitedguest_test

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

var markup = regexp.MustCompile("<[^>]*>")

// change sets dates of the event, as its administrators would.
func (a testApp) change(t *testing.T, dates map[string]any) {
	t.Helper()
	body := map[string]any{
		"id": a.event.ID, "key": "gala", "name": map[string]any{"en": "Gala"},
		"description": map[string]any{"en": "A dinner"},
	}
	maps.Copy(body, dates)
	a.call(t, http.MethodPut, "/api/v1/event", body).Decode(t, http.StatusOK, &struct{}{})
}

// inviteIn invites a guest who reads the given language, and returns the code in the mail and its text.
func (a testApp) inviteIn(t *testing.T, language string) (link, mail string) {
	t.Helper()
	a.call(t, http.MethodPost, "/api/v1/invitedGuest/create", map[string]any{
		"event_id": a.event.ID, "email": language + "@example.org", "role": "guest", "language": language,
	}).Decode(t, http.StatusCreated, &struct{}{})
	sent := a.Mails(t)
	if len(sent) != 1 {
		t.Fatalf("sent %d mails, want 1", len(sent))
	}
	return code(t, sent[0]), sent[0].Content.Text
}

// TestTimesOfThePlace checks the dates and times that guests read, in four languages, of a dinner in Lagos and of an
// event of two days there.
func TestTimesOfThePlace(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for _, event := range []struct {
		dates map[string]any
		want  map[string][]string // by language: the words in the mail and on the page
	}{
		{
			map[string]any{
				"time_zone": "Africa/Lagos", "start_date": "2100-01-30T19:00", "end_date": "2100-01-30T23:00",
				"registration_close": "2100-01-29",
			},
			map[string][]string{
				"en": {"Saturday 30 January 2100, 19:00 to 23:00, Lagos time", "until Friday 29 January 2100."},
				"fr": {"samedi 30 janvier 2100 de 19:00 à 23:00, heure de Lagos", "jusqu’au vendredi 29 janvier 2100."},
				"pt": {"sábado, 30 de janeiro de 2100, 19:00 – 23:00, hora de Lagos", "até sexta-feira, 29 de janeiro de 2100."},
				"ar": {"السبت، 30 يناير 2100 من 7:00 م إلى 11:00 م، بتوقيت لاغوس", "حتى الجمعة، 29 يناير 2100."},
			},
		},
		{
			map[string]any{
				"start_date": "2100-01-30", "end_date": "2100-01-31", "registration_close": "2100-01-29T12:00",
			},
			map[string][]string{
				"en-GB": {"Saturday 30 January 2100 – Sunday 31 January 2100", "until Friday 29 January 2100, 12:00, Lagos time."},
				"pt-BR": {"sábado, 30 de janeiro de 2100 – domingo, 31 de janeiro de 2100",
					"até sexta-feira, 29 de janeiro de 2100 às 12:00, hora de Lagos."},
			},
		},
	} {
		a.change(t, event.dates)
		for language, want := range event.want {
			link, mail := a.inviteIn(t, language)
			page := markup.ReplaceAllString(a.page(t, link, "").Body, "")
			for _, words := range want {
				if !strings.Contains(mail, words) || !strings.Contains(page, words) {
					t.Errorf("%s: want %q in the mail\n%s\nand the page\n%s", language, words, mail, page)
				}
			}
			for _, wrong := range []string{"UTC", "23:59"} { // times in another zone, or of the end of a day
				if strings.Contains(strings.ReplaceAll(mail+page, link, ""), wrong) {
					t.Errorf("%s: %q is in the mail\n%s\nor the page\n%s", language, wrong, mail, page)
				}
			}
		}
	}
}

// TestRegistrationOpensLater checks that guests who are invited before registration opens read when it opens, and can
// only answer from then on.
func TestRegistrationOpensLater(t *testing.T) {
	t.Parallel()
	a := newTestApp(t) // 2026-02-03T12:00:00Z
	a.change(t, map[string]any{
		"time_zone": "America/Los_Angeles", "start_date": "2026-03-01", "end_date": "2026-03-01",
		"registration_open": "2026-02-04",
	})
	remind := func() int {
		return a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind",
			map[string]any{"event_id": a.event.ID, "reminder": "first"}).Status
	}
	links := map[string]string{}
	for language, words := range map[string]string{
		"en": "you can answer from Wednesday 4 February 2026",
		"fr": "vous pourrez répondre à partir du mercredi 4 février 2026",
		"pt": "poderá responder a partir de quarta-feira, 4 de fevereiro de 2026",
		"ar": "يمكنك الرد ابتداءً من الأربعاء، 4 فبراير 2026",
	} {
		link, mail := a.inviteIn(t, language)
		links[language] = link
		page := a.page(t, link, "")
		if text := markup.ReplaceAllString(page.Body, ""); !strings.Contains(mail, words) || !strings.Contains(text, words) ||
			strings.Contains(page.Body, "<form") {
			t.Errorf("%s: want %q and no form in the mail\n%s\nand the page\n%s", language, words, mail, page.Body)
		}
	}
	a.answer(t, links["en"], "accepted").Error(t, http.StatusConflict, "REGISTRATION_NOT_OPEN")
	const opens = `id="opens"`
	if got := a.page(t, links["fr"], "status=accepted"); got.Status != http.StatusConflict ||
		!strings.Contains(got.Body, opens) {
		t.Errorf("the form got %d %s, want 409 with %s", got.Status, got.Body, opens)
	}
	if got := remind(); got != http.StatusConflict {
		t.Errorf("remind: got %d, want 409", got)
	}

	a.Clock.Advance(20*time.Hour - time.Second) // 2026-02-04T08:00:00Z, when the day begins, less a second
	a.answer(t, links["en"], "accepted").Error(t, http.StatusConflict, "REGISTRATION_NOT_OPEN")
	a.Clock.Advance(time.Second)
	a.answer(t, links["en"], "accepted").Decode(t, http.StatusOK, &map[string]any{})
	if got := remind(); got != http.StatusOK {
		t.Errorf("remind: got %d, want 200", got)
	}
	if sent := a.Mails(t); len(sent) != 3 || strings.Contains(sent[0].Content.Text, "4 February") {
		t.Errorf("reminded %d guests, want 3: %+v", len(sent), sent)
	}
	if page := a.page(t, links["fr"], "").Body; !strings.Contains(page, "<form") || strings.Contains(page, opens) {
		t.Errorf("when registration is open, the page is %s, want a form and no %s", page, opens)
	}
}

// TestRegistrationClosesWithTheDay checks that guests can answer until the last day ends in Los Angeles.
func TestRegistrationClosesWithTheDay(t *testing.T) {
	t.Parallel()
	a := newTestApp(t) // 2026-02-03T12:00:00Z
	a.change(t, map[string]any{
		"time_zone": "America/Los_Angeles", "start_date": "2026-03-01", "end_date": "2026-03-01",
		"registration_close": "2026-02-03",
	})
	link, _ := a.inviteIn(t, "en")
	a.Clock.Advance(20*time.Hour - time.Second)
	a.answer(t, link, "accepted").Decode(t, http.StatusOK, &map[string]any{})
	a.Clock.Advance(time.Second)
	a.answer(t, link, "declined").Error(t, http.StatusConflict, "REGISTRATION_CLOSED")
}
