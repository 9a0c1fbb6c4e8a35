package terminal_test

import (
	"io"
	"strings"
	"testing"

	"guestlist/app/terminal"
)

func TestReadPasswordFromFile(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]string{"a b\n": "a b", "a\r\nb\n": "a", "a": "a", "": ""} {
		if got, err := terminal.ReadPassword(t.Context(), strings.NewReader(input), io.Discard); got != want || err != nil {
			t.Errorf("%q: got %q, %v; want %q, no error", input, got, err, want)
		}
	}
}
