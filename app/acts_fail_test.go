package app_test

import (
	"net/http"
	"testing"

	"guestlist/app/apptest"
)

// TestActsFailWhole makes one statement after another of every act fail. The client must get a server error, and the
// database must contain what it contained before, so that the act can be tried again, which the last attempt does.
func TestActsFailWhole(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	tokens := map[string]string{"root": a.RegisterAdmin(t, "root@example.org").Token}
	for _, name := range []string{"ann", "bob", "zed"} {
		tokens[name] = a.Register(t, name+"@example.org").Token
	}
	failing := apptest.NewFailing(t, a)
	for _, act := range acts {
		var response apptest.Response
		failing.Each(t, act.call, func() bool {
			response = a.Send(t, act.request(tokens))
			return response.Status >= http.StatusInternalServerError
		})
		act.check(t, response)
	}
}
