package invitedguest_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/app/invitedguest"
)

func TestWordingRefusals(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	valid := map[string]any{"event_id": a.event.ID, "kind": "invitation", "language": "en", "subject": "x", "body": "y"}
	for name, test := range map[string]struct {
		field string
		value any
		want  string
	}{
		"kind":           {"kind", "invitation_withdrawn", "must be one of invitation, reminder, change, cancellation"},
		"language":       {"language", "de", "must be one of en, fr, pt, ar"},
		"region":         {"language", "fr-CA", "must be one of en, fr, pt, ar"},
		"no subject":     {"subject", " ", "is required"},
		"no body":        {"body", "\r\n", "is required"},
		"long subject":   {"subject", strings.Repeat("é", 201), "must have at most 200 characters"},
		"long body":      {"body", strings.Repeat("é", 10_001), "must have at most 10000 characters"},
		"line break":     {"subject", "x\r\nBcc: eve@example.org", "must have no control characters or line breaks"},
		"line separator": {"subject", "x\u2028y", "must have no control characters or line breaks"},
		"tab":            {"subject", "x\ty", "must have no control characters or line breaks"},
		"escape":         {"body", "x\x1b[2J", "must have no control characters except line breaks"},
		"direction":      {"body", "x\u202ey", "must have no control characters except line breaks"},
		"unknown": {"body", "{{password}}", "has {{password}}, which is not a placeholder of this mail; use one of " +
			"{{name}}, {{first_name}}, {{event}}, {{when}}, {{description}}, {{url}}, {{answer_until}}, {{link}}"},
		"of another kind": {"body", "{{note}}",
			"has {{note}}, which is not a placeholder of this mail; use one of {{name}}, " +
				"{{first_name}}, {{event}}, {{when}}, {{description}}, {{url}}, {{answer_until}}, {{link}}"},
		"a template": {"body", "{{.Password}}", "has {{.Password}}, which is not a placeholder of this mail; use one of " +
			"{{name}}, {{first_name}}, {{event}}, {{when}}, {{description}}, {{url}}, {{answer_until}}, {{link}}"},
		"unclosed": {"body", "Dear {{name", "has {{ without }} on the same line: {{name"},
		"unopened": {"subject", "Dear name}}", "has }} without {{ before it on the line"},
		"link in subject": {"subject", "x {{link}}",
			"has {{link}}, which cannot be used in a subject; use one of {{name}}, {{first_name}}, {{event}}, {{when}}, " +
				"{{answer_until}}"},
	} {
		request := maps.Clone(valid)
		request[test.field] = test.value
		for method, path := range map[string]string{http.MethodPut: wordingPath, http.MethodPost: wordingPath + "/preview"} {
			got := a.call(t, method, path, request).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
			if got.Errors[test.field] != test.want {
				t.Errorf("%s: %s %s: got %q, want %q", name, method, path, got.Errors[test.field], test.want)
			}
		}
	}
	a.call(t, http.MethodPut, wordingPath,
		`{"event_id":1,"kind":"invitation","language":"en","subject":"x\u0000","body":"y"}`).
		Error(t, http.StatusBadRequest, "INVALID_TEXT")
	if rows := a.count(t, &invitedguest.Wording{}); rows != 0 {
		t.Errorf("%d wordings are stored, want none", rows)
	}
	longest := map[string]any{"event_id": a.event.ID, "kind": "invitation", "language": "en",
		"subject": strings.Repeat("é", 200), "body": strings.Repeat("é", 10_000)}
	a.call(t, http.MethodPut, wordingPath, longest).Decode(t, http.StatusOK, &struct{}{})
	longest["event_id"] = a.event.ID + 1
	a.call(t, http.MethodPut, wordingPath, longest).Error(t, http.StatusNotFound, "EVENT_NOT_FOUND")
}

