package seed_test

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/events"
	"guestlist/app/mail"
	"guestlist/app/seed"
)

func newSeeder(a *apptest.App) *seed.Seeder {
	return seed.New(a.DB, a.Config)
}

func run(t *testing.T, a *apptest.App, o seed.Options) seed.Report {
	t.Helper()
	o.Password = apptest.Password
	report, err := newSeeder(a).Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func signIn(t *testing.T, a *apptest.App, email string) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{
		Method: http.MethodPost, Path: "/api/v1/authenticate",
		Body: map[string]any{"email": email, "password": apptest.Password},
	})
}

// get requests the path as the system administrator, and decodes the response.
func get(t *testing.T, a *apptest.App, path string, into any) {
	t.Helper()
	var root apptest.User
	signIn(t, a, "root@example.org").Decode(t, http.StatusOK, &root)
	a.Send(t, apptest.Request{Method: http.MethodGet, Path: path, Token: root.Token}).Decode(t, http.StatusOK, into)
}

type listedEvent struct {
	ID                 int64  `json:"id"`
	Key                string `json:"key"`
	Name               string `json:"name"`
	IsRegistrationOpen bool   `json:"is_registration_open"`
	IsEventOpening     bool   `json:"is_event_opening"`
}

type listedGuest struct {
	User struct {
		Email     string `json:"email"`
		Firstname string `json:"firstname"`
		Lastname  string `json:"lastname"`
	} `json:"user"`
	Role   string `json:"role"`
	Status string `json:"status"`
	Tags   []struct {
		Name string `json:"name"`
	} `json:"tags"`
}

// TestEvents checks what the API lists, and that no mail waits to be sent.
func TestEvents(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, func(c *app.Config) { c.EventRoles = []string{"speaker"} })
	report := run(t, a, seed.Options{Guests: 60, Seed: 1})
	var list []listedEvent
	get(t, a, "/api/v1/events?language=fr", &list)
	if len(list) != 3 || len(report.Events) != 3 {
		t.Fatalf("got %d events, and %d are reported; want 3", len(list), len(report.Events))
	}
	for i, want := range []struct {
		name         string
		open, coming bool
		guests       int
	}{
		{"École d’été sur l’apprentissage automatique", true, true, 60},
		{"Atelier des évaluateurs", false, true, 20},
		{"Gala d’ouverture", false, false, 30},
	} {
		got := list[i]
		if got.Name != want.name || got.IsRegistrationOpen != want.open || got.IsEventOpening != want.coming {
			t.Errorf("got %+v, want %+v", got, want)
		}
		var guests []listedGuest
		get(t, a, fmt.Sprintf("/api/v1/invitedGuestList?event_id=%d", got.ID), &guests)
		if len(guests) != want.guests || report.Events[i].Guests != want.guests {
			t.Errorf("%s has %d guests, of whom %d are reported, want %d", got.Key, len(guests), report.Events[i].Guests,
				want.guests)
		}
		checkVariety(t, got.Key, guests)
		var tags, roles []map[string]any
		get(t, a, fmt.Sprintf("/api/v1/tags?event_id=%d", got.ID), &tags)
		get(t, a, fmt.Sprintf("/api/v1/event-roles?event_id=%d", got.ID), &roles)
		if wantRoles := len(events.BuiltInRoles()) + 1; len(tags) != 5 || len(roles) != wantRoles {
			t.Errorf("%s has %d tags and %d roles, want 5 and %d", got.Key, len(tags), len(roles), wantRoles)
		}
	}
	var mails int64
	if err := a.DB.Model(&mail.Message{}).Count(&mails).Error; err != nil || mails > 0 {
		t.Errorf("%d mails wait to be sent, %v; want none, no error", mails, err)
	}
}

// checkVariety checks that the guests have all statuses, several roles and all tags.
func checkVariety(t *testing.T, event string, guests []listedGuest) {
	t.Helper()
	statuses, roles, tags := map[string]int{}, map[string]int{}, map[string]int{}
	for _, guest := range guests {
		statuses[guest.Status]++
		roles[guest.Role]++
		for _, tag := range guest.Tags {
			tags[tag.Name]++
		}
	}
	if len(statuses) != 3 || len(roles) < 2 || len(tags) != 5 {
		t.Errorf("%s: got the statuses %v, the roles %v, the tags %v; want 3, at least 2, and 5", event, statuses, roles,
			tags)
	}
}

