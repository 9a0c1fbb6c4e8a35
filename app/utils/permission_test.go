package utils_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"guestlist/app/utils"
)

// ofEvent is a request about an event.
type ofEvent struct {
	EventID int64  `json:"event_id"`
	Note    string `json:"note"`
}

func (*ofEvent) Validate() utils.FieldErrors { return nil }

func (r *ofEvent) Subject() int64 { return r.EventID }

// TestDecodePermitted decodes requests of a caller who is permitted only event 12. It checks for which events
// DecodePermitted asks for permission, and in which order; 0 means any event.
func TestDecodePermitted(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 2*utils.MaxPrefix)
	upTo := func(name string) string {
		return `{"note":"` + strings.Repeat("x", utils.MaxPrefix-len(`{"note":"`)-len(name)) + name
	}
	for name, test := range map[string]struct {
		mediaType, body string
		some            error // what Some returns
		asked           string
		want            error
	}{
		"named":                {jsonType, `{"event_id":12,"note":"n"}`, nil, "12", nil},
		"named last":           {jsonType, `{"note":"n","event_id":12}`, nil, "12", nil},
		"escaped":              {jsonType, `{"event\u005fid":12}`, nil, "12", nil},
		"in a form":            {formType, `note=n&event_id=12`, nil, "12", nil},
		"refused":              {jsonType, `{"event_id":13}`, nil, "13", utils.ErrForbidden},
		"refused, and no JSON": {jsonType, `{"event_id":13,`, nil, "13", utils.ErrForbidden},
		"refused in a form":    {formType, `event_id=13`, nil, "13", utils.ErrForbidden},
		"a nested one":         {jsonType, `{"x":{"event_id":13},"event_id":12}`, nil, "12", nil},
		"two":                  {jsonType, `{"event_id":12,"event_id":13}`, nil, "12", utils.ErrDuplicateKey},
		"two spellings":        {jsonType, `{"event_id":12,"Event_id":13}`, nil, "12", utils.ErrDuplicateKey},
		"two in a form":        {formType, `event_id=12&event_id=13`, nil, "12", utils.ErrDuplicateKey},
		"none":                 {jsonType, `{}`, nil, "", nil}, // Validate has to refuse it
		"none in a form":       {formType, `x`, nil, "", nil},
		"text":                 {jsonType, `{"event_id":"12"}`, nil, "", utils.ErrValidationFailed},
		"a fraction":           {jsonType, `{"event_id":12.5}`, nil, "", utils.ErrValidationFailed},
		"negative":             {jsonType, `{"event_id":-12}`, nil, "", nil},
		"a list":               {jsonType, `[{"event_id":12}]`, nil, "", utils.ErrInvalidJSON},
		"nothing":              {jsonType, ``, nil, "", utils.ErrInvalidJSON},
		"no JSON":              {jsonType, `{"event_id"`, nil, "", utils.ErrInvalidJSON},
		"no form":              {formType, `event_id=12&x=%zz`, nil, "", utils.ErrInvalidForm},
		"named, and long":      {jsonType, `{"event_id":12,"note":"` + long + `"}`, utils.ErrForbidden, "12", nil},
		"named late":           {jsonType, `{"note":"` + long + `","event_id":12}`, nil, "0 12", nil},
		"named late, refused":  {jsonType, `{"note":"` + long + `","event_id":13}`, nil, "0 13", utils.ErrForbidden},
		"named late by a stranger": {jsonType, `{"note":"` + long + `","event_id":12}`, utils.ErrForbidden, "0",
			utils.ErrForbidden},
		"cut in the number":    {jsonType, upTo(`","event_id":1`) + `2}`, nil, "0 12", nil},
		"cut after the number": {jsonType, upTo(`","event_id":12`) + `}`, nil, "0 12", nil},
		"cut after the comma":  {jsonType, upTo(`","event_id":12,`) + `"x":1}`, nil, "12", nil},
		"form, named late":     {formType, "note=" + long + "&event_id=12", nil, "0 12", nil},
		"form, cut in the number": {formType, "note=" + strings.Repeat("x", utils.MaxPrefix-len("note=&event_id=1")) +
			"&event_id=12", nil, "0 12", nil},
		"form, named, and long": {formType, "event_id=12&note=" + long, utils.ErrForbidden, "12", nil},
		"form by a stranger":    {formType, "note=" + long + "&event_id=12", utils.ErrForbidden, "0", utils.ErrForbidden},
		"of another type":       {"text/plain", `{"event_id":13}`, nil, "", utils.ErrUnsupportedMedia},
		"too large, and refused": {jsonType, `{"event_id":13,"note":"` + strings.Repeat("x", utils.MaxBody) + `"}`, nil,
			"13", utils.ErrForbidden},
		"too large": {jsonType, `{"event_id":12,"note":"` + strings.Repeat("x", utils.MaxBody) + `"}`, nil,
			"12", utils.ErrBodyTooLarge},
		"the largest, and no event": {jsonType, `{"note":"` + strings.Repeat("x", utils.MaxBody-11) + `"}`, nil, "0", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := gin.CreateTestContext(httptest.NewRecorder())
			c.Request = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(test.body))
			c.Request.Header.Set("Content-Type", test.mediaType)
			var asked []string
			var request ofEvent
			err := utils.DecodePermitted(c, &request, utils.Permission{
				Member: "event_id",
				For: func(id int64) error {
					asked = append(asked, fmt.Sprint(id))
					if id != 12 {
						return utils.ErrForbidden
					}
					return nil
				},
				Some: func() error {
					asked = append(asked, "0")
					return test.some
				},
			})
			if got := strings.Join(asked, " "); got != test.asked || !errors.Is(err, test.want) {
				t.Errorf("asked for %q, want %q; got %v, want %v", got, test.asked, err, test.want)
			}
		})
	}
}

