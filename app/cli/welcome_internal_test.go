package cli

import (
	"testing"

	"guestlist/app"
)

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

func TestDocumentation(t *testing.T) {
	t.Parallel()
	for want, on := range map[string]bool{"http://localhost:5000/docs": true, "go run . openapi": false} {
		r := &runtime{config: app.Config{PublicURL: "http://localhost:5000", APIDocs: on}}
		if got := r.documentation("go run ."); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
