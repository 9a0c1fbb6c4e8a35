package users_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
)

// shortWriter is full after a number of bytes.
type shortWriter struct{ left int }

var errFull = errors.New("the disk is full")

func (w *shortWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// TestOutputFails checks that no command that prints succeeds if its output is lost, wherever it ends.
func TestOutputFails(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for _, email := range []string{"ann@example.org", "bob@example.org"} {
		a.Register(t, email)
	}
	for _, line := range []string{
		"list", "list --json", "show ann@example.org", "show --json ann@example.org", "export ann@example.org",
	} {
		whole := len(a.run(t, strings.Fields(line)...))
		for _, left := range []int{0, whole / 2, whole - 1, 2 * whole} {
			err := execute(t, a.manager(), "", &shortWriter{left}, io.Discard, strings.Fields(line)...)
			if errors.Is(err, errFull) != (left < whole) {
				t.Errorf("%s, with room for %d of %d bytes: got error %v, want %v if they do not fit",
					line, left, whole, err, errFull)
			}
		}
	}
}

// TestListAsJSON checks that a list of any length is one JSON value.
func TestListAsJSON(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if got, want := a.run(t, "list", "--json"), "[]\n"; got != want {
		t.Errorf("without accounts: got %q, want %q", got, want)
	}
	for n, email := range []string{"ann@example.org", "bob@example.org"} {
		a.Register(t, email)
		var list []struct {
			Email string `json:"email"`
		}
		if err := json.Unmarshal([]byte(a.run(t, "list", "--json")), &list); err != nil || len(list) != n+1 {
			t.Errorf("with %d accounts: got %v and error %v, want one JSON list of them", n+1, list, err)
		}
	}
}

// TestExportOfEarlierAccounts exports a person who has had several accounts with the address.
func TestExportOfEarlierAccounts(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	type account struct {
		Account struct {
			ID int64 `json:"id"`
		} `json:"account"`
		SecurityEvents []any `json:"security_events"`
	}
	for deleted := range 3 {
		a.Register(t, "ann@example.org")
		var got struct {
			account
			Earlier []account `json:"earlier_accounts"`
		}
		if err := json.Unmarshal([]byte(a.run(t, "export", "ann@example.org")), &got); err != nil {
			t.Fatalf("after %d deletions: %v", deleted, err)
		}
		if got.Account.ID == 0 || len(got.SecurityEvents) == 0 || len(got.Earlier) != deleted {
			t.Errorf("after %d deletions: got %+v, want the account, its security events and %d earlier accounts",
				deleted, got, deleted)
		}
		for _, earlier := range got.Earlier {
			if earlier.Account.ID == got.Account.ID || len(earlier.SecurityEvents) == 0 {
				t.Errorf("after %d deletions: got the earlier account %+v, want another with its security events", deleted, earlier)
			}
		}
		a.run(t, "delete", "ann@example.org")
	}
}

// TestLastAdministratorByCommand checks that a command that would leave no administrator fails with the reason.
func TestLastAdministratorByCommand(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.RegisterAdmin(t, "root@example.org")
	for _, command := range []string{"block", "delete", "erase", "revoke-admin"} {
		out, err := a.operate(t, command, "root@example.org")
		if want := "root@example.org is the last administrator of the system"; err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %q and error %v, want one with %q", command, out, err, want)
		}
	}
}
