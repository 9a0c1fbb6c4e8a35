package invitedguest_test

import (
	"fmt"
	"net/http"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/events"
)

const (
	profileList = "/api/v1/userprofilelist?event_id="
	oneProfile  = "/api/v1/userprofile?user_id="
)

// profileOf returns the profile of a guest whom invite created.
func profileOf(guest invitedAnswer, email, firstname string) string {
	return fmt.Sprintf(`{"user_id":%d,"email":%q,"firstname":%q,"lastname":"Lee","user_title":"Dr",`, guest.UserID, email,
		firstname) +
		`"response_id":-1,"is_submitted":null,"submitted_timestamp":null,"is_withdrawn":null,` +
		`"withdrawn_timestamp":null,"type":"Invited Guest"}`
}

func TestProfiles(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if got := a.call(t, http.MethodGet, profileList+"1", nil); got.Status != http.StatusOK || got.Body != "[]" {
		t.Errorf("without guests: got %d %s, want 200 []", got.Status, got.Body)
	}
	zoe, mia := a.invite(t, "zoe"), a.invite(t, "mia")
	profiles := []string{profileOf(zoe, "zoe@example.org", "zoe"), profileOf(mia, "mia@example.org", "mia")}
	got := a.call(t, http.MethodGet, profileList+"1", nil)
	if want := "[" + profiles[0] + "," + profiles[1] + "]"; got.Status != http.StatusOK || got.Body != want {
		t.Errorf("got %d %s, want %s", got.Status, got.Body, want)
	}
	got = a.call(t, http.MethodGet, fmt.Sprint(oneProfile, zoe.UserID), nil)
	if got.Status != http.StatusOK || got.Body != profiles[0] {
		t.Errorf("got %d %s, want %s", got.Status, got.Body, profiles[0])
	}
	root := a.RegisterAdmin(t, "root@example.org")
	got = a.Send(t, apptest.Request{Method: http.MethodGet, Path: fmt.Sprint(oneProfile, mia.UserID), Token: root.Token})
	if got.Status != http.StatusOK || got.Body != profiles[1] {
		t.Errorf("an administrator of the system: got %d %s, want %s", got.Status, got.Body, profiles[1])
	}
	for _, path := range []string{"/api/v1/userprofilelist", profileList, profileList + "0", "/api/v1/userprofile",
		oneProfile + "x", oneProfile + "0"} {
		a.call(t, http.MethodGet, path, nil).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	}
	a.call(t, http.MethodGet, profileList+"77", nil).Error(t, http.StatusNotFound, "EVENT_NOT_FOUND")
}

// TestProfilesOfOthers checks that a profile that the caller may not see gets the same response as one that does not
// exist.
func TestProfilesOfOthers(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	zoe := a.invite(t, "zoe")
	other := a.CreateEvent(t, "other")
	administrator := a.RegisterWithRole(t, "elsewhere@example.org", other.ID, events.Administrator)
	volunteer := a.RegisterWithRole(t, "volunteer@example.org", a.event.ID, events.RegistrationVolunteer)
	stranger := a.Register(t, "stranger@example.org")
	gone := a.invite(t, "gone")
	if err := a.DB.Exec("UPDATE users SET deleted_at = ? WHERE id = ?", a.Clock.Now(), gone.UserID).Error; err != nil {
		t.Fatal(err)
	}
	var message string
	for who, test := range map[string]struct {
		token string
		id    int64
	}{
		"an administrator elsewhere, a guest": {administrator.Token, zoe.UserID},
		"an administrator elsewhere, no user": {administrator.Token, 1 << 40},
		"a volunteer, a guest":                {volunteer.Token, zoe.UserID},
		"a stranger, a guest":                 {stranger.Token, zoe.UserID},
		"a stranger, themselves":              {stranger.Token, stranger.ID},
		"the administrator, no guest":         {a.admin.Token, stranger.ID},
		"the administrator, one who is gone":  {a.admin.Token, gone.UserID},
	} {
		got := a.Send(t, apptest.Request{Method: http.MethodGet, Path: fmt.Sprint(oneProfile, test.id), Token: test.token}).
			Error(t, http.StatusNotFound, "USER_NOT_FOUND")
		if message == "" {
			message = got.Message
		}
		if got.Message != message {
			t.Errorf("%s: got the message %q, want %q as in the other cases", who, got.Message, message)
		}
	}
	for _, user := range []apptest.User{administrator, volunteer, stranger} {
		a.Send(t, apptest.Request{Method: http.MethodGet, Path: profileList + "1", Token: user.Token}).
			Error(t, http.StatusForbidden, "FORBIDDEN")
	}
	for _, path := range []string{profileList + "1", fmt.Sprint(oneProfile, zoe.UserID)} {
		a.Send(t, apptest.Request{Method: http.MethodGet, Path: path}).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	}
}

// TestProfilesOfMany lists more guests than are read at a time.
func TestProfilesOfMany(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	storeGuests(t, a.DB, a.event.ID, 1100)
	var got []struct {
		Email string `json:"email"`
	}
	a.call(t, http.MethodGet, profileList+"1", nil).Decode(t, http.StatusOK, &got)
	seen := map[string]bool{}
	for _, p := range got {
		seen[p.Email] = true
	}
	if len(got) != 1100 || len(seen) != 1100 {
		t.Errorf("got %d profiles, %d different, want 1100", len(got), len(seen))
	}
}
