package invitedguest_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/mail"
	"guestlist/app/users"
)

// organiser registers another administrator of the event, who is notified of answers at the given frequency.
func (a testApp) organiser(t testing.TB, name, frequency string) apptest.User {
	t.Helper()
	user := a.RegisterWithRole(t, name+"@example.org", a.event.ID, events.Administrator)
	a.beTold(t, user, frequency)
	return user
}

func (a testApp) beTold(t testing.TB, user apptest.User, frequency string) {
	t.Helper()
	body := map[string]any{"event_id": a.event.ID, "answers": frequency}
	got := a.Send(t, apptest.Request{Method: http.MethodPut, Path: "/api/v1/event-notification", Token: user.Token,
		Body: body})
	if want := fmt.Sprintf(`{"event_id":%d,"answers":%q}`, a.event.ID, frequency); got.Status != http.StatusOK ||
		got.Body != want {
		t.Fatalf("%d %s, want %s", got.Status, got.Body, want)
	}
}

// told returns the mails about answers that are sent now, each as its address and the guests that it lists.
func (a testApp) told(t testing.TB) (told []string) {
	t.Helper()
	for _, m := range a.Mails(t) {
		if m.Kind != "invitation_answers" {
			continue
		}
		var named []string
		for line := range strings.Lines(m.Content.Text) {
			if name, ok := strings.CutPrefix(strings.TrimSpace(line), "- "); ok {
				named = append(named, name)
			}
		}
		told = append(told, m.To.Address+": "+strings.Join(named, ", "))
	}
	return told
}

// answering invites a guest and returns the code to answer with.
func (a testApp) answering(t testing.TB, name string) string {
	t.Helper()
	a.invite(t, name)
	for _, m := range a.Mails(t) {
		if m.Kind == "invitation" {
			return code(t, m)
		}
	}
	t.Fatal("no invitation was mailed")
	return ""
}

// TestNotificationIsNeverAtFirst checks that administrators are never notified unless they set how often, that they
// read what they set, and that other values are refused.
func TestNotificationIsNeverAtFirst(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for _, frequency := range []string{"never", "at_once", "daily", "never"} {
		got := a.call(t, http.MethodGet, pathOf("event-notification", "event_id", a.event.ID), nil)
		if want := fmt.Sprintf(`{"event_id":%d,"answers":%q}`, a.event.ID, frequency); got.Status != http.StatusOK ||
			got.Body != want {
			t.Errorf("%d %s, want %s", got.Status, got.Body, want)
		}
		next := map[string]string{"never": "at_once", "at_once": "daily", "daily": "never"}[frequency]
		a.beTold(t, a.admin, next)
	}
	for _, wrong := range []any{"hourly", "", nil, 1} {
		a.call(t, http.MethodPut, "/api/v1/event-notification", map[string]any{"event_id": a.event.ID, "answers": wrong}).
			Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	}
}

// TestToldAtOnce answers invitations in each way and checks which administrators are notified immediately, and of which
// answers.
func TestToldAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ann, bob, eve := a.answering(t, "ann"), a.answering(t, "bob"), a.answering(t, "eve")
	a.organiser(t, "one", "at_once")
	two := a.organiser(t, "two", "at_once")
	a.organiser(t, "none", "never")
	a.organiser(t, "later", "daily")
	a.Mails(t)
	expect := func(step string, want ...string) {
		t.Helper()
		if got := a.told(t); !slices.Equal(got, want) {
			t.Errorf("%s: notified %q, want %q", step, got, want)
		}
	}
	answer := func(code, status string) {
		t.Helper()
		a.answer(t, code, status).Decode(t, http.StatusOK, &struct{}{})
	}
	record := func(status string) {
		t.Helper()
		a.update(t, 3, map[string]any{"status": status}).Decode(t, http.StatusOK, &struct{}{})
	}
	answer(ann, "accepted")
	expect("one answer", "one@example.org: Dr ann Lee", "two@example.org: Dr ann Lee")
	answer(ann, "accepted")
	expect("the same again")
	answer(ann, "declined")
	a.Clock.Advance(time.Second)
	answer(bob, "accepted")
	expect("two before the mail", "one@example.org: Dr bob Lee, Dr ann Lee", "two@example.org: Dr bob Lee, Dr ann Lee")
	a.beTold(t, two, "never")
	record("declined")
	expect("on behalf", "one@example.org: Dr eve Lee")
	answer(eve, "accepted")
	record("invited")
	expect("taken back")
	if err := a.DB.Model(&events.Role{}).Where("user_id = (?)", a.DB.Model(&users.User{}).Select("id").
		Where("email = 'one@example.org'")).
		Update("role", "reviewer").Error; err != nil {
		t.Fatal(err)
	}
	answer(eve, "accepted")
	expect("no administrator any more")
}

