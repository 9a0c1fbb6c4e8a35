package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database/dbtest"
)

// The keys of a rotation as README describes it.
const (
	oldKey    = "the key that is in use at first, and then goes"
	nextKey   = "0123 the one that comes after that, and stays!"
	leakedToo = "after a leak: something that nobody has seen.."
)

// rotation is a database that programs with different keys share, and what they have issued.
type rotation struct {
	address string
	eventID int64
	age     time.Duration // since the beginning
	given   []given
}

// given is what a program has issued.
type given struct {
	name, key  string
	age        time.Duration
	token      string
	cursor     string
	invitation string // a code
	verify     string // likewise
	reset      string // likewise; empty once it is used
	answer     string // the response to a bulk whose Idempotency-Key is name
}

// program is one of the programs on the database.
type program struct {
	*apptest.App
	*rotation

	name string
	keys []string // the first one signs
}

// start starts a program with SECRET_KEY and, if there is one, SECRET_KEY_PREVIOUS.
func (r *rotation) start(t *testing.T, name string, keys ...string) program {
	t.Helper()
	a := apptest.On(t, r.address, func(c *app.Config) {
		c.SecretKey, c.SecretKeyPrevious = []byte(keys[0]), nil
		if len(keys) > 1 {
			c.SecretKeyPrevious = []byte(keys[1])
		}
	})
	a.Clock.Advance(r.age)
	return program{a, r, name, keys}
}

const rotationAdmin = "admin@example.org"

func (p program) signIn(t *testing.T) (token string) {
	t.Helper()
	var got apptest.User
	p.Send(t, apptest.Request{Method: httpPost, Path: login,
		Body: map[string]string{"email": rotationAdmin, "password": apptest.Password}}).
		Decode(t, http.StatusOK, &got)
	return got.Token
}

func (p program) page(t *testing.T, token, cursor string) apptest.Response {
	t.Helper()
	return p.Send(t, apptest.Request{Method: httpGet, Path: list + "?limit=1&cursor=" + url.QueryEscape(cursor),
		Token: token})
}

func (p program) invite(t *testing.T, token, name string) apptest.Response {
	t.Helper()
	body := fmt.Sprintf(`{"event_id":%d,"role":"guest","guests":[{"email":"%s-guest@example.org"}]}`, p.eventID, name)
	return p.Send(t, apptest.Request{Method: httpPost, Path: bulk, Token: token, Body: body,
		Header: map[string]string{"Idempotency-Key": name}})
}

func (p program) resetPassword(t *testing.T, code string) apptest.Response {
	t.Helper()
	return p.Send(t, apptest.Request{Method: httpPost, Path: "/api/v1/password-reset/confirm",
		Body: map[string]string{"code": code, "password": "a new one"}})
}

func (p program) answer(t *testing.T, code string) apptest.Response {
	t.Helper()
	return p.Send(t, apptest.Request{Method: httpPost, Path: "/api/v1/invitation",
		Body: map[string]string{"code": code, "status": "accepted"}})
}

var rotationCode = regexp.MustCompile(`(?:/invitation/|/verify-email/|/reset-password/)(\S+)`)

// give makes the program issue one of everything, and records it.
func (p program) give(t *testing.T, stage string) {
	t.Helper()
	name := strings.ReplaceAll(stage, " ", "-") + "-" + p.name
	g := given{name: name, key: p.keys[0], age: p.age, token: p.signIn(t)}
	var first struct {
		NextCursor string `json:"next_cursor"`
	}
	p.Send(t, apptest.Request{Method: httpGet, Path: list + "?limit=1", Token: g.token}).Decode(t, http.StatusOK, &first)
	g.cursor, g.answer = first.NextCursor, p.invite(t, g.token, name).Body
	p.Register(t, name+"@example.org")
	p.Send(t, apptest.Request{Method: httpPost, Path: "/api/v1/password-reset/request",
		Body: map[string]string{"email": name + "@example.org"}})
	for _, m := range p.Mails(t) {
		code := rotationCode.FindStringSubmatch(m.Content.Text)
		if code == nil {
			t.Fatalf("got no code in %s", m.Content.Text)
		}
		switch m.Kind {
		case "invitation":
			g.invitation = code[1]
		case "verify_email":
			g.verify = code[1]
		case "password_reset":
			g.reset = code[1]
		}
	}
	p.given = append(p.given, g)
}

