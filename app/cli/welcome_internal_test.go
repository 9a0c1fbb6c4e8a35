package cli

import "testing"

func TestInvocation(t *testing.T) {
	t.Parallel()
	for executable, want := range map[string]string{
		"/tmp/go-build1234/b001/exe/guestlist": "go run .",
		"/usr/local/bin/guestlist":             "guestlist",
	} {
		if got := (&Program{Name: "guestlist"}).invocation(executable); got != want {
			t.Errorf("%s: got %s, want %s", executable, got, want)
		}
	}
}