// TestToldOnBehalf checks that administrators are not notified of answers that they record themselves.
func TestToldOnBehalf(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.beTold(t, a.admin, "at_once")
	guest := a.invite(t, "ann")
	a.update(t, guest.GuestID, map[string]any{"status": "accepted"}).Decode(t, http.StatusOK, &struct{}{})
	if got := a.told(t); len(got) > 0 {
		t.Errorf("notified %q, want no mail", got)
	}
}

// TestToldOfTables records answers with a table and checks that the other administrators are notified by one mail, but
// not of unchanged answers, answers that the table takes back, or a dry run.
func TestToldOfTables(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.beTold(t, a.admin, "at_once")
	a.organiser(t, "org", "at_once")
	a.invite(t, "ann")
	a.invite(t, "bob")
	for _, step := range []struct{ query, ann, bob, want string }{
		{"", "accepted", "declined", "org@example.org: Dr ann Lee, Dr bob Lee"},
		{"", "accepted", "declined", ""},
		{"&dry_run=true", "declined", "accepted", ""},
		{"", "invited", "accepted", "org@example.org: Dr bob Lee"},
	} {
		body := fmt.Sprintf("email,status\nann@example.org,%s\nbob@example.org,%s\n", step.ann, step.bob)
		response := a.bulk(t, fmt.Sprint("update=true&event_id=", a.event.ID, step.query), body,
			map[string]string{"Content-Type": "text/csv"})
		response.Decode(t, http.StatusOK, &struct{}{})
		told := a.told(t)
		if got := strings.Join(told, "; "); len(told) > 1 || got != step.want {
			t.Errorf("%+v: notified %q, want %q in at most one mail", step, told, step.want)
		}
	}
}

// TestToldDaily answers on several days and checks that new answers are mailed once a day, after eight in the
// configured time zone.
func TestToldDaily(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("CET", 3600)
	a := prepare(t, apptest.New(t, func(c *app.Config) { c.TimeZone = zone }))
	a.event.StartDate = a.Clock.Now().AddDate(1, 0, 0)
	if err := a.DB.Model(a.event).Updates(map[string]any{"start_date": a.event.StartDate, "end_date": nil}).
		Error; err != nil {
		t.Fatal(err)
	}
	now := a.Clock.Now().In(zone)
	a.Clock.Advance(time.Date(now.Year(), now.Month(), now.Day()+1, 7, 0, 0, 0, zone).Sub(now)) // seven in the morning
	a.admin.Token = a.signIn(t, a.admin.Email)
	ann, bob := a.answering(t, "ann"), a.answering(t, "bob")
	a.beTold(t, a.admin, "daily")
	for _, step := range []struct {
		hours  int // later
		answer string
		status string
		want   string
	}{
		{0, ann, "declined", ""},   // 7:00
		{2, "", "", "Dr ann Lee"},  // 9:00
		{1, bob, "declined", ""},   // 10:00
		{13, "", "", ""},           // 23:00
		{8, "", "", ""},            // 7:00
		{1, "", "", "Dr bob Lee"},  // 8:00
		{24, "", "", ""},           // nothing new
		{3, ann, "accepted", ""},   // 11:00
		{48, "", "", "Dr ann Lee"}, // no server for a day
	} {
		a.Clock.Advance(time.Duration(step.hours) * time.Hour)
		if step.answer != "" {
			if got := a.answer(t, step.answer, step.status); got.Status != http.StatusOK {
				t.Fatalf("got %d %s, want 200", got.Status, got.Body)
			}
		}
		if err := errors.Join(a.Clean(t.Context()), a.Clean(t.Context())); err != nil {
			t.Fatal(err)
		}
		want := []string{}
		if step.want != "" {
			want = []string{"admin@example.org: " + step.want}
		}
		if got := a.told(t); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("at %s: notified %q, want %q", a.Clock.Now().In(zone), got, want)
		}
	}
}