// TestNames checks that there are names that are hard to display, to try lists and pages with.
func TestNames(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	run(t, a, seed.Options{Guests: 60, Seed: 1})
	var guests []listedGuest
	get(t, a, "/api/v1/invitedGuestList?event_id=1", &guests)
	var all strings.Builder
	single, longest := false, 0
	for _, guest := range guests {
		all.WriteString(guest.User.Firstname + " " + guest.User.Lastname + "\n")
		single = single || guest.User.Firstname != "" && guest.User.Lastname == ""
		longest = max(longest, len([]rune(guest.User.Lastname)))
	}
	for what, want := range map[string]string{
		"right to left": "أحمد", "a combining mark": "\u0302", "an apostrophe": "O'Brien", "Chinese": "王",
		"both directions": "Sara سارة",
	} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("no name has %s", what)
		}
	}
	if !single {
		t.Error("no guest has only one name")
	}
	if longest < 99 {
		t.Errorf("the longest last name has %d characters, want at least 99", longest)
	}
}

// TestAccounts signs in with every account in the report.
func TestAccounts(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	report := run(t, a, seed.Options{Guests: 60, Seed: 1})
	kinds := map[string]int{}
	for _, account := range report.Accounts {
		want := http.StatusOK
		if strings.Contains(account.About, "blocked") {
			want = http.StatusForbidden
		}
		got := signIn(t, a, account.Email)
		if got.Status != want {
			t.Errorf("%s (%s): got %d %s, want %d", account.Email, account.About, got.Status, got.Body, want)
		}
		kinds[account.About]++
	}
	want := map[string]int{
		"system administrator": 1, "admin of the events": 1, "treasurer of the events": 1,
		"registration-admin of the events":                           1,
		"registration-volunteer of the events, address not verified": 1, "reviewer of the events": 1,
		"guest": 3, "guest, blocked": 1, "guest, address not verified": 1,
	}
	if !reflect.DeepEqual(kinds, want) {
		t.Errorf("got %v, want %v", kinds, want)
	}
	var page struct {
		Users []struct {
			Email     string  `json:"email"`
			BlockedAt *string `json:"blocked_at"`
		} `json:"users"`
	}
	get(t, a, "/api/v1/users?limit=100", &page)
	if len(page.Users) != 66 {
		t.Errorf("the list has %d users, want 60 guests, 5 organisers and the administrator", len(page.Users))
	}
}

// TestLinks opens every link in the report, and answers an invitation with the code of one.
func TestLinks(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	report := run(t, a, seed.Options{Guests: 60, Seed: 1})
	languages := map[string]string{}
	for _, link := range report.Links {
		languages[link.Language] = strings.TrimPrefix(link.URL, a.Config.PublicURL)
		got := a.Send(t, apptest.Request{Method: http.MethodGet, Path: languages[link.Language]})
		want := `value="accepted"`
		if got.Status != http.StatusOK || !strings.Contains(got.Body, want) {
			t.Errorf("%s in %s: got %d %s, want 200 with %s", link.Name, link.Language, got.Status, got.Body, want)
		}
	}
	for language, want := range map[string]string{"en": "Dr Ann Lee", "fr": "Chloé Dubois-L’Hermitte",
		"ar": "المدرسة الصيفية", "pt": "Escola de Verão"} {
		got := a.Send(t, apptest.Request{Method: http.MethodGet, Path: languages[language]})
		if !strings.Contains(got.Body, want) {
			t.Errorf("the page in %s has no %q: %s", language, want, got.Body)
		}
	}
	answer := a.Send(t, apptest.Request{
		Method: http.MethodPost, Path: "/api/v1/invitation",
		Body: map[string]any{"code": strings.TrimPrefix(languages["fr"], "/invitation/"), "status": "accepted"},
	})
	if answer.Status != http.StatusOK {
		t.Errorf("the answer: got %d %s, want %d", answer.Status, answer.Body, http.StatusOK)
	}
}

// TestSameSeed checks that the same seed creates the same guests and answers, and that another one creates others.
func TestSameSeed(t *testing.T) {
	t.Parallel()
	var lists [3][]listedGuest
	for i, number := range []uint64{1, 1, 2} {
		a := apptest.New(t)
		run(t, a, seed.Options{Guests: 40, Seed: number})
		get(t, a, "/api/v1/invitedGuestList?event_id=1", &lists[i])
	}
	if !reflect.DeepEqual(lists[0], lists[1]) {
		t.Error("the same seed creates two different lists")
	}
	if reflect.DeepEqual(lists[0], lists[2]) {
		t.Error("another seed creates the same list")
	}
}

// TestManyAndFew checks that any number of guests can be created.
func TestManyAndFew(t *testing.T) {
	t.Parallel()
	for _, guests := range []int{1, 5, 1500} {
		a := apptest.New(t)
		run(t, a, seed.Options{Guests: guests, Seed: 3})
		var counts struct {
			Total int `json:"total"`
		}
		get(t, a, "/api/v1/invitedGuest/counts?event_id=1", &counts)
		if counts.Total != guests {
			t.Errorf("got %d guests, want %d", counts.Total, guests)
		}
	}
}
