package invitedguest_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/invitedguest"
	"guestlist/app/users"
)

type listed struct {
	ID   int64 `json:"invited_guest_id"`
	User struct {
		Email string `json:"email"`
	} `json:"user"`
	Role, Status string
	Tags         []struct{ ID int64 } `json:"tags"`
}

// newListApp returns an application with six guests, two of whom have a tag and one of whom is deleted, and a guest of
// another event.
func newListApp(t *testing.T) (a testApp, vip int64) {
	t.Helper()
	a = newTestApp(t)
	other := a.CreateEvent(t, "other")
	vip = a.storeTag(t, a.event.ID, "vip")
	for i, user := range []users.User{
		{Email: "zoe@example.org", Firstname: "Zoë", Lastname: "Lee"},
		{Email: "ann@example.org", Firstname: "Ann", Lastname: "lee"},
		{Email: "bob@example.org", Firstname: "=1+1", Lastname: "Ångström", UserTitle: "@x"},
		{Email: "cid@example.org", Firstname: "'quoted", Lastname: "a,b \"c\""},
		{Email: "+dan@example.org", Firstname: "＝Dan", Lastname: "-"},
		{Email: "gone@example.org", Firstname: "Gone"},
		{Email: "elsewhere@example.org", Firstname: "Else"},
	} {
		user.PrimaryLanguage = "en"
		if err := a.DB.Create(&user).Error; err != nil {
			t.Fatal(err)
		}
		guest := invitedguest.InvitedGuest{
			EventID: a.event.ID, UserID: user.ID, Role: []string{"guest", "speaker"}[i%2],
			Status: []invitedguest.Status{"invited", "accepted", "declined"}[i%3],
		}
		if i == 6 {
			guest.EventID = other.ID
		}
		guest = a.storeGuest(t, guest)
		if i == 1 || i == 3 {
			if err := a.DB.Create(&invitedguest.GuestTag{InvitedGuestID: guest.ID, TagID: vip}).Error; err != nil {
				t.Fatal(err)
			}
		}
		if i == 5 {
			if err := a.DB.Delete(&user).Error; err != nil {
				t.Fatal(err)
			}
		}
	}
	return a, vip
}

func (a testApp) list(t testing.TB, query string) []listed {
	t.Helper()
	got := a.call(t, http.MethodGet, pathOf("invitedGuestList", "event_id", a.event.ID)+query, nil)
	var guests []listed
	got.Decode(t, http.StatusOK, &guests)
	return guests
}

// pages is like list, but reads the list in pages.
func (a testApp) pages(t testing.TB, query string, limit int) (guests []listed) {
	t.Helper()
	path := pathOf("invitedGuestList", "event_id", a.event.ID) + fmt.Sprint(query, "&limit=", limit)
	for pages := 0; path != ""; pages++ {
		var page []listed
		got := a.call(t, http.MethodGet, path, nil)
		got.Decode(t, http.StatusOK, &page)
		guests = append(guests, page...)
		link := nextLink.FindStringSubmatch(got.Header.Get("Link"))
		if path = ""; link != nil {
			path = link[1]
		}
		if len(page) > limit || pages > 5 {
			t.Fatalf("%s: page %d has %d guests, want at most %d, and pages 0 to 5", query, pages, len(page), limit)
		}
	}
	return guests
}

func names(guests []listed) string {
	var result []string
	for _, g := range guests {
		name, _, _ := strings.Cut(g.User.Email, "@")
		result = append(result, name)
	}
	return strings.Join(result, " ")
}

var nextLink = regexp.MustCompile(`^<(/api/v1/invitedGuestList\?[^>]*)>; rel="next"$`)

