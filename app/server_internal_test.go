package app

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/app/database/dbtest"
)

// TestServerLimits checks the timeouts and limits of a server. (TestSlowClients sets shorter timeouts, so as not to
// wait as long.)
func TestServerLimits(t *testing.T) {
	t.Parallel()
	a := New(Config{RequestTimeout: time.Minute}, nil)
	server := a.newServer()
	for name, limit := range map[string]time.Duration{
		"ReadHeaderTimeout": server.ReadHeaderTimeout, "ReadTimeout": server.ReadTimeout, "IdleTimeout": server.IdleTimeout,
	} {
		if most := 2 * time.Minute; limit <= 0 || limit > most {
			t.Errorf("%s is %v, want more than 0 and up to %v", name, limit, most)
		}
	}
	if want := 16 << 10; server.MaxHeaderBytes != want {
		t.Errorf("MaxHeaderBytes is %d, want %d", server.MaxHeaderBytes, want)
	}
	if server.WriteTimeout <= server.ReadTimeout+a.Config.RequestTimeout {
		t.Errorf("WriteTimeout is %v, want more than the %v that a request may take", server.WriteTimeout,
			server.ReadTimeout+a.Config.RequestTimeout)
	}
}

// TestSlowClients checks that the server closes the connections of clients that do not finish a request, and of idle
// clients.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	a := New(Config{RequestTimeout: time.Minute}, dbtest.New(t))
	server := a.newServer()
	server.ReadHeaderTimeout, server.ReadTimeout, server.IdleTimeout = 50*time.Millisecond, 100*time.Millisecond,
		50*time.Millisecond
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	for name, test := range map[string]struct{ sent, want string }{
		"nothing":     {"", ""},
		"half a line": {"POST /api/v1/auth", "400 Bad Request"},
		"headers":     {"POST /api/v1/authenticate HTTP/1.1\r\nHost: x\r\nX-Slow: ", ""},
		"a body": {"POST /api/v1/authenticate HTTP/1.1\r\nHost: x\r\nContent-Type: " +
			"application/json\r\nContent-Length: 100\r\n\r\n{", "REQUEST_TIMEOUT"},
		"a body in parts": {"POST /api/v1/authenticate HTTP/1.1\r\nHost: x\r\nContent-Type: " +
			"application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", "REQUEST_TIMEOUT"},
		"an idle client": {"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", `{"status":"ok"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			fmt.Fprint(conn, test.sent)
			all, err := io.ReadAll(bufio.NewReader(conn)) // until the server closes the connection
			if err != nil || test.want == "" && len(all) > 0 || !strings.Contains(string(all), test.want) {
				t.Errorf("got %q, %v; want %q, or nothing if that is empty, no error", all, err, test.want)
			}
			if begin := fmt.Sprintf("HTTP/1.1 %d ", http.StatusRequestTimeout); test.want == "REQUEST_TIMEOUT" &&
				!strings.HasPrefix(string(all), begin) {
				t.Errorf("got %q, want it to begin with %q", all, begin)
			}
		})
	}
}