// TestWordingAttacks checks that names, descriptions and wordings stay plain text in a mail: they are not read as
// markup, links or placeholders.
func TestWordingAttacks(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.changeEvent(t, map[string]any{
		"name":        map[string]string{"en": `{{name}} <img src=x onerror=alert(1)> [[x]](https://evil.example)`},
		"description": map[string]string{"en": "{{link}}\n\n[[x]]({{.Link}})\n<script>"},
	})
	a.word(t, "invitation", "en", "=?utf-8?q?=0D=0ABcc: eve@example.org?= {{first_name}}: {{event}}",
		"<script>alert(1)</script> "+
			"{{first_name}}\n{{event}}\n\n{{description}}\n\n[x](https://evil.example)\n\n{\"{{first_name}}\"}")
	a.call(t, http.MethodPost, "/api/v1/invitedGuest/create", map[string]any{
		"event_id": a.event.ID, "email": "ann@example.org", "firstname": "{{link}}", "lastname": "{{event}}", "role": "guest",
	}).Decode(t, http.StatusCreated, &struct{}{})
	m := a.Mails(t)[0]
	const start = "<script>alert(1)</script> {{link}}\n{{name}} <img src=x onerror=alert(1)> " +
		"[[x]](https://evil.example)\n\n" +
		"{{link}}\n\n[[x]]({{.Link}})\n<script>\n\n[x](https://evil.example)\n\n{\"{{link}}\"}\n\n" +
		"Say whether you will come\nhttps://guestlist.example.org/invitation/"
	if !strings.HasPrefix(m.Content.Text, start) || strings.Count(m.Content.Text, "/invitation/") != 1 {
		t.Errorf("got %q, want the prefix %q, and one link", m.Content.Text, start)
	}
	for _, bad := range []string{"<script", "<img", `href="https://evil`, "\r"} {
		if strings.Contains(m.Content.HTML, bad) {
			t.Errorf("the HTML has %q: %s", bad, m.Content.HTML)
		}
	}
	if want := "=?utf-8?q?=0D=0ABcc: eve@example.org?= {{link}}: {{name}} <img src=x onerror=alert(1)> " +
		"[[x]](https://evil.example)"; m.Content.Subject != want {
		t.Errorf("got %q, want %q", m.Content.Subject, want) // encoded words are broken up when the mail is written
	}
}

// TestWordingQueries checks that the number of statements of a bulk does not depend on its size, and that each mail
// reads its wording with one statement.
func TestWordingQueries(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.word(t, "invitation", "en", "own", "x")
	var queries, ofWordings int
	count := func(tx *gorm.DB) {
		queries++
		if strings.Contains(tx.Statement.SQL.String(), "invited_guest_wordings") {
			ofWordings++
		}
	}
	for _, err := range []error{
		a.DB.Callback().Query().After("gorm:query").Register("count", count),
		a.DB.Callback().Row().After("gorm:row").Register("count", count),
		a.DB.Callback().Raw().After("gorm:raw").Register("count", count),
		a.DB.Callback().Create().After("gorm:create").Register("count", count),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var needed []int
	for round, guests := range []int{2, 40} {
		people := make([]map[string]any, guests)
		for i := range people {
			people[i] = map[string]any{"email": fmt.Sprintf("g%d.%d@example.org", round, i)}
		}
		queries, ofWordings = 0, 0
		a.call(t, http.MethodPost, "/api/v1/invitedGuest/bulk", map[string]any{"event_id": a.event.ID, "role": "guest",
			"guests": people}).
			Decode(t, http.StatusOK, &struct{}{})
		if needed = append(needed, queries); ofWordings != 0 {
			t.Errorf("a bulk reads wordings %d times, want never", ofWordings)
		}
		sent := a.Mails(t)
		if len(sent) != guests || sent[0].Content.Subject != "own" {
			t.Errorf("sent %s, want %d mails with the subject own", subjects(sent), guests)
		}
		if ofWordings != guests {
			t.Errorf("the mails read wordings %d times, want %d", ofWordings, guests)
		}
	}
	if needed[0] != needed[1] || needed[0] == 0 {
		t.Errorf("bulks of 2 and of 40 guests need %v statements, want the same number, not 0", needed)
	}
}
