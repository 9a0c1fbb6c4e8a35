package cli_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/app/database/dbtest"
)

func TestDeleteLastAdministratorOfEvents(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	environ := []string{"DATABASE_URL=" + dbtest.URL(t), "DEBUG=1", "PORT=0"}
	if _, stderr, code := run(t, dir, environ, "", "db", "upgrade"); code != 0 {
		t.Fatalf("db upgrade: %d, %s; want %d", code, stderr, 0)
	}
	for _, email := range []string{"root@example.org", "ann@example.org"} {
		if _, stderr, code := run(t, dir, environ, "123456\n", "users", "create-admin", email); code != 0 {
			t.Fatalf("create-admin %s: %d, %s; want %d", email, code, stderr, 0)
		}
	}
	s := start(t, dir, environ)
	_, answer := s.call(t, http.MethodPost, "/api/v1/authenticate", "", ann)
	token, _ := answer["token"].(string)
	for _, key := range []string{"gala", "ball"} {
		event := `{"key":"` + key +
			`","name":{"en":"x"},"description":{"en":"x"},"start_date":"2100-01-30","end_date":"2100-01-31"}`
		if status, answer := s.call(t, http.MethodPost, "/api/v1/event", token, event); status != http.StatusCreated {
			t.Fatalf("create the event %s: %d %v; want %d", key, status, answer, http.StatusCreated)
		}
	}
	s.stop(t)
	_, stderr, code := run(t, dir, environ, "", "users", "delete", "ann@example.org")
	if code != 1 ||
		!strings.HasPrefix(stderr, "Error: ann@example.org is the last administrator of these events: gala, ball\n") {
		t.Errorf("%d, %s; want %d and %q", code, stderr, 1,
			"Error: ann@example.org is the last administrator of these events: gala, ball\n")
	}
}
