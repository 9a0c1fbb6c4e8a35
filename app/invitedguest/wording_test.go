package invitedguest_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/users"
)

const wordingPath = "/api/v1/event-wording"

// wording is the body of a request to store a wording, and of the response.
type wording struct {
	EventID  int64  `json:"event_id"`
	Kind     string `json:"kind"`
	Language string `json:"language"`
	Subject  string `json:"subject"`
	Body     string `json:"body"`
}

// shown is the response to a preview.
type shown struct {
	Kind, Language, Subject, Text, HTML string

	BuiltIn bool `json:"built_in"`
	Sent    bool `json:"sent"`
}

func (a testApp) word(t testing.TB, kind, language, subject, body string) {
	t.Helper()
	want := wording{a.event.ID, kind, language, subject, body}
	var got wording
	a.call(t, http.MethodPut, wordingPath, want).Decode(t, http.StatusOK, &got)
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func (a testApp) preview(t testing.TB, request map[string]any) (got shown) {
	t.Helper()
	request["event_id"] = a.event.ID
	a.call(t, http.MethodPost, wordingPath+"/preview", request).Decode(t, http.StatusOK, &got)
	return got
}

// inviteReader is like invite, but for a guest who reads the given language.
func (a testApp) inviteReader(t testing.TB, name, language string) {
	t.Helper()
	a.call(t, http.MethodPost, "/api/v1/invitedGuest/create", map[string]any{
		"event_id": a.event.ID, "email": name + "@example.org", "firstname": name, "lastname": "Lee", "language": language,
		"role": "guest",
	}).Decode(t, http.StatusCreated, &struct{}{})
}

// subjects returns the recipient and the subject of each mail.
func subjects(sent []mail.Envelope) string {
	var result []string
	for _, m := range sent {
		name, _, _ := strings.Cut(m.To.Address, "@")
		result = append(result, name+": "+m.Content.Subject)
	}
	return strings.Join(result, "; ")
}

func TestWordingOfInvitation(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.word(t, "invitation", "en", "{{first_name}}, come to {{event}}",
		"Dear {{name}},\n\nit is {{when}}.\n\n{{description}}\n\nUntil {{answer_until}}.")
	a.invite(t, "ann")
	// A waiting mail uses the wording at the time when it is sent.
	a.word(t, "invitation", "en", "Again: {{event}}", "[[I answer]]({{link}})")
	first := a.Mails(t)[0]
	if got, want := first.Content.Subject, "Again: The gala"; got != want {
		t.Errorf("got the subject %q, want %q", got, want)
	}
	text := first.Content.Text
	if want := "I answer\nhttps://guestlist.example.org/invitation/"; !strings.HasPrefix(text, want) {
		t.Errorf("got %q, want the prefix %q", text, want)
	}
	if want := "Anyone with this link"; !strings.Contains(text, want) {
		t.Errorf("the mail lacks %q:\n%s", want, text)
	}
	if wrong := "Say whether"; strings.Contains(text, wrong) {
		t.Errorf("the mail says %q:\n%s", wrong, text)
	}
	a.word(t, "invitation", "en", "{{first_name}}, come to {{event}}",
		"Dear {{name}},\n\nit is {{when}}.\n\n{{description}}\n\nUntil {{answer_until}}.")
	a.invite(t, "bob")
	m := a.Mails(t)[0]
	const start = "Dear Dr bob Lee,\n\nit is Tuesday 3 March 2026, 12:00 – Thursday 5 March 2026, 12:00, " +
		"UTC.\n\nAbout gala\n\n" +
		"Until Thursday 5 March 2026, 12:00, UTC.\n\nSay whether you will come\nhttps://guestlist.example.org/invitation/"
	if got, want := m.Content.Subject, "bob, come to The gala"; got != want {
		t.Errorf("got the subject %q, want %q", got, want)
	}
	if !strings.HasPrefix(m.Content.Text, start) {
		t.Errorf("got %q, want the prefix %q", m.Content.Text, start)
	}
	if want := "Choose a password\n"; !strings.Contains(m.Content.Text, want) {
		t.Errorf("the mail lacks %q:\n%s", want, m.Content.Text)
	}
	if got, want := m.Content.Unsubscribe, "/unsubscribe"; !strings.HasSuffix(got, want) {
		t.Errorf("the link to unsubscribe is %q, want the suffix %q", got, want)
	}
	if got, want := calendarOf(t, m)["SUMMARY"], "The gala"; got != want {
		t.Errorf("the SUMMARY of the calendar file is %q, want %q", got, want)
	}
	a.answer(t, code(t, m), "accepted").Decode(t, http.StatusOK, &struct{}{})

	a.word(t, "reminder", "en", "Still?", "Hello {{name}}")
	a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind", map[string]any{"event_id": a.event.ID, "reminder": "first"}).
		Decode(t, http.StatusOK, &struct{}{})
	m = a.Mails(t)[0]
	if want := "No more reminders\n" + m.Content.Unsubscribe; m.Content.Subject != "Still?" ||
		!strings.Contains(m.Content.Text, want) || code(t, m) == "" {
		t.Errorf("the reminder is %+v, want the subject Still?, a code and %q", m.Content, want)
	}
}

// TestWordingByLanguage mails guests who read different languages about an event in English and French.
func TestWordingByLanguage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	invite := func(round string) string {
		for _, language := range []string{"ar", "de", "fr-CA", "pt"} {
			a.inviteReader(t, language[:2]+round, language)
		}
		return subjects(a.Mails(t))
	}
	a.word(t, "invitation", "en", "own en", "x")
	a.word(t, "reminder", "fr", "not of this kind", "x")
	// The event is in French too, so its French readers get the built-in French mail.
	if got, want := invite("1"), "ar1: own en; de1: own en; fr1: Invitation\u00a0: Le gala; pt1: own en"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	a.word(t, "invitation", "fr", "own fr", "x")
	a.word(t, "invitation", "ar", "own ar", "x")
	if got, want := invite("2"), "ar2: own ar; de2: own en; fr2: own fr; pt2: own en"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	a.call(t, http.MethodDelete, wordingPath, map[string]any{"event_id": a.event.ID, "kind": "invitation",
		"language": "en"}).
		Decode(t, http.StatusOK, &struct{}{})
	if got, want := invite("3"), "ar3: own ar; de3: Invitation: The gala; fr3: own fr; pt3: own fr"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	a.call(t, http.MethodDelete, pathOf("event-wording", "event_id", a.event.ID, "kind", "invitation", "language",
		"fr"), nil).
		Decode(t, http.StatusOK, &struct{}{})
	const start = "ar4: own ar; de4: Invitation: The gala; fr4: Invitation\u00a0: Le gala; pt4: "
	if got := invite("4"); !strings.HasPrefix(got, start) || strings.Contains(got, "pt4: own") {
		t.Errorf("got %s, want %s and a built-in subject", got, start)
	}
}

