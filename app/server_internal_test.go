package app

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestServerLimits checks that the limits are reasonable; TestSlowClients checks that they hold.
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

// pipes is a listener with one connection, which net.Pipe made.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error {
	close(p.closed)
	return nil
}

func (pipes) Addr() net.Addr { return &net.TCPAddr{} }

// TestSlowClients begins requests and never goes on. The server closes the connection at the limit; the clock is the
// bubble's.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	const post = "POST /api/v1/authenticate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	for name, test := range map[string]struct {
		sent, status, body string
		after              time.Duration
	}{
		"nothing":     {"", "", "", headerTimeout},
		"half a line": {"POST /api/v1/auth", "HTTP/1.1 400 ", "400 Bad Request", headerTimeout},
		"headers":     {post + "X-Slow: ", "", "", headerTimeout},
		"a body":      {post + "Content-Length: 100\r\n\r\n{", "HTTP/1.1 408 ", "REQUEST_TIMEOUT", readTimeout},
		"a body in parts": {post + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", "HTTP/1.1 408 ", "REQUEST_TIMEOUT",
			readTimeout},
		"an idle client": {"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 ", `{"status":"ok"}`, idleTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := New(Config{RequestTimeout: time.Minute}, nil).newServer()
				client, conn := net.Pipe()
				listener := pipes{make(chan net.Conn, 1), make(chan struct{})}
				listener.conns <- conn
				go func() { _ = server.Serve(listener) }()
				defer func() { _ = server.Close() }()
				begin := time.Now()
				fmt.Fprint(client, test.sent)
				all, err := io.ReadAll(client) // until the server closes the connection
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(begin); took != test.after {
					t.Errorf("closed after %v, want %v", took, test.after)
				}
				if got := string(all); !strings.HasPrefix(got, test.status) || !strings.Contains(got, test.body) ||
					test.status == "" && got != "" {
					t.Errorf("got %q, want %q and %q", got, test.status, test.body)
				}
			})
		})
	}
}
