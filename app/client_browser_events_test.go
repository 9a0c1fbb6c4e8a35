package app_test

import (
	"strings"
	"testing"
)

// expectGala looks for the event in the response to a page that lists events.
func expectGala(t *testing.T, path, got string) {
	t.Helper()
	if strings.HasPrefix(path, "/api/v1/events?") && strings.HasPrefix(got, "200") && !strings.Contains(got, "Le gala") {
		t.Errorf("the list of events: %s", got)
	}
}
