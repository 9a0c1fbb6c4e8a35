package terminal_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"guestlist/app/terminal"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// TestReadPasswordOnTerminal types at the prompts, on a pseudo-terminal.
func TestReadPasswordOnTerminal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		typed [2]string
		want  string
	}{
		"the same twice": {[2]string{"canary 123", "canary 123"}, "canary 123"},
		"two different":  {[2]string{"canary 123", "canary 124"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keyboard, tty, err := pty.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer keyboard.Close()
			defer tty.Close()
			fd := int(tty.Fd())
			type result struct {
				password string
				err      error
			}
			results := make(chan result, 1)
			go func() {
				password, err := terminal.ReadPassword(t.Context(), tty, tty)
				results <- result{password, err}
			}()
			var shown bytes.Buffer
			screen := bufio.NewReader(io.TeeReader(keyboard, &shown))
			for _, password := range test.typed {
				_, _ = screen.ReadString(':') // the prompt
				for !echoOff(fd) {            // until the program reads without echo
				}
				_, _ = fmt.Fprintln(keyboard, password)
			}
			got := <-results
			if got.password != test.want || (got.err != nil) != (test.want == "") {
				t.Errorf("got %q, %v; want %q", got.password, got.err, test.want)
			}
			_, _ = fmt.Fprint(tty, "$")
			if _, err := screen.ReadString('$'); err != nil || strings.Contains(shown.String(), "canary") {
				t.Errorf("on the screen: got %s, %v; want no password, no error", shown.String(), err)
			}
		})
	}
}

func TestReadPasswordInterrupted(t *testing.T) {
	t.Parallel()
	keyboard, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer keyboard.Close()
	ctx, cancel := context.WithCancel(t.Context())
	failure := make(chan error, 1)
	go func() {
		_, err := terminal.ReadPassword(ctx, tty, tty)
		failure <- err
	}()
	_, _ = bufio.NewReader(keyboard).ReadString(':') // the prompt
	fd := int(tty.Fd())
	for !echoOff(fd) { // until the program reads without echo
	}
	cancel()
	if err := <-failure; err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("got %v, want an error with interrupted", err)
	}
	if echoOff(fd) {
		t.Error("the terminal does not show typed characters again")
	}
}

func echoOff(fd int) bool {
	state, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	return err != nil || state.Lflag&unix.ECHO == 0
}