func TestWordingOfAnnouncements(t *testing.T) {
	t.Parallel()
	a, _ := newAnnouncingApp(t)
	a.word(t, "change", "en", "News of {{event}}", "Dear {{first_name}},\n\n{{note}}\n\nthat is all.")
	a.word(t, "change", "fr", "Du nouveau", "Bonjour {{first_name}}")
	a.word(t, "cancellation", "en", "No {{event}}", "Alas.")
	note := map[string]string{"en": "Rain: {{link}} {{note}}"}
	mails := a.announce(t, "change", note, true).Mails
	const english = "\n\nRain: {{link}} {{note}}\n\nthat is all.\n\nSee the invitation\n"
	if len(mails) != 2 || mails[0].Subject != "News of The gala" || mails[1].Subject != "Du nouveau" ||
		mails[1].Language != "fr-CA" {
		t.Fatalf("the dry run has %+v, want News of The gala and, in fr-CA, Du nouveau", mails)
	}
	if got, want := mails[0].Text, "Dear,"+english; !strings.HasPrefix(got, want) {
		t.Errorf("the mail of the dry run is %q, want the prefix %q", got, want)
	}
	a.announce(t, "change", note, false)
	sent := a.Mails(t)
	if got, want := subjects(sent), "ann: News of The gala; fay: Du nouveau; new: Invitation: The gala"; got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	for i, want := range []string{
		"Dear ann," + english, "Bonjour fay\n\nRain: {{link}} {{note}}\n\nVoir l’invitation\n",
	} {
		if got := sent[i].Content.Text; !strings.HasPrefix(got, want) {
			t.Errorf("got %q, want the prefix %q", got, want)
		}
	}
	if got, want := calendarOf(t, sent[0])["METHOD"], "PUBLISH"; got != want {
		t.Errorf("the METHOD of the calendar file is %q, want %q", got, want)
	}
	a.announce(t, "cancellation", map[string]string{"en": "Sorry"}, false)
	sent = a.Mails(t)
	if got := subjects(sent); !strings.HasPrefix(got, "ann: No The gala; fay: Annulation") &&
		!strings.HasPrefix(got, "ann: No The gala; fay: Annulé") {
		t.Errorf("got %s, want No The gala for ann and the built-in French for fay", got)
	}
	if got, want := sent[0].Content.Text, "Alas.\n\nSorry\n\n-- \nGuestlist\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := calendarOf(t, sent[0])["METHOD"], "CANCEL"; got != want {
		t.Errorf("the METHOD of the calendar file is %q, want %q", got, want)
	}
}

