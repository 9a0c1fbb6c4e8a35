package users_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/users"
)

// TestCommandsWithoutDatabase checks that each command fails with the reason why there is no database.
func TestCommandsWithoutDatabase(t *testing.T) {
	t.Parallel()
	errDown := errors.New("the database is down")
	for _, line := range []string{
		"list", "show ann@example.org", "verify ann@example.org", "block ann@example.org", "unblock ann@example.org",
		"create-admin ann@example.org", "grant-admin ann@example.org", "revoke-admin ann@example.org",
		"delete ann@example.org", "erase ann@example.org", "export ann@example.org", "import -", "reindex",
	} {
		var out bytes.Buffer
		err := executeIn(t, users.Environment{
			Open:  func(context.Context) (*users.Service, error) { return nil, errDown },
			Stdin: strings.NewReader("a password\n"), Stdout: &out, Stderr: &out,
		}, strings.Fields(line)...)
		if !errors.Is(err, errDown) || out.Len() > 0 {
			t.Errorf("%s: printed %q and failed with %v, want nothing and %v", line, &out, err, errDown)
		}
	}
}

// TestCommandsSayWhatTheyDid checks what commands print that have changed something, or had nothing to change.
func TestCommandsSayWhatTheyDid(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.RegisterAdmin(t, "root@example.org")
	ann := a.RegisterVerified(t, "ann@example.org")
	for _, step := range []struct{ line, want string }{
		{"grant-admin ann@example.org", "ann@example.org is an administrator now.\n"},
		{"grant-admin ann@example.org", "ann@example.org is already an administrator.\n"},
		{"revoke-admin Ann@example.org", "ann@example.org is no longer an administrator.\n"},
		{"revoke-admin ann@example.org", "ann@example.org is not an administrator.\n"},
		{"delete Ann@Example.org", "Deleted the account of ann@example.org.\n"},
		{"erase ann@example.org", "Erased 1 account of ann@example.org.\n"},
	} {
		if got := a.run(t, strings.Fields(step.line)...); got != step.want {
			t.Errorf("%s: got %q, want %q", step.line, got, step.want)
		}
	}
	for range 2 {
		a.Register(t, "ann@example.org")
		a.run(t, "delete", "ann@example.org")
	}
	a.Register(t, "ann@example.org")
	if got, want := a.run(t, "erase", "ann@example.org"), "Erased 3 accounts of ann@example.org.\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var left int64
	err := a.DB.Table("users").Where("email LIKE ? OR id = ? AND erased_at IS NULL", "ann@%", ann.ID).Count(&left).Error
	if err != nil || left != 0 {
		t.Errorf("got %d accounts with personal data and error %v, want none", left, err)
	}
}

// TestListFilters lists accounts of each kind.
func TestListFilters(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.Register(t, "new@example.org")
	a.RegisterVerified(t, "ann@example.org")
	a.RegisterVerified(t, "bad@example.org")
	a.run(t, "block", "bad@example.org")
	for flags, want := range map[string]string{
		"":                          "new@ ann@ bad@",
		"--unverified":              "new@",
		"--blocked":                 "bad@",
		"--blocked --unverified":    "",
		"--q ann@":                  "ann@",
		"--q example.org":           "new@ ann@ bad@",
		"--q example.org --limit=2": "new@ ann@",
	} {
		got := a.run(t, append([]string{"list"}, strings.Fields(flags)...)...)
		var listed []string
		for _, name := range []string{"new@", "ann@", "bad@"} {
			if strings.Contains(got, name) {
				listed = append(listed, name)
			}
		}
		if strings.Join(listed, " ") != want {
			t.Errorf("list %s: got\n%s\nwant %q", flags, got, want)
		}
	}
}

// TestLogNamesTheUser checks that the log line of a request contains the id of its user.
func TestLogNamesTheUser(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	ann := a.Register(t, "ann@example.org")
	a.read(t, ann.Token)
	lines := strings.Split(strings.TrimSpace(a.Log.String()), "\n")
	if last, want := lines[len(lines)-1], fmt.Sprintf(`"user_id":%d`, ann.ID); !strings.Contains(last, want) {
		t.Errorf("got the line %s, want one with %s", last, want)
	}
	a.Send(t, apptest.Request{Path: "/api/v1/user"})
	lines = strings.Split(strings.TrimSpace(a.Log.String()), "\n")
	if last := lines[len(lines)-1]; strings.Contains(last, "user_id") {
		t.Errorf("got the line %s for a request without a token, want no user", last)
	}
}
