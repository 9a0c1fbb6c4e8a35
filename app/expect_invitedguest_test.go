package app_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/events"
)

// TestBodiesAreNotAskedFor checks that a client that waits before it sends the body, as curl does with large ones, is
// refused immediately. Only a permitted client is asked for the body.
func TestBodiesAreNotAskedFor(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	one := a.CreateEvent(t, "one")
	stranger := a.Register(t, "stranger@example.org")
	admin := a.RegisterWithRole(t, "admin@example.org", one.ID, events.Administrator)
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	for name, test := range map[string]struct {
		path, token string
		size        int
		want        string
	}{
		"nobody":     {bulk + "?event_id=1", "", 1 << 20, "HTTP/1.1 401"},
		"a stranger": {bulk + "?event_id=1", stranger.Token, 1 << 20, "HTTP/1.1 403"},
		"no event":   {bulk + "?event_id=99", stranger.Token, 1 << 20, "HTTP/1.1 404"},
		"too large":  {bulk + "?event_id=1", admin.Token, 50 << 20, "HTTP/1.1 413"},
		"permitted":  {bulk + "?event_id=1", admin.Token, 1 << 20, "HTTP/1.1 100"},
		"no admin":   {"/api/v1/event", admin.Token, 1 << 10, "HTTP/1.1 403"},
		"no guest":   {"/invitation/wrong", "", 1 << 10, "HTTP/1.1 404"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connection, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer connection.Close()
			fmt.Fprintf(connection,
				"POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: "+
					"%d\r\nExpect: 100-continue\r\n\r\n",
				test.path, test.token, test.size)
			line, err := bufio.NewReader(connection).ReadString('\n')
			if err != nil || !strings.HasPrefix(line, test.want) {
				t.Errorf("got %q, %v, want %s", line, err, test.want)
			}
		})
	}
}