// TestDecodePermittedByQuery checks requests with the event in the query, the body or both. The caller is permitted
// only event 12.
func TestDecodePermittedByQuery(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		query, mediaType, body string
		asked                  string
		want                   error
		event                  int64
	}{
		"in the query":      {"event_id=12", jsonType, `{"note":"n"}`, "12", nil, 12},
		"in both":           {"event_id=12", jsonType, `{"event_id":12,"note":"n"}`, "12", nil, 12},
		"null in the body":  {"event_id=12", jsonType, `{"event_id":null,"note":"n"}`, "12", nil, 12},
		"all in the query":  {"event_id=12&note=n", "", ``, "12", nil, 12},
		"beside a form":     {"event_id=12", formType, `note=n`, "12", nil, 12},
		"in both, form":     {"event_id=12", formType, `note=n&event_id=12`, "12", nil, 12},
		"beside the body's": {"note=n", jsonType, `{"event_id":12}`, "12", nil, 12},
		"two": {"event_id=12", jsonType, `{"event_id":13,"note":"n"}`, "12",
			utils.ErrValidationFailed, 13},
		"two, form":                  {"event_id=12", formType, `event_id=13`, "12", utils.ErrValidationFailed, 13},
		"refused by the query":       {"event_id=13", jsonType, `{"event_id":12}`, "13", utils.ErrForbidden, 13},
		"refused, of another type":   {"event_id=13", "text/plain", `x`, "13", utils.ErrForbidden, 13},
		"of another type":            {"event_id=12", "text/plain", `x`, "12", utils.ErrUnsupportedMedia, 12},
		"of no type":                 {"event_id=12", "", `{}`, "12", utils.ErrUnsupportedMedia, 12},
		"no number":                  {"event_id=x", jsonType, `{"event_id":12}`, "", utils.ErrValidationFailed, 0},
		"twice in the query":         {"event_id=12&event_id=12", jsonType, `{}`, "", utils.ErrValidationFailed, 0},
		"in two spellings":           {"Event_id=12", jsonType, `{}`, "", utils.ErrValidationFailed, 0},
		"in two spellings, body":     {"event_id=12", jsonType, `{"Event_id":12}`, "12", utils.ErrDuplicateKey, 12},
		"U+0000":                     {"event_id=12&note=%00", jsonType, `{}`, "", utils.ErrValidationFailed, 0},
		"nothing known in the query": {"other=12", "", ``, "", utils.ErrUnsupportedMedia, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := gin.CreateTestContext(httptest.NewRecorder())
			c.Request = httptest.NewRequest(http.MethodPost, "/?"+test.query, strings.NewReader(test.body))
			c.Request.Header.Set("Content-Type", test.mediaType)
			var asked []string
			var request ofEvent
			err := utils.DecodePermitted(c, &request, utils.Permission{
				Member: "event_id",
				For: func(id int64) error {
					asked = append(asked, fmt.Sprint(id))
					if id != 12 {
						return utils.ErrForbidden
					}
					return nil
				},
				Some: func() error { return nil },
			})
			if got := strings.Join(asked, " "); got != test.asked || !errors.Is(err, test.want) ||
				request.EventID != test.event {
				t.Errorf("asked for %q, want %q; got %v, want %v; event %d, want %d", got, test.asked, err, test.want,
					request.EventID, test.event)
			}
			if err == nil && request.Note == "" && strings.Contains(test.query+test.body, "note") {
				t.Error("got no note, want the one in the request")
			}
		})
	}
}