func TestWordingList(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	list := func() (found []wording) {
		a.call(t, http.MethodGet, pathOf("event-wording", "event_id", a.event.ID), nil).Decode(t, http.StatusOK, &found)
		return found
	}
	if got := a.call(t, http.MethodGet, pathOf("event-wording", "event_id", a.event.ID), nil).
		Body; strings.TrimSpace(got) != "[]" {
		t.Errorf("at first: got %s, want []", got)
	}
	a.word(t, "invitation", "fr", "b", "b")
	a.word(t, "change", "fr", "x", "x")
	a.word(t, "change", "ar", "a", "a")
	a.word(t, "change", "fr", "c", "c")
	var untrimmed wording
	a.call(t, http.MethodPut, wordingPath, wording{a.event.ID, "invitation", "fr", " b ", "\r\nb\r\nb\r\r\n"}).
		Decode(t, http.StatusOK, &untrimmed)
	want := []wording{
		{a.event.ID, "change", "ar", "a", "a"}, {a.event.ID, "change", "fr", "c", "c"}, {a.event.ID, "invitation", "fr",
			"b", "b\nb"},
	}
	if got := list(); !slices.Equal(got, want) || untrimmed != want[2] {
		t.Errorf("got %+v, %+v, want %+v", got, untrimmed, want)
	}
	if err := a.DB.Delete(&events.Event{}, a.event.ID).Error; err != nil {
		t.Fatal(err)
	}
	if rows := a.count(t, &invitedguest.Wording{}); rows != 0 {
		t.Errorf("%d wordings are left after their event was deleted, want none", rows)
	}
}

// pageEnd follows the signature, which a preview leaves out.
const pageEnd = "</div>\n</body>\n</html>\n"

