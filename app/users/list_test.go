package users_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/users"
)

type listPage struct {
	Users      []struct{ ID int64 } `json:"users"`
	NextCursor *string              `json:"next_cursor"`
}

// newListApp returns an application with an administrator, user 1, and the users 2 to 8, each created a minute after
// the one before.
func newListApp(t *testing.T) (a testApp, token string) {
	t.Helper()
	a = newTestApp(t)
	if _, err := a.service().CreateAdmin(t.Context(), audit.Operator(), "root@example.org", apptest.Password); err != nil {
		t.Fatal(err)
	}
	for i, guest := range []users.User{
		{Email: "zoe@example.org", Firstname: "Zoë", Lastname: "Lee"},                  // 2
		{Email: "ann_b@example.org", Firstname: "Ann", Lastname: "lee"},                // 3
		{Email: "ann.b@example.org", Firstname: "Ánn", Lastname: "Ångström"},           // 4
		{Email: "bob@example.org", Firstname: "50%", Lastname: "LEE"},                  // 5
		{Email: "annab@example.org", Firstname: "Wow!", Lastname: "de la \\Cruz"},      // 6
		{Email: "gone@example.org", Firstname: "Gone", Lastname: "Lee"},                // 7, deleted
		{Email: "xn@xn--bcher-kva.example", Firstname: "ΣΊΣΥΦΟΣ", Lastname: "Σίσυφος"}, // 8
	} {
		a.Clock.Advance(time.Minute)
		if err := a.DB.Create(&guest).Error; err != nil {
			t.Fatal(err)
		}
		if i == 5 {
			if err := a.DB.Delete(&guest).Error; err != nil {
				t.Fatal(err)
			}
		}
	}
	return a, a.authenticate(t, "root@example.org").Token
}

func (a testApp) list(t *testing.T, token, query string) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/users?" + query, Token: token})
}

// walk reads a list to its end and returns the IDs.
func (a testApp) walk(t *testing.T, token, query string) (ids []int64) {
	t.Helper()
	for cursor := ""; ; {
		var got listPage
		a.list(t, token, query+cursor).Decode(t, http.StatusOK, &got)
		for _, user := range got.Users {
			ids = append(ids, user.ID)
		}
		if got.NextCursor == nil {
			return ids
		}
		if cursor = "&cursor=" + url.QueryEscape(*got.NextCursor); len(ids) > 100 {
			t.Fatal("the list does not end")
		}
	}
}

func TestListOrders(t *testing.T) {
	t.Parallel()
	a, token := newListApp(t)
	for sort, want := range map[string][]int64{
		"id":          {1, 2, 3, 4, 5, 6, 8},
		"-id":         {8, 6, 5, 4, 3, 2, 1},
		"email":       {4, 3, 6, 5, 1, 8, 2}, // by bytes: . is before _, and that before a
		"-email":      {2, 8, 1, 5, 6, 3, 4},
		"lastname":    {1, 4, 6, 5, 3, 2, 8}, // no name first; three differ only in case: by first names
		"-lastname":   {8, 2, 3, 5, 6, 4, 1},
		"created_at":  {1, 2, 3, 4, 5, 6, 8},
		"-created_at": {8, 6, 5, 4, 3, 2, 1},
	} {
		t.Run(sort, func(t *testing.T) {
			t.Parallel()
			for limit := 1; limit <= 8; limit++ {
				if got := a.walk(t, token, fmt.Sprintf("sort=%s&limit=%d", sort, limit)); !slices.Equal(got, want) {
					t.Errorf("in pages of %d: got %v, want %v", limit, got, want)
				}
			}
		})
	}
}

func TestListSearch(t *testing.T) {
	t.Parallel()
	a, token := newListApp(t)
	for q, want := range map[string][]int64{
		"":         {1, 2, 3, 4, 5, 6, 8},
		"LEE":      {2, 3, 5},
		"lee":      {2, 3, 5},
		"ånG":      {4},
		"a\u030an": {3, 4, 6}, // decomposed; the mark is ignored
		"ZOË":      {2},
		"zoe":      {2},
		"σίσυφος":  {8},
		"ΣΊΣ":      {8},
		"ann":      {3, 4, 6},
		"_":        {3},
		"n_b":      {3},
		"%":        {5},
		"0%":       {5},
		"!":        {6},
		"\\":       {6},
		"' OR 1=1": nil,
		"ann lee":  {3}, // in both names
		" Lee  aN": {3},
		"lee 50 @": {5},
		"ann bob":  nil,
		"angstrom": {4},
		"Σισυφοσ":  {8},
		"gone":     nil,
		"root@":    {1},
	} {
		for _, sort := range []string{"id", "lastname"} {
			got := a.walk(t, token, "limit=2&sort="+sort+"&q="+url.QueryEscape(q))
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%q by %s: got %v, want %v", q, sort, got, want)
			}
		}
	}
}

