package invitedguest_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/database/dbtest"
	"guestlist/app/users"
)

// TestInvitationsSurviveKill kills a server again and again while it handles invitations. Each time it checks that
// every invitation is stored completely or not at all: the guest, the account, the tags, the mail, the audit events,
// and the response that is kept for a repeated request. Every invitation that the server confirmed must be stored, and
// the next server must continue as if nothing had happened.
func TestInvitationsSurviveKill(t *testing.T) {
	t.Parallel()
	r := newRush(t)
	for answers := int64(1); answers < 14; answers += 2 {
		server := apptest.StartServer(t, r.address)
		r.inspect(t)
		r.sendAgain(t, server)
		r.untilKilled(t, server, answers)
	}
	server := apptest.StartServer(t, r.address)
	r.inspect(t)
	r.sendAgain(t, server)
	for _, kind := range kinds {
		if s := r.next(kind); !s.send(t, server) {
			t.Error("the restarted server does not respond")
		}
	}
	server.Kill(t)
	r.inspect(t)
	r.deliver(t)
}

// rush sends invitations without pause, each for people whom no other request invites, and keeps the responses.
type rush struct {
	address string // of the database
	token   string
	eventID int64
	tagID   int64

	mutex sync.Mutex
	sent  []*sending
	again int // how many of sent were sent again
}

// sending is a request that was sent.
type sending struct {
	apptest.Request

	kind   string
	emails []string         // of the invited people
	answer apptest.Response // with the Status 0 if there was none
}

// The kinds of inviting requests, named by their paths.
const (
	inviteOne  = "/api/v1/invitedGuest"
	createOne  = "/api/v1/invitedGuest/create"
	inviteMany = "/api/v1/invitedGuest/bulk"
)

var kinds = []string{inviteOne, createOne, inviteMany}

// atATime is the number of people that a list invites.
const atATime = 2

// newRush prepares a database that only the server uses while it runs, except when the test inspects it.
func newRush(t *testing.T) *rush {
	t.Helper()
	address := dbtest.URL(t)
	a := prepare(t, apptest.On(t, address))
	registered := make([]users.User, 500)
	for i := range registered {
		registered[i] = users.User{Email: registeredEmail(i), PasswordHash: "none", PrimaryLanguage: "en"}
	}
	if err := a.DB.CreateInBatches(registered, 100).Error; err != nil {
		t.Fatal(err)
	}
	r := &rush{address: address, token: a.admin.Token, eventID: a.event.ID, tagID: a.storeTag(t, a.event.ID, "vip")}
	if err := database.Close(a.DB); err != nil {
		t.Fatal(err)
	}
	return r
}

func registeredEmail(i int) string { return fmt.Sprintf("registered%d@example.org", i) }

// untilKilled sends requests of all kinds at the same time. After the given number of responses it kills the server,
// which is then handling other requests.
func (r *rush) untilKilled(t *testing.T, server *apptest.Server, answers int64) {
	t.Helper()
	var answered atomic.Int64
	var group sync.WaitGroup
	for i := range 3 * len(kinds) {
		group.Go(func() {
			for !t.Failed() && r.next(kinds[i%len(kinds)]).send(t, server) {
				if answered.Add(1) == answers {
					server.Kill(t)
				}
			}
		})
	}
	group.Wait()
}

// next returns a new request for people whom no other request invites.
func (r *rush) next(kind string) *sending {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	n := len(r.sent)
	s := &sending{kind: kind, Request: apptest.Request{Method: http.MethodPost, Path: kind, Token: r.token,
		Header: map[string]string{}}}
	switch kind {
	case inviteOne:
		s.emails = []string{registeredEmail(n)}
	case createOne:
		s.emails = []string{fmt.Sprintf("created%d@example.org", n)}
	case inviteMany:
		for i := range atATime {
			s.emails = append(s.emails, fmt.Sprintf("listed%d-%d@example.org", n, i))
		}
	}
	switch {
	case kind != inviteMany:
		s.Body = map[string]any{"event_id": r.eventID, "email": s.emails[0], "role": "one", "tag_ids": []int64{r.tagID}}
	case n%2 == 0:
		var guests []any
		for _, email := range s.emails {
			guests = append(guests, map[string]any{"email": email, "tag_ids": []int64{r.tagID}})
		}
		s.Body = map[string]any{"event_id": r.eventID, "role": "many", "guests": guests}
	default:
		s.Path += fmt.Sprint("?role=many&event_id=", r.eventID)
		s.Body = "tag_ids,email\n" + fmt.Sprint(r.tagID, ",") + strings.Join(s.emails, fmt.Sprintf("\n%d,", r.tagID))
		s.Header["Content-Type"] = "text/csv"
	}
	if kind == inviteMany {
		s.Header["Idempotency-Key"] = fmt.Sprint(n)
	}
	r.sent = append(r.sent, s)
	return s
}

// send sends a request for the first time and reports whether there was a response, which must be a success.
func (s *sending) send(t *testing.T, server *apptest.Server) bool {
	t.Helper()
	answer, err := server.Send(t, s.Request)
	if err != nil {
		return false
	}
	s.answer = answer
	return s.guests(t) != nil
}

// guests returns the IDs of the new guests by address, as the response names them.
func (s *sending) guests(t *testing.T) map[string]int64 {
	t.Helper()
	ids := map[string]int64{}
	if s.kind == inviteMany {
		var report bulkReport
		s.answer.Decode(t, http.StatusOK, &report)
		for _, o := range report.Results {
			ids[o.Email] = o.GuestID
		}
		return ids
	}
	var guest invitedAnswer
	s.answer.Decode(t, http.StatusCreated, &guest)
	ids[s.emails[0]] = guest.GuestID
	return ids
}

// sendAgain sends the requests since its last call again, to another server. A list must get the same response as
// before, or a first one if there was none. A single invitation must be refused because the guest exists; without an
// earlier response, it may also succeed.
func (r *rush) sendAgain(t *testing.T, server *apptest.Server) {
	t.Helper()
	for _, s := range r.sent[r.again:] {
		before := s.answer
		answer, err := server.Send(t, s.Request)
		if err != nil {
			t.Fatal(err)
		}
		switch there := answer.Status == http.StatusConflict; {
		case there && s.kind == inviteOne:
			answer.Error(t, http.StatusConflict, "INVITED_GUEST_EXISTS")
		case there && s.kind == createOne:
			answer.Error(t, http.StatusConflict, "EMAIL_IN_USE")
		case before.Status == 0:
			s.answer = answer
		case answer.Status != before.Status || answer.Body != before.Body || s.kind != inviteMany:
			t.Errorf("%s: got %d %s, want a list's earlier response, %d %s, or that the guest exists", s.Path, answer.Status,
				answer.Body, before.Status, before.Body)
		}
	}
	r.again = len(r.sent)
}