func TestWordingPreview(t *testing.T) {
	t.Parallel()
	a := prepare(t, apptest.New(t, func(c *app.Config) { c.LimitMailPerAddress = limits.Rate{Count: 2, Per: time.Hour} }))
	if err := a.DB.Model(&users.User{}).Where("id = ?", a.admin.ID).
		Updates(map[string]any{"firstname": "{{link}}", "lastname": "<b>"}).Error; err != nil {
		t.Fatal(err)
	}
	builtIn := a.preview(t, map[string]any{"kind": "invitation", "language": "fr"})
	const subject, link = "Invitation\u00a0: Le gala", "\nhttps://guestlist.example.org/invitation/…\n"
	if !builtIn.BuiltIn || builtIn.Language != "fr" || builtIn.Subject != subject || builtIn.Sent ||
		!strings.Contains(builtIn.Text, link) {
		t.Errorf("got %+v, want the built-in wording in fr, not sent, with the subject %q and the text %q", builtIn,
			subject, link)
	}
	for _, kind := range []string{"invitation", "reminder", "change", "cancellation"} {
		for _, language := range []string{"en", "fr", "pt", "ar"} {
			body := "Hi {{name}} <i>\n\n{{description}}"
			if kind == "change" || kind == "cancellation" {
				body += "\n\n{{note}}"
			}
			got := a.preview(t, map[string]any{"kind": kind, "language": language, "subject": "{{first_name}}: {{event}}",
				"body": body})
			if got.BuiltIn || got.Language != language {
				t.Errorf("%s in %s: got %+v, want the given wording in that language", kind, language, got)
			}
			if want := "{{link}}: "; !strings.HasPrefix(got.Subject, want) {
				t.Errorf("%s in %s: got the subject %q, want the prefix %q", kind, language, got.Subject, want)
			}
			if want := "Hi {{link}} <b> <i>\n\n"; !strings.HasPrefix(got.Text, want) {
				t.Errorf("%s in %s: got %q, want the prefix %q", kind, language, got.Text, want)
			}
			for part, want := range map[string]bool{
				"Hi {{link}} &lt;b&gt; &lt;i&gt;</p>": true, ` dir="rtl"`: language == "ar", "bgcolor": kind != "cancellation",
			} {
				if has := strings.Contains(got.HTML, part); has != want {
					t.Errorf("%s in %s: the HTML has %q: %v, want %v:\n%s", kind, language, part, has, want, got.HTML)
				}
			}
		}
	}
	if rows := a.count(t, &invitedguest.Wording{}); rows != 0 {
		t.Errorf("previews have stored %d wordings, want none", rows)
	}

	a.word(t, "reminder", "en", "stored {{event}}", "x")
	if sent := a.Mails(t); len(sent) != 0 {
		t.Errorf("sent without a request: %+v", sent)
	}
	for _, request := range []map[string]any{
		{"kind": "reminder", "language": "en", "send": true, "email": "eve@example.org"},
		{"kind": "reminder", "language": "en", "send": true, "subject": "given", "body": "y", "to": "eve@example.org"},
	} {
		want := a.preview(t, request)
		sent := a.Mails(t)
		if len(sent) != 1 || !want.Sent || sent[0].To.Address != "admin@example.org" ||
			sent[0].Content.Subject != want.Subject ||
			!strings.HasPrefix(sent[0].Content.HTML, strings.TrimSuffix(want.HTML, pageEnd)) ||
			sent[0].Content.Unsubscribe != "" || len(sent[0].Content.Files) != 0 {
			t.Errorf("sent %+v, want one mail to admin@example.org, without a file or a link to unsubscribe: %+v", sent, want)
		}
	}
	once := map[string]any{"event_id": a.event.ID, "kind": "reminder", "language": "en", "send": true}
	got := a.call(t, http.MethodPost, wordingPath+"/preview", once)
	got.Error(t, http.StatusTooManyRequests, "TOO_MANY_REQUESTS")
	if got, want := got.Header.Get("Retry-After"), "3600"; got != want {
		t.Errorf("Retry-After: got %q, want %q", got, want)
	}
	a.preview(t, map[string]any{"kind": "reminder", "language": "en"})
	a.Clock.Advance(time.Hour)
	a.preview(t, once)
	if err := a.DB.Where("event_id = ?", a.event.ID).Delete(&events.Role{}).Error; err != nil {
		t.Fatal(err)
	}
	if sent := a.Mails(t); len(sent) != 0 {
		t.Errorf("sent to a former administrator of the event: %+v", sent)
	}
}

// TestWordingPreviewsAtOnce checks that requests at the same time do not exceed the limit.
func TestWordingPreviewsAtOnce(t *testing.T) {
	t.Parallel()
	a := prepare(t, apptest.New(t, func(c *app.Config) { c.LimitMailPerAddress = limits.Rate{Count: 2, Per: time.Hour} }))
	statuses := make([]int, 6)
	var group sync.WaitGroup
	for i := range statuses {
		group.Go(func() {
			statuses[i] = a.call(t, http.MethodPost, wordingPath+"/preview", map[string]any{
				"event_id": a.event.ID, "kind": "reminder", "language": "en", "send": true,
			}).Status
		})
	}
	group.Wait()
	slices.Sort(statuses)
	if want := []int{200, 200, 429, 429, 429, 429}; !slices.Equal(statuses, want) {
		t.Errorf("got %v, want %v", statuses, want)
	}
	if sent := a.Mails(t); len(sent) != 2 {
		t.Errorf("sent %d mails, want 2", len(sent))
	}
}
