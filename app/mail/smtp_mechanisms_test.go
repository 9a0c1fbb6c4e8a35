package mail_test

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"

	"guestlist/app/mail"
)

// TestSMTPMechanismWithoutTLS checks that a mechanism that does not show the password is tried first if the connection
// is not encrypted.
func TestSMTPMechanismWithoutTLS(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	asked := make(chan string, 1)
	go refuseSignIn(listener, "PLAIN LOGIN CRAM-MD5", asked)
	transport, err := mail.NewSMTP("smtp://ann:secret@" + listener.Addr().String() + "?tls=off")
	if err != nil {
		t.Fatal(err)
	}
	if err := transport.Send(t.Context(), envelope("ann@example.org")); err == nil {
		t.Error("got no error, want the credentials to be refused")
	}
	if got := <-asked; got != "AUTH CRAM-MD5" {
		t.Errorf("got %q, want AUTH CRAM-MD5", got)
	}
}

// refuseSignIn serves one connection: it offers the mechanisms, refuses the first that is tried, and sends it to asked.
func refuseSignIn(listener net.Listener, mechanisms string, asked chan<- string) {
	defer close(asked)
	conn, err := listener.Accept()
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = fmt.Fprint(conn, "220 localhost\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		switch line := lines.Text(); {
		case strings.HasPrefix(line, "EHLO"):
			_, _ = fmt.Fprintf(conn, "250-localhost\r\n250 AUTH %s\r\n", mechanisms)
		case strings.HasPrefix(line, "AUTH"):
			asked <- line
			_, _ = fmt.Fprint(conn, "535 no\r\n")
			return
		default:
			_, _ = fmt.Fprint(conn, "250 OK\r\n")
		}
	}
}