// TestListFollowsNames checks that a guest whose name or address changes moves to another place in the list.
func TestListFollowsNames(t *testing.T) {
	t.Parallel()
	a, _ := newListApp(t)
	ann := a.RegisterVerified(t, "new@example.org")
	a.call(t, http.MethodPost, "/api/v1/invitedGuest", map[string]any{"event_id": a.event.ID, "email": ann.Email,
		"role": "guest"}).
		Decode(t, http.StatusCreated, &invitedAnswer{})
	for _, test := range []struct {
		change                      map[string]any
		byName, byEmail, found, not string
	}{
		{map[string]any{"lastname": "Müller"}, "+dan cid bob ann zoe new", "+dan ann bob cid new zoe", "MÜLLER", "none"},
		{map[string]any{"lastname": "aa"}, "+dan cid new bob ann zoe", "+dan ann bob cid new zoe", "aa", "müller"},
		{map[string]any{"email": "aaa@example.org"}, "+dan cid aaa bob ann zoe", "+dan aaa ann bob cid zoe", "aaa@", "new@"},
	} {
		got := a.Send(t, apptest.Request{Method: http.MethodPut, Path: "/api/v1/user", Body: test.change, Token: ann.Token})
		got.Decode(t, http.StatusOK, &ann)
		a.Confirm(t)
		if got := names(a.list(t, "&sort=lastname")); got != test.byName {
			t.Errorf("%v, by name: got %q, want %q", test.change, got, test.byName)
		}
		if got := names(a.list(t, "&sort=email")); got != test.byEmail {
			t.Errorf("%v, by address: got %q, want %q", test.change, got, test.byEmail)
		}
		if found, not := len(a.list(t, "&q="+url.QueryEscape(test.found))),
			len(a.list(t, "&q="+url.QueryEscape(test.not))); found != 1 || not != 0 {
			t.Errorf("%v: found %d by %s and %d by %s, want 1 and 0", test.change, found, test.found, not, test.not)
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	a, vip := newListApp(t)
	for query, want := range map[string]string{
		"":                                     "zoe ann bob cid +dan",
		"&sort=-id":                            "+dan cid bob ann zoe",
		"&sort=email":                          "+dan ann bob cid zoe",
		"&sort=-email":                         "zoe cid bob ann +dan",
		"&sort=lastname":                       "+dan cid bob ann zoe",
		"&sort=-lastname":                      "zoe ann bob cid +dan",
		"&role=speaker":                        "ann cid",
		"&status=accepted":                     "ann +dan",
		"&status=invited&role=speaker":         "cid",
		"&q=LEE":                               "zoe ann",
		"&q=" + url.QueryEscape("zoë"):         "zoe",
		"&q=%25":                               "",
		"&q=zoe+lee":                           "zoe",
		"&q=" + url.QueryEscape("angstrom @X"): "",
		"&q=" + url.QueryEscape("angstrom bo"): "bob",
		fmt.Sprint("&tag_id=", vip):            "ann cid",
		fmt.Sprint("&sort=-id&tag_id=", vip):   "cid ann",
		fmt.Sprint("&sort=email&tag_id=", vip): "ann cid",
	} {
		if got := names(a.list(t, query)); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
		for limit := 1; limit <= 2; limit++ { // guests with the same last name may share a page of 2, but not of 1
			if got := names(a.pages(t, query, limit)); got != want {
				t.Errorf("%s in pages of %d: got %s, want %s", query, limit, got, want)
			}
		}
	}
	if got := a.list(t, ""); len(got[1].Tags) != 1 || got[1].Tags[0].ID != vip || got[0].Tags == nil {
		t.Errorf("got %+v, want no tags, but not null, of the first, and the tag %d of the second", got, vip)
	}
	if got := a.call(t, http.MethodGet, pathOf("invitedGuestList", "event_id", a.event.ID, "q", "nobody"),
		nil); got.Body != "[]" {
		t.Errorf("an empty list is %s, want []", got.Body)
	}
	elsewhere := a.storeTag(t, a.CreateEvent(t, "third").ID, "vip")
	a.call(t, http.MethodGet, pathOf("invitedGuestList", "event_id", a.event.ID, "tag_id", elsewhere), nil).
		Error(t, http.StatusNotFound, "TAG_NOT_FOUND")
}

func TestListRefuses(t *testing.T) {
	t.Parallel()
	a, _ := newListApp(t)
	page := a.call(t, http.MethodGet, pathOf("invitedGuestList", "event_id", a.event.ID, "limit", 2), nil)
	next := nextLink.FindStringSubmatch(page.Header.Get("Link"))[1]
	for query, field := range map[string]string{
		"limit=0": "limit", "limit=1001": "limit", "limit=x": "limit", "cursor=x": "cursor", "sort=role": "sort",
		"status=maybe": "status",
		"tag_id=0":     "tag_id", "tag_id=x": "tag_id", "format=xml": "format", "language=!": "language", "q=%00": "q",
	} {
		got := a.call(t, http.MethodGet, pathOf("invitedGuestList", "event_id", a.event.ID)+"&"+query, nil)
		if got := got.Error(t, http.StatusBadRequest, "VALIDATION_FAILED"); got.Errors[field] == "" {
			t.Errorf("%s: got the fields %v, want %s", query, got.Errors, field)
		}
	}
	// A cursor of another list is refused.
	for _, other := range []string{"role=guest", "status=invited", "q=a", "sort=-id", "sort=email", "tag_id=1"} {
		got := a.call(t, http.MethodGet, next+"&"+other, nil).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
		if got.Errors["cursor"] == "" {
			t.Errorf("%s: got the fields %v, want cursor", other, got.Errors)
		}
	}
	elsewhere := strings.Replace(next, fmt.Sprint("event_id=", a.event.ID), "event_id=2", 1)
	a.Send(t, apptest.Request{Method: http.MethodGet, Path: elsewhere,
		Token: a.RegisterAdmin(t, "root@example.org").Token}).
		Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	a.call(t, http.MethodGet, pathOf("invitedGuestList"), nil).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	a.call(t, http.MethodGet, pathOf("invitedGuestList", "event_id", 99), nil).
		Error(t, http.StatusNotFound, "EVENT_NOT_FOUND")
	a.Send(t, apptest.Request{Method: http.MethodGet, Path: pathOf("invitedGuestList", "event_id", a.event.ID),
		Token: a.Register(t, "eve@example.org").Token}).
		Error(t, http.StatusForbidden, "FORBIDDEN")
}

func TestListAsCSV(t *testing.T) {
	t.Parallel()
	a, vip := newListApp(t)
	if err := a.DB.Model(&invitedguest.InvitedGuest{}).Where("id = 4").Update("comment", "=1+1\nor 2").Error; err != nil {
		t.Fatal(err)
	}
	path := pathOf("invitedGuestList", "event_id", a.event.ID)
	for _, request := range []apptest.Request{
		{Path: path + "&format=csv"},
		{Path: path, Header: map[string]string{"Accept": "text/csv"}},
	} {
		request.Method, request.Token = http.MethodGet, a.admin.Token
		got := a.Send(t, request)
		if got.Status != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/csv") {
			t.Fatalf("got %+v, want 200 and text/csv", got)
		}
		table, err := csv.NewReader(strings.NewReader(got.Body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for row, want := range map[int][]string{
			0: {"invited_guest_id", "email", "user_title", "firstname", "lastname", "language", "role", "status", "answered_at",
				"tags", "tag_ids", "comment", "mail_status"},
			2: {"2", "ann@example.org", "", "Ann", "lee", "en", "speaker", "accepted", "", "vip", fmt.Sprint(vip), "", "none"},
			3: {"3", "bob@example.org", "'@x", "'=1+1", "Ångström", "en", "guest", "declined", "", "", "", "", "none"},
			4: {"4", "cid@example.org", "", "''quoted", "a,b \"c\"", "en", "speaker", "invited", "", "vip", fmt.Sprint(vip),
				"'=1+1\nor 2", "none"},
			5: {"5", "'+dan@example.org", "", "'＝Dan", "'-", "en", "guest", "accepted", "", "", "", "", "none"},
		} {
			if !slices.Equal(table[row], want) {
				t.Errorf("row %d: got %q, want %q", row, table[row], want)
			}
		}
	}
	if got := a.call(t, http.MethodGet, path+"&format=csv&q=nobody", nil); strings.Count(got.Body, "\n") != 1 {
		t.Errorf("an empty table is %q, want one line", got.Body)
	}
	if got := a.call(t, http.MethodGet, path+"&format=json", nil); !json.Valid([]byte(got.Body)) {
		t.Errorf("got %s, want JSON", got.Body)
	}
}
