package mail_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"

	"guestlist/app/mail"
)

// TestSMTPMechanisms checks which of the mechanisms that a server offers are tried: first one that does not show the
// password, unless the connection is encrypted, in which case the password itself works with every server.
func TestSMTPMechanisms(t *testing.T) {
	t.Parallel()
	config, pool := certificate(t)
	for name, test := range map[string]struct {
		url  string // HOST is replaced by the server's address
		want string
	}{
		"not encrypted": {"smtp://ann:s3cret%2B%2F%3F@HOST?tls=off", "CRAM-MD5"},
		"STARTTLS":      {"smtp://ann:s3cret%2B%2F%3F@HOST", "PLAIN"},
		"implicit TLS":  {"smtps://ann:s3cret%2B%2F%3F@HOST", "PLAIN"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serveSMTP(t, strings.HasPrefix(test.url, "smtps"), func(s *server) {
				s.TLSConfig, s.mechanisms = config, []string{"PLAIN", "CRAM-MD5"}
			})
			transport, err := mail.NewSMTP(strings.ReplaceAll(test.url, "HOST", s.host))
			if err != nil {
				t.Fatal(err)
			}
			transport.RootCAs = pool
			err = transport.Send(t.Context(), envelope("ann@example.org"))
			if refused := test.want != "PLAIN"; (err != nil) != refused { // the server knows no others
				t.Errorf("got %v, want an error: %t", err, refused)
			}
			s.mutex.Lock()
			defer s.mutex.Unlock()
			if want := []string{test.want}; !slices.Equal(s.tried, want) {
				t.Errorf("got the mechanisms %q, want %q", s.tried, want)
			}
		})
	}
}

// TestSMTPHangsUp checks the error if the server closes the connection instead of replying to a command, or to the end
// of the message: it is worth another attempt.
func TestSMTPHangsUp(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"MAIL", "RCPT", "DATA", "."} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			go hangUp(listener, command)
			transport, err := mail.NewSMTP("smtp://" + listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			err = transport.Send(t.Context(), envelope("ann@example.org"))
			const want = "the connection was lost"
			if err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, mail.ErrRefused) {
				t.Errorf("got %v, want an error with %q that is not %q", err, want, mail.ErrRefused)
			}
		})
	}
}

// hangUp serves one connection until the first line that begins with the command.
func hangUp(listener net.Listener, command string) {
	conn, err := listener.Accept()
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = fmt.Fprint(conn, "220 localhost\r\n")
	message := false
	for lines := bufio.NewScanner(conn); lines.Scan() && !strings.HasPrefix(lines.Text(), command); {
		switch {
		case message: // no replies
		case strings.HasPrefix(lines.Text(), "DATA"):
			message = true
			_, _ = fmt.Fprint(conn, "354 go on\r\n")
		default:
			_, _ = fmt.Fprint(conn, "250 OK\r\n")
		}
	}
}