func TestListShape(t *testing.T) {
	t.Parallel()
	a, token := newListApp(t)
	const want = `{"users":[{"id":2,"email":"zoe@example.org","firstname":"Zoë","lastname":"Lee","user_title":"",` +
		`"primary_language":"",` +
		`"is_admin":false,"verified_at":null,"blocked_at":null,"last_login":null,"created_at":"2026-02-03T12:01:00Z"}],` +
		`"next_cursor":null}`
	if got := a.list(t, token, "q=zoe"); got.Status != http.StatusOK || got.Body != want {
		t.Errorf("got %d %s, want 200 %s", got.Status, got.Body, want)
	}
	if got := a.list(t, token, "q=nobody"); got.Body != `{"users":[],"next_cursor":null}` {
		t.Errorf("got %s, want an empty page", got.Body)
	}
	if got := a.list(t, token, "q=root").Body; !strings.Contains(got, `"last_login":"2026-02-03T12:07:00Z"`) {
		t.Errorf("got %s, want the last login at 12:07", got)
	}
}

// TestListWhileItChanges continues after a row that was deleted meanwhile, when another was added.
func TestListWhileItChanges(t *testing.T) {
	t.Parallel()
	a, token := newListApp(t)
	var first listPage
	a.list(t, token, "sort=lastname&limit=3").Decode(t, http.StatusOK, &first) // 1, 4, 6
	a.set(t, 6, "deleted_at", a.Clock.Now())
	if err := a.DB.Create(&users.User{Email: "abe@example.org", Lastname: "Abe"}).Error; err != nil {
		t.Fatal(err)
	}
	if got := a.walk(t, token, "sort=lastname&cursor="+*first.NextCursor); !slices.Equal(got, []int64{5, 3, 2, 8}) {
		t.Errorf("continued with %v, want [5 3 2 8]", got)
	}
}

func TestListIsForAdministrators(t *testing.T) {
	t.Parallel()
	a, token := newListApp(t)
	guest := a.Register(t, "guest@example.org")
	a.list(t, guest.Token, "").Error(t, http.StatusForbidden, "FORBIDDEN")
	a.list(t, guest.Token, "limit=x").Error(t, http.StatusForbidden, "FORBIDDEN")
	a.list(t, "", "").Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	a.set(t, 1, "is_admin", false)
	a.list(t, token, "").Error(t, http.StatusForbidden, "FORBIDDEN")
}

func TestListRefuses(t *testing.T) {
	t.Parallel()
	a, token := newListApp(t)
	var byName, found listPage
	a.list(t, token, "sort=lastname&limit=1").Decode(t, http.StatusOK, &byName)
	a.list(t, token, "sort=lastname&limit=1&q=lee").Decode(t, http.StatusOK, &found)
	good := *byName.NextCursor
	for query, field := range map[string]string{
		"limit=0": "limit", "limit=-1": "limit", "limit=101": "limit", "limit=abc": "limit", "limit=": "limit",
		"limit=1.5":                 "limit",
		"limit=9223372036854775808": "limit", "limit=1&limit=1": "limit", "Limit=1": "limit", "limit=1;sort=id": "limit",
		"limit=1%20OR%201=1": "limit", "limit=%31%": "limit",
		"sort=": "sort", "sort=password_hash": "sort", "sort=search_key": "sort", "sort=ID": "sort", "sort=--id": "sort",
		"sort=id%20DESC": "sort",
		"sort=id,email":  "sort", "sort=%2Did;DROP%20TABLE%20users": "sort", "sort=+id": "sort",
		"q=%ff": "q", "q=%00": "q", "q=%zz": "q", "q=" + strings.Repeat("x", 101): "q", "q=a%0ab": "q", "q=a&q=b": "q",
		"cursor=x": "cursor", "cursor=" + good: "cursor", "sort=-lastname&cursor=" + good: "cursor",
		"sort=lastname&q=lee&cursor=" + good: "cursor", "sort=lastname&cursor=" + *found.NextCursor: "cursor",
		"sort=lastname&cursor=" + good + "%0a": "cursor", "sort=lastname&cursor=" + good[:len(good)-1]: "cursor",
		"sort=lastname&cursor=" + token: "cursor", "sort=lastname&cursor=" + strings.Repeat("A", 5000): "cursor",
		"sort=lastname&cursor=A" + good[1:]: "cursor", "sort=lastname&cursor=" + good + "&cursor=" + good: "cursor",
	} {
		if strings.HasSuffix(query, "=A"+good[1:]) && good[0] == 'A' {
			continue
		}
		got := a.list(t, token, query).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
		if len(got.Errors) != 1 || got.Errors[field] == "" {
			t.Errorf("%s: got the errors %v, want one of %s", query, got.Errors, field)
		}
	}
	for _, query := range []string{"limit=100", "other=%zz&other=1", "&", "q=&cursor=", "sort=lastname&cursor=" + good,
		"sort=lastname&limit=7&cursor=" + good} {
		if got := a.list(t, token, query); got.Status != http.StatusOK {
			t.Errorf("%s: got %d %s, want 200", query, got.Status, got.Body)
		}
	}
	config := a.Config
	config.SecretKey = []byte("the next key, also of more than 32 bytes")
	config.SecretKeyPrevious = a.Config.SecretKey
	rotated := testApp{&apptest.App{App: app.New(config, a.DB, app.WithClock(a.Clock.Now))}}
	if got := rotated.list(t, token, "sort=lastname&cursor="+good); got.Status != http.StatusOK {
		t.Errorf("after a new key: got %d %s, want 200", got.Status, got.Body)
	}
}
