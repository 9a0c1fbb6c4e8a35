package invitedguest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/invitedguest"
	"guestlist/app/limits"
	"guestlist/app/mail"
)

// run runs a command with text as standard input. watched says whether a terminal is attached.
func (a testApp) run(t *testing.T, watched bool, text string, arguments ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, log bytes.Buffer
	root := &cobra.Command{Use: "guests", SilenceUsage: true, SilenceErrors: true}
	root.AddCommand(invitedguest.Commands(invitedguest.Environment{
		Open: func(context.Context) (*invitedguest.Service, error) {
			outbox := mail.NewOutbox()
			outbox.LimitGroups(a.Config.LimitInvitationMails)
			return invitedguest.NewService(a.DB, invitedguest.Options{Outbox: outbox}), nil
		},
		Stdin: strings.NewReader(text), Stdout: &out, Stderr: &log, Interactive: watched,
	})...)
	root.SetArgs(arguments)
	err = root.ExecuteContext(t.Context())
	return out.String(), log.String(), err
}

func TestImportAndExport(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	var table strings.Builder
	table.WriteString("email,firstname\nx,\n")
	for i := range 1500 {
		fmt.Fprintf(&table, "guest%d@example.org,=Ann\n", i)
	}
	table.WriteString("y,\nguest0@example.org,\n")
	file := filepath.Join(t.TempDir(), "guests.csv")
	if err := os.WriteFile(file, []byte(table.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	arguments := []string{"import", "--event", "gala", "--role", "guest", file}
	stdout, stderr, err := a.run(t, false, "", append(arguments, "--dry-run")...)
	if want := "Would create 1500 guests; 1 is invited already.\n"; stdout != want {
		t.Errorf("dry run: got %q, %q, %v; want %q", stdout, stderr, err, want)
	}
	if guests := a.count(t, &invitedguest.InvitedGuest{}); guests != 0 {
		t.Errorf("dry run: %d guests are stored, want none", guests)
	}
	stdout, stderr, err = a.run(t, true, "", arguments...)
	want, problem := "Created 1500 guests; 1 was invited already.\n", "2 rows are not valid"
	if stdout != want || err == nil || err.Error() != problem {
		t.Errorf("got %q, %v; want %q, %s", stdout, err, want, problem)
	}
	for _, want := range []string{
		"row 1: email is not a valid email address\n", "row 1502: email", "] 1000 rows", "##] 1503 rows",
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("standard error lacks %q: %q", want, stderr)
		}
	}
	if width := barWidth(stderr); width > 40 {
		t.Errorf("a progress bar takes %d columns, want at most 40: %q", width, stderr)
	}
	stdout, stderr, _ = a.run(t, false, table.String(), "import", "--event", "gala", "--role", "guest", "-")
	want = "Created 0 guests; 1501 were invited already.\n"
	if stdout != want || strings.Contains(stderr, "\x1b") {
		t.Errorf("got %q, %q; want %q, without control sequences", stdout, stderr, want)
	}
	var audited int64
	if err := a.DB.Model(&audit.Event{}).Where("kind = ?", audit.GuestsInvited).Count(&audited).Error; err != nil ||
		audited != 2 {
		t.Errorf("got %d audit events, %v; want 2", audited, err)
	}
	stdout, _, err = a.run(t, false, "", "export", "--event", "gala", "--json")
	var list []invitedguest.Guest
	if broken := json.Unmarshal([]byte(stdout), &list); err != nil || broken != nil || len(list) == 0 {
		t.Errorf("as JSON: got %s, %v, %v; want guests", stdout, err, broken)
	}
	stdout, _, err = a.run(t, false, "", "export", "--event", "gala")
	const row = ",guest0@example.org,,'=Ann,,en,guest,invited,"
	if lines := strings.Split(stdout, "\n"); err != nil || len(lines) != 1502 || !strings.Contains(lines[1], row) {
		t.Errorf("got %d lines, %v; want 1502, of which the second has %q: %.500s", len(lines), err, row, stdout)
	}
}

func TestImportCounts(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for _, step := range []struct{ table, arguments, stdout, problem string }{
		{"email\nann@example.org\n", "--dry-run -", "Would create 1 guest; 0 are invited already.\n", ""},
		{"email\nann@example.org\n", "-", "Created 1 guest; 0 were invited already.\n", ""},
		{"email\nann@example.org\nx\ny\n", "--dry-run -", "Would create 0 guests; 1 is invited already.\n",
			"2 rows are not valid"},
		{"email\nann@example.org\nx\n", "-", "Created 0 guests; 1 was invited already.\n", "1 row is not valid"},
	} {
		stdout, stderr, err := a.run(t, false, step.table, append([]string{"import", "--event", "gala", "--role", "guest"},
			strings.Fields(step.arguments)...)...)
		if stdout != step.stdout || (err != nil) != (step.problem != "") || err != nil && err.Error() != step.problem {
			t.Errorf("%q: got %q, %q, %v; want %q and the problem %q", step.table, stdout, stderr, err, step.stdout,
				step.problem)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for want, arguments := range map[string][]string{
		`--event: there is no event with the key "x"`: {"import",
			"--event", "x", "-"},
		`- has no column email in its first row; of its columns ("name"), map the one with the addresses to email`: {"import",
			"--event", "gala", "-"},
		"--map must be NAME=COLUMN, such as Given=firstname": {"import",
			"--event", "gala", "--map", "x", "-"},
		`required flag(s) "event" not set`: {"export"},
		"import needs one FILE, or - for standard input\nsee guests import --help": {"import",
			"--event", "gala"},
	} {
		if _, _, err := a.run(t, false, "name\nAnn\n", arguments...); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// interrupted is a reader that stops the program when it is read.
type interrupted struct {
	io.Reader

	stop func()
}

func (i interrupted) Read(into []byte) (int, error) {
	i.stop()
	return i.Reader.Read(into)
}

func TestImportStopped(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ctx, stop := context.WithCancel(t.Context())
	command := invitedguest.Commands(invitedguest.Environment{
		Open: func(context.Context) (*invitedguest.Service, error) {
			return invitedguest.NewService(a.DB, invitedguest.Options{Outbox: mail.NewOutbox()}), nil
		},
		Stdin: interrupted{strings.NewReader("email\nann@example.org\n"), stop}, Stdout: io.Discard, Stderr: io.Discard,
	})[0]
	command.SilenceUsage, command.SilenceErrors = true, true
	command.SetArgs([]string{"--event", "gala", "--role", "guest", "-"})
	want := "stopped after 0 guests\n"
	if err := command.ExecuteContext(ctx); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want the prefix %q", err, want)
	}
}

// barWidth returns the width of the widest progress bar, in columns.
func barWidth(stderr string) (widest int) {
	for part := range strings.SplitSeq(stderr, "\r\x1b[K") {
		if strings.HasPrefix(part, "[") {
			widest = max(widest, len(part))
		}
	}
	return widest
}

// TestImportMails checks that a command enqueues mails without the key of the server, and that the server creates the
// links in them.
func TestImportMails(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	_, _, err := a.run(t, false, "email\nann@example.org\n", "import", "--event", "gala", "--role", "guest", "-")
	mails := a.Mails(t)
	if err != nil || len(mails) != 1 {
		t.Fatalf("got %d mails and %v, want 1 mail", len(mails), err)
	}
	answer := apptest.Request{
		Method: http.MethodPost, Path: "/api/v1/invitation", Body: map[string]any{"code": code(t, mails[0]),
			"status": "accepted"},
	}
	if got := a.Send(t, answer); got.Status != http.StatusOK {
		t.Errorf("got %d %s, want 200", got.Status, got.Body)
	}
	var event audit.Event
	if err := a.DB.Where("kind = ?", audit.GuestsInvited).Take(&event).Error; err != nil {
		t.Fatal(err)
	}
	if event.Address != audit.CLI || event.UserID != nil || event.ActorID != nil || event.RequestID != "" {
		t.Errorf("got the audit event %+v, want an operator's", event)
	}
}

// TestImportSaysWhenTheLastMailGoesOut checks that an import says when the last mail is sent, if some have to wait. The
// clock of the command is that of the database.
func TestImportSaysWhenTheLastMailGoesOut(t *testing.T) {
	t.Parallel()
	a := prepare(t, apptest.New(t, func(c *app.Config) { c.LimitInvitationMails = limits.Rate{Count: 2, Per: time.Hour} }))
	stdout, _, err := a.run(t, false, "email\nann@example.org\nbob@example.org\neve@example.org\n", "import", "--event",
		"gala", "--role", "guest", "-")
	want := "Created 3 guests; 0 were invited already.\n" +
		"The mails go out gradually, the last at about 2026-02-03 13:00 UTC (LIMIT_INVITATION_MAILS).\n"
	if stdout != want || err != nil {
		t.Errorf("got %q and %v, want %q", stdout, err, want)
	}
	if sent := a.Mails(t); len(sent) != 2 {
		t.Errorf("sent %d mails, want 2", len(sent))
	}
	var got struct {
		LastMailAt time.Time `json:"last_mail_at"`
	}
	a.call(t, http.MethodPost, "/api/v1/invitedGuest/remind", map[string]any{"event_id": a.event.ID, "reminder": "first"}).
		Decode(t, http.StatusOK, &got)
	if want := a.Clock.Now().Add(2 * time.Hour); !got.LastMailAt.Equal(want) {
		t.Errorf("the last reminder is sent at %v, want %v", got.LastMailAt, want)
	}
}
