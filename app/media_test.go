package app_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/app/apptest"
)

// TestUnsupportedMediaType checks that the error names the media types that the call accepts.
func TestUnsupportedMediaType(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	a.CreateEvent(t, "gala") // events
	admin := a.RegisterAdmin(t, "root@example.org")
	for path, want := range map[string]string{
		"/api/v1/authenticate": "application/json, application/x-www-form-urlencoded",
		// invitedguest
		"/api/v1/invitedGuest/bulk?event_id=1&role=guest": "application/json, text/csv, " +
			"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	} {
		for header, value := range map[string]string{"Content-Type": "text/plain", "Content-Encoding": "gzip"} {
			response := a.Send(t, apptest.Request{
				Method: http.MethodPost, Path: path, Token: admin.Token, Body: `{}`, Header: map[string]string{header: value},
			})
			got := response.Error(t, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE")
			message := "The request body must be " + strings.ReplaceAll(want, ", ", " or ") + ", in UTF-8 and not compressed."
			if accept := response.Header.Get("Accept"); got.Message != message || accept != want {
				t.Errorf("%s: got %q, Accept: %q; want %q, Accept: %q", path, got.Message, accept, message, want)
			}
		}
	}
}
