package invitedguest_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/mail"
	"guestlist/app/tags"
	"guestlist/app/text"
	"guestlist/app/users"
)

// TestMain allows the tests to start servers with apptest.StartServer.
func TestMain(m *testing.M) { apptest.Main(m) }

// testApp is an application with an event and an administrator of it.
type testApp struct {
	*apptest.App
	event *events.Event
	admin apptest.User
}

func newTestApp(t testing.TB) testApp {
	t.Helper()
	return prepare(t, apptest.New(t))
}

func prepare(t testing.TB, app *apptest.App) testApp {
	t.Helper()
	a := testApp{App: app}
	a.event = a.CreateEvent(t, "gala")
	a.admin = a.RegisterWithRole(t, "admin@example.org", a.event.ID, events.Administrator)
	a.Mails(t)
	return a
}

func (a testApp) call(t testing.TB, method, path string, body any) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{Method: method, Path: path, Body: body, Token: a.admin.Token})
}

// invitedAnswer is the response to an invitation.
type invitedAnswer struct {
	GuestID  int64  `json:"invitedGuest_id"`
	EventID  int64  `json:"event_id"`
	UserID   int64  `json:"user_id"`
	Role     string `json:"role"`
	Fullname string `json:"fullname"`
}

// invite creates a user and invites them.
func (a testApp) invite(t testing.TB, name string) (guest invitedAnswer) {
	t.Helper()
	a.call(t, http.MethodPost, "/api/v1/invitedGuest/create", map[string]any{
		"event_id": a.event.ID, "email": name + "@example.org", "firstname": name, "lastname": "Lee", "user_title": "Dr",
		"role": "guest",
	}).Decode(t, http.StatusCreated, &guest)
	return guest
}

func (a testApp) storeTag(t testing.TB, eventID int64, name string) int64 {
	t.Helper()
	tag := tags.Tag{
		EventID: eventID, TagType: "registration",
		Name: text.Translations{"en": name, "fr": "le " + name}, Description: text.Translations{"en": "", "fr": ""},
	}
	if err := a.DB.Create(&tag).Error; err != nil {
		t.Fatal(err)
	}
	return tag.ID
}

// storeGuest stores a guest with the search keys of its user.
func (a testApp) storeGuest(t testing.TB, guest invitedguest.InvitedGuest) invitedguest.InvitedGuest {
	t.Helper()
	user, err := users.Find(t.Context(), a.DB, guest.UserID)
	if err != nil {
		t.Fatal(err)
	}
	guest.SearchKey, guest.LastnameKey = user.SearchKey, user.LastnameKey
	if err := a.DB.Create(&guest).Error; err != nil {
		t.Fatal(err)
	}
	return guest
}

func (a testApp) count(t testing.TB, model any) (count int64) {
	t.Helper()
	if err := a.DB.Model(model).Count(&count).Error; err != nil {
		t.Fatal(err)
	}
	return count
}

var (
	answerLink   = regexp.MustCompile(`https://guestlist\.example\.org(/invitation/(\S+))`)
	passwordPage = regexp.MustCompile(`https://guestlist\.example\.org(/reset-password\?\S+)`)
)

// code returns the code in a mail.
func code(t testing.TB, m mail.Envelope) string {
	t.Helper()
	found := answerLink.FindStringSubmatch(m.Content.Text)
	if found == nil {
		t.Fatalf("no link in %s", m.Content.Text)
	}
	return found[2]
}

// pathOf returns a path with parameters, given as names and values in turn.
func pathOf(path string, parameters ...any) string {
	var query []string
	for i := 0; i < len(parameters); i += 2 {
		query = append(query, fmt.Sprintf("%v=%v", parameters[i], parameters[i+1]))
	}
	return "/api/v1/" + path + "?" + strings.Join(query, "&")
}
