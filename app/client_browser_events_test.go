package app_test

import (
	"strings"
	"testing"
)

// expectGala checks that a response that lists events for a page contains the gala.
func expectGala(t *testing.T, path, got string) {
	t.Helper()
	if strings.HasPrefix(path, "/api/v1/events?") && strings.HasPrefix(got, "200") && !strings.Contains(got, "Le gala") {
		t.Errorf("the list of events lacks the gala: %s", got)
	}
}
