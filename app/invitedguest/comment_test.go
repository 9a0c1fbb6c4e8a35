package invitedguest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guestlist/app/apptest"
)

// TestComment checks that organisers read the last comment that a guest sent, by the API or on the page.
func TestComment(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	guest := a.invite(t, "zoe")
	code := code(t, a.Mails(t)[0])
	answer := func(comment any) apptest.Response {
		return a.Send(t, apptest.Request{
			Method: http.MethodPost, Path: "/api/v1/invitation", Body: map[string]any{"code": code, "status": "accepted",
				"comment": comment},
		})
	}
	long := strings.Repeat("é", 1000)
	for _, test := range []struct{ say, want string }{
		{"I arrive late.", "I arrive late."},
		{" \r\n<b>Two</b>\r\nlines\rthree\t", "<b>Two</b>\nlines\nthree"},
		{long, long},
		{"", ""},
		{"Again", "Again"},
	} {
		var got map[string]any
		answer(test.say).Decode(t, http.StatusOK, &got)
		if stored := a.read(t, guest)["comment"]; got["comment"] != test.want || stored != test.want {
			t.Errorf("%.20q: got %.20q, stored %.20q, want %.20q", test.say, got["comment"], stored, test.want)
		}
	}
	for _, wrong := range []any{long + "é", "\x07", "\u202eevil", 1} {
		answer(wrong).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	}
	a.answer(t, code, "declined").Decode(t, http.StatusOK, &map[string]any{})
	if got := a.read(t, guest)["comment"]; got != "Again" {
		t.Errorf("after an answer without a comment, the comment is %q, want Again", got)
	}

	form := url.Values{"status": {"accepted"}, "comment": {"<i>Two</i>\r\nlines"}}
	if got := a.page(t, code, form.Encode()); got.Status != http.StatusSeeOther {
		t.Errorf("got %d %s, want 303", got.Status, got.Body)
	}
	page := a.page(t, code, "").Body
	for _, want := range []string{">&lt;i&gt;Two&lt;/i&gt;\nlines</blockquote>",
		">\n&lt;i&gt;Two&lt;/i&gt;\nlines</textarea>", "<details>", `href="` + code + `/event.ics"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s: %s", want, page)
		}
	}
	if got := a.page(t, code, "status=accepted&comment="+long+"1"); got.Status != http.StatusBadRequest {
		t.Errorf("got %d %s, want 400", got.Status, got.Body)
	}
	list := a.call(t, http.MethodGet, pathOf("invitedGuestList", "event_id", a.event.ID, "format", "csv"), nil)
	if want := ",\"<i>Two</i>\nlines\",sent\n"; !strings.Contains(list.Body, want) {
		t.Errorf("the table lacks %q:\n%s", want, list.Body)
	}
	if strings.Contains(a.Log.String(), "Two") {
		t.Error("the log has the comment")
	}
}
