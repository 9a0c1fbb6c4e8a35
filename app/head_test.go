package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/apptest"
)

// opened is an application with mailed links that have not been opened yet, and tokens that may read everything.
type opened struct {
	*apptest.App

	tokens []string // none, a user's, and an administrator's
	codes  map[string]string
}

func newOpened(t *testing.T) opened {
	t.Helper()
	a := apptest.New(t)
	root := a.RegisterAdmin(t, "root@example.org")
	ann := a.Register(t, "ann@example.org")
	a.Confirm(t)
	a.CreateEvent(t, "gala")         // events
	a.Register(t, "bob@example.org") // has not verified the address
	for _, request := range []apptest.Request{
		{Method: httpPut, Path: user, Token: ann.Token, Body: `{"email":"new@example.org"}`},
		{Method: httpPost, Path: "/api/v1/password-reset/request", Body: `{"email":"ann@example.org"}`},
		// invitedguest
		{Method: httpPost, Path: "/api/v1/invitedGuest", Token: root.Token,
			Body: map[string]any{"event_id": 1, "email": ann.Email, "role": "guest"}},
	} {
		if response := a.Send(t, request); response.Status >= http.StatusBadRequest {
			t.Fatalf("%d %s", response.Status, response.Body)
		}
	}
	o := opened{a, []string{"", ann.Token, root.Token}, map[string]string{}}
	for _, m := range a.Mails(t) {
		o.codes[m.Kind] = apptest.Code(t, m)
	}
	if len(o.codes) != len(pagesOfLinks()) {
		t.Fatalf("mailed %v, want a code for each of %v", o.codes, pagesOfLinks())
	}
	a.Send(t, apptest.Request{Method: httpGet, Path: "/readyz"}) // writes a row, which is not to count as a change
	return o
}

// pagesOfLinks returns the pages that mailed links lead to, by the kind of mail.
func pagesOfLinks() map[string]string {
	return map[string]string{
		"verify_email": "verify-email", "change_email": "verify-email", "password_reset": "reset-password",
		"email_change": "undo-email",
		"invitation":   "invitation", // invitedguest
	}
}

// paths returns the route's path and a query with everything that it may need, once for each code.
func (o opened) paths(route app.Route) (paths []string) {
	query := "?event_id=1&id=1&invited_guest_id=1&event_key=gala&email=bob@example.org&token="
	for _, code := range o.codes {
		paths = append(paths, strings.ReplaceAll(route.Path, ":code", code)+query+code)
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// rows returns everything in the database.
func (o opened) rows(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	for _, model := range app.Models() {
		statement := &gorm.Statement{DB: o.DB}
		if err := statement.Parse(model); err != nil {
			t.Fatal(err)
		}
		var rows []map[string]any
		if err := o.DB.Table(statement.Table).Order(strings.Join(statement.Schema.PrimaryFieldDBNames, ", ")).Find(&rows).
			Error; err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&text, statement.Table, rows)
	}
	return text.String()
}

// accepts are the Accept headers of clients, browsers and robots; "" means none.
var accepts = []string{"", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json, text/plain, */*",
	"application/json;q=0, */*"}

// TestHeadChangesNothing checks that HEAD changes nothing on any route, with any of the mailed codes.
func TestHeadChangesNothing(t *testing.T) {
	t.Parallel()
	o := newOpened(t)
	before := o.rows(t)
	for _, route := range o.Routes() {
		if route.Method != httpGet {
			continue
		}
		for _, path := range o.paths(route) {
			for _, accept := range accepts {
				for _, token := range o.tokens {
					o.Send(t, apptest.Request{Method: http.MethodHead, Path: path, Token: token,
						Header: map[string]string{"Accept": accept}})
				}
			}
		}
		if after := o.rows(t); after != before {
			t.Fatalf("HEAD %s changed\n%s\ninto\n%s", route.Path, before, after)
		}
	}
}

// TestPrefetchChangesNothing checks that nothing changes on any route when a browser loads a page before anyone opens
// the link.
func TestPrefetchChangesNothing(t *testing.T) {
	t.Parallel()
	o := newOpened(t)
	before := o.rows(t)
	for _, header := range []string{"Sec-Purpose: prefetch", "Sec-Purpose: prefetch;prerender", "Purpose: prefetch",
		"X-Moz: prefetch", "Purpose: preview"} {
		name, value, _ := strings.Cut(header, ": ")
		for _, route := range o.Routes() {
			if route.Method != httpGet {
				continue
			}
			for _, path := range o.paths(route) {
				for _, accept := range accepts {
					o.Send(t, apptest.Request{Method: httpGet, Path: path, Token: o.tokens[1],
						Header: map[string]string{"Accept": accept, name: value}})
				}
			}
		}
		if after := o.rows(t); after != before {
			t.Fatalf("%s changed\n%s\ninto\n%s", header, before, after)
		}
	}
}

// TestScannersChangeNothing checks that nothing changes when every mailed link, and every page, is opened with GET
// without asking for JSON. It also checks that no response is an empty object, and that each mailed link then still
// shows its form.
func TestScannersChangeNothing(t *testing.T) {
	t.Parallel()
	o := newOpened(t)
	before := o.rows(t)
	for _, route := range o.Routes() {
		if route.Method != httpGet || strings.HasPrefix(route.Path, "/api/") &&
			!strings.HasSuffix(route.Path, "/verify-email") {
			continue
		}
		for _, path := range o.paths(route) {
			for _, accept := range accepts {
				if strings.HasPrefix(accept, "application/json, ") {
					continue
				}
				response := o.Send(t, apptest.Request{Method: httpGet, Path: path, Header: map[string]string{"Accept": accept}})
				if response.Body == "{}" {
					t.Errorf("%s, Accept %q: got {}, want a page or an error", route.Path, accept)
				}
			}
		}
		if after := o.rows(t); after != before {
			t.Fatalf("GET %s changed\n%s\ninto\n%s", route.Path, before, after)
		}
	}
	for kind, page := range pagesOfLinks() {
		response := o.Send(t, apptest.Request{Method: httpGet, Path: "/" + page + "/" + o.codes[kind],
			Header: map[string]string{"Accept": "text/html"}})
		if form := `<form method="post">`; response.Status != http.StatusOK || !strings.Contains(response.Body, form) {
			t.Errorf("%s: got %d %s, want %d with %s", kind, response.Status, response.Body, http.StatusOK, form)
		}
	}
}