// check presents everything that was issued to the program. Codes and repeated requests must work until they expire,
// tokens and cursors only if the program has the key that signed them.
func (p program) check(t *testing.T, stage string) {
	t.Helper()
	token := p.signIn(t)
	for i, g := range p.given {
		knows, fresh := slices.Contains(p.keys, g.key), g.age == p.age
		status := func(what string, got apptest.Response, good bool, bad int) {
			t.Helper()
			if good == (got.Status >= 300) || !good && got.Status != bad {
				want := "less than 300"
				if !good {
					want = fmt.Sprint(bad)
				}
				t.Errorf("%s: %s of %s on %s: got %d %s, want %s", stage, what, g.name, p.name, got.Status, got.Body, want)
			}
		}
		status("the token", read(t, p.App, g.token), knows && fresh, http.StatusUnauthorized)
		status("the cursor", p.page(t, token, g.cursor), knows, http.StatusBadRequest)
		status("the invitation", p.answer(t, g.invitation), true, 0)
		if got := p.invite(t, token, g.name); got.Body != g.answer {
			t.Errorf("%s: the bulk of %s on %s: got %s, want %s", stage, g.name, p.name, got.Body, g.answer)
		}
		if !fresh {
			continue
		}
		verify := apptest.Request{Method: httpGet, Path: "/api/v1/verify-email?token=" + g.verify,
			Header: map[string]string{"Accept": "application/json"}}
		status("the code for an address", p.Send(t, verify), true, 0)
		if g.reset != "" && !strings.HasSuffix(g.name, p.name) { // by another program than the one that issued it
			status("the code for a password", p.resetPassword(t, g.reset), true, 0)
			p.given[i].reset = ""
		}
	}
}

// TestRotation replaces the key of two programs on one database as README describes, from beginning to end. It checks
// that what either has issued before, meanwhile or after works at both until the previous key is unset, and that
// invitations work even then.
func TestRotation(t *testing.T) {
	t.Parallel()
	r := &rotation{address: dbtest.URL(t)}
	a, b := r.start(t, "a", oldKey), r.start(t, "b", oldKey)
	a.RegisterAdmin(t, rotationAdmin)
	a.Register(t, "another@example.org") // so that the list has a second page
	r.eventID = a.CreateEvent(t, "gala").ID
	a.Mails(t)
	stage := func(name string, everything bool) {
		t.Helper()
		for _, p := range []program{a, b} {
			p.give(t, name)
		}
		for _, p := range []program{b, a} {
			p.check(t, name)
			for _, g := range r.given {
				if everything && !slices.Contains(p.keys, g.key) {
					t.Errorf("%s: %s does not know the key of %s", name, p.name, g.name)
				}
			}
		}
	}
	stage("before", true)
	a = r.start(t, "a", oldKey, nextKey)
	stage("one has the next key", true)
	b = r.start(t, "b", oldKey, nextKey)
	stage("both have the next key", true)
	a = r.start(t, "a", nextKey, oldKey)
	stage("one signs with it", true)
	b = r.start(t, "b", nextKey, oldKey)
	stage("both sign with it", true)
	r.age += a.Config.TokenLifetime
	a, b = r.start(t, "a", nextKey, oldKey), r.start(t, "b", nextKey, oldKey)
	stage("the last token has expired", true)
	a = r.start(t, "a", nextKey)
	stage("one has no previous key", false)
	b = r.start(t, "b", nextKey)
	stage("the end", false)

	// The key leaks, and both get another immediately.
	a, b = r.start(t, "a", leakedToo), r.start(t, "b", leakedToo)
	a.check(t, "after a leak")
	stage("and on", false)
}
