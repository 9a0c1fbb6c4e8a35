package events_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"guestlist/app"
	"guestlist/app/audit"
	"guestlist/app/events"
)

// command runs a command with text as standard input.
func (a testApp) command(t *testing.T, text string, arguments ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, log bytes.Buffer
	root := &cobra.Command{Use: "events", SilenceUsage: true, SilenceErrors: true}
	root.AddCommand(events.Commands(events.Environment{
		Open: func(context.Context) (*events.Service, error) {
			return app.NewEvents(a.DB, app.Config{EventRoles: []string{"speaker"}, TimeZone: a.Config.TimeZone}), nil
		},
		Stdin: strings.NewReader(text), Stdout: &out, Stderr: &log,
	})...)
	root.SetArgs(arguments)
	err = root.ExecuteContext(t.Context())
	return out.String(), log.String(), err
}

// TestTransfer checks that events exported from one database can be imported into another.
func TestTransfer(t *testing.T) {
	t.Parallel()
	from, to := newTestApp(t), newTestApp(t)
	root := from.RegisterAdmin(t, "root@example.org")
	from.RegisterWithRole(t, "ann@example.org", from.CreateEvent(t, "gala").ID, "speaker")
	full := body(map[string]any{
		"email_from": "x@example.org", "url": "https://example.org", "event_type": "award", "time_zone": "Asia/Tokyo",
		"registration_open": "2026-01-01", "offer_close": "2026-02-01T10:00:00.123456Z",
	})
	if got := from.call(t, http.MethodPost, "event", root.Token, full); got.Status != http.StatusCreated {
		t.Fatalf("got %d %s, want 201", got.Status, got.Body)
	}
	file, _, err := from.command(t, "", "export")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(file, "organisation") {
		t.Errorf("the export names the organisation: %s", file)
	}
	file = strings.Replace(file, `{"id"`, `{"organisation_id":7,"id"`, 1) // as the API returns it elsewhere
	const problems = "event 1: roles are of addresses without an account: ann@example.org\n" +
		"event 2: roles are of addresses without an account: root@example.org\n"
	const invalid = "2 events are not valid"
	if _, stderr, err := to.command(t, file, "import", "-"); err == nil || stderr != problems || err.Error() != invalid {
		t.Errorf("without the accounts: got %q and %v, want %q and %s", stderr, err, problems, invalid)
	}
	for _, email := range []string{"other@example.org", "ann@example.org", "root@example.org"} {
		to.Register(t, email)
	}
	for _, step := range []struct{ arguments, want string }{
		{"import --dry-run -", "Would create 2 events; 0 exist already.\n"},
		{"import -", "Created 2 events; 0 existed already.\n"},
		{"import -", "Created 0 events; 2 existed already.\n"},
		{"import --dry-run -", "Would create 0 events; 2 exist already.\n"},
		{"export", strings.Replace(file, `"organisation_id":7,`, "", 1)},
	} {
		stdout, stderr, err := to.command(t, file, strings.Fields(step.arguments)...)
		// The dry run may have used up ids, which imports ignore.
		ids := strings.NewReplacer(`"id":3,`, `"id":1,`, `"id":4,`, `"id":2,`, `"id":5,`, `"id":1,`, `"id":6,`, `"id":2,`)
		if ids.Replace(stdout) != step.want || err != nil {
			t.Errorf("%s: got %q, %q and %v, want %q", step.arguments, stdout, stderr, err, step.want)
		}
	}
	var granted int64
	if err := to.DB.Model(&audit.Event{}).Where("kind = ?", audit.RoleGranted).Count(&granted).Error; err != nil ||
		granted != 2 {
		t.Errorf("recorded %d roles, %v; want 2", granted, err)
	}
	one, _, err := to.command(t, "", "export", "--event", "gala")
	if err != nil || strings.Count(one, `"key"`) != 1 || !strings.Contains(one, `"key":"gala"`) ||
		!strings.HasPrefix(one, "[\n{") || !strings.HasSuffix(one, "}\n]\n") {
		t.Errorf("got %q, %v; want a list of the event gala", one, err)
	}
}

func TestTransferRefuses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	const good = `"name":{"en":"x"},"description":{"en":"x"},"start_date":"2100-01-01","end_date":"2100-01-02"`
	for file, want := range map[string]string{
		`{"key":"gala"}`: "event 1: description is required: a text by language, such as {\"en\": \"…\"}; end_date " +
			"is required; " +
			"name is required: a text by language, such as {\"en\": \"…\"}; start_date is required\n",
		`{"key":"a b",` + good + `}`: "event 1: key must be at most 100 " +
			"letters, digits, dots, hyphens and underscores, and begin with a letter or a digit\n",
		`{"key":"gala","roles":[{"email":"x","role":"admin"}],` + good +
			`}`: "event 1: roles are wrong: email is not a valid email address\n",
		`{"key":"gala","roles":[{"email":"x@example.org","role":"x"}],` + good +
			`}`: "event 1: roles are wrong: role must be one of admin, treasurer, registration-admin, registration-volunteer, " +
			"reviewer, speaker\n",
		`{"key":"gala","roles":[{"role":"admin"}],` + good +
			`}`: "event 1: roles must each have an email\n",
		`{"key":"gala","roles":"x",` + good + `}`: "event 1: roles must be a list\n",
		`{"key":"gala","Key":"x",` + good + `}`: "event 1: event must be an object " +
			"without duplicate keys, invalid UTF-8 or U+0000\n",
		`[1]`: "event 1: event must be an object " +
			"without duplicate keys, invalid UTF-8 or U+0000\n",
	} {
		if _, stderr, err := a.command(t, file, "import", "-"); stderr != want || err == nil ||
			err.Error() != "1 event is not valid" {
			t.Errorf("%s: got %q and %v, want %q", file, stderr, err, want)
		}
	}
	twice := `{"key":"gala",` + good + `}`
	const created = "Would create 1 event; 1 exist already.\n"
	if stdout, _, err := a.command(t, twice+twice, "import", "--dry-run", "-"); stdout != created || err != nil {
		t.Errorf("got %q and %v, want %q", stdout, err, created)
	}
	for want, arguments := range map[string][]string{
		`--event: there is no event with the key "x"`: {"export", "--event", "x"},
		"after 0 events: - is not JSON":               {"import", "-"},
		"import needs one FILE":                       {"import"},
	} {
		if _, _, err := a.command(t, "[", arguments...); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if stdout, _, err := a.command(t, "", "export"); stdout != "[]\n" || err != nil {
		t.Errorf("got %q and %v, want an empty list", stdout, err)
	}
}