// TestToldAfterARefusal checks that the next mail reports an answer whose own mail was refused.
func TestToldAfterARefusal(t *testing.T) {
	t.Parallel()
	a, s := mailServer(t)
	ann, bob := a.invite(t, "ann"), a.invite(t, "bob")
	user := a.organiser(t, "one", "at_once")
	a.Mails(t)
	s.errors[user.Email] = errRefused
	a.update(t, ann.GuestID, map[string]any{"status": "accepted"}).Decode(t, http.StatusOK, &struct{}{})
	a.Mails(t)
	if waiting := a.count(t, &invitedguest.News{}); waiting != 1 {
		t.Errorf("%d answers are not reported yet, want 1", waiting)
	}
	delete(s.errors, user.Email)
	a.update(t, bob.GuestID, map[string]any{"status": "declined"}).Decode(t, http.StatusOK, &struct{}{})
	a.Mails(t)
	if waiting := a.count(t, &invitedguest.News{}); waiting != 0 {
		t.Errorf("%d answers are not reported yet, want none", waiting)
	}
}

// TestToldInLanguages sends the mail in each language. One guest chose her own names and has not verified her address,
// so the mail must show only the address.
func TestToldInLanguages(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/user", Body: map[string]any{
		"email": "eve@example.org", "password": apptest.Password, "firstname": "Buy now",
	}})
	a.call(t, http.MethodPost, "/api/v1/invitedGuest", map[string]any{"event_id": a.event.ID, "email": "eve@example.org",
		"role": "guest"})
	guest := a.invite(t, "ann")
	for _, language := range []string{"en", "fr", "pt", "ar"} {
		user := a.organiser(t, language, "at_once")
		if err := a.DB.Model(&users.User{}).Where("id = ?", user.ID).Update("primary_language", language).Error; err != nil {
			t.Fatal(err)
		}
	}
	a.Mails(t)
	for _, id := range []int64{1, guest.GuestID} {
		a.update(t, id, map[string]any{"status": "accepted"}).Decode(t, http.StatusOK, &struct{}{})
	}
	subjects := map[string]bool{}
	for _, m := range a.Mails(t) {
		subjects[m.Content.Subject] = true
		for _, want := range []string{"- eve@example.org", "- Dr ann Lee"} {
			if !strings.Contains(m.Content.Text, want) {
				t.Errorf("the mail lacks %q:\n%s", want, m.Content.Text)
			}
		}
		if wrong := "Buy"; strings.Contains(m.Content.Text, wrong) {
			t.Errorf("the mail says %q:\n%s", wrong, m.Content.Text)
		}
		paragraphs := strings.Split(m.Content.Text, "\n\n")
		if len(paragraphs) < 5 || strings.Count(paragraphs[2], "\n") != 2 ||
			strings.Count(m.Content.HTML, "<bdi>") != 3 {
			t.Errorf("got %q and %s, want a paragraph with one line and the list of guests below it", paragraphs, m.Content.HTML)
		}
	}
	if len(subjects) != 4 {
		t.Errorf("the subjects are %v, want one in each of 4 languages", subjects)
	}
	var left int64
	if err := a.DB.Model(&mail.Message{}).Where("kind = 'invitation_answers' AND state <> 'sent'").Count(&left).
		Error; err != nil || left > 0 {
		t.Errorf("%d mails are left, %v; want none", left, err)
	}
}
