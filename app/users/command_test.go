package users_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"guestlist/app/users"
)

// execute runs a command of a program with the service.
func execute(t *testing.T, service *users.Service, stdin string, stdout, stderr io.Writer, arguments ...string) error {
	t.Helper()
	return executeIn(t, users.Environment{
		Open:  func(context.Context) (*users.Service, error) { return service, nil },
		Stdin: strings.NewReader(stdin), Stdout: stdout, Stderr: stderr,
	}, arguments...)
}

// executeIn runs a command of a program in the environment.
func executeIn(t *testing.T, env users.Environment, arguments ...string) error {
	t.Helper()
	root := &cobra.Command{Use: "users", SilenceUsage: true, SilenceErrors: true}
	root.AddCommand(users.Commands(env)...)
	root.SetArgs(arguments)
	return root.ExecuteContext(t.Context())
}

// run runs a command of the whole program and returns what it prints.
func (a testApp) run(t *testing.T, arguments ...string) string {
	t.Helper()
	out, err := a.operate(t, arguments...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// operate is run for a command that may fail. A file to import is its standard input.
func (a testApp) operate(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	const file = "email,verified\nkim@example.org,true\nann@example.org,\n"
	err := execute(t, a.manager(), file, &out, &out, arguments...)
	return out.String(), err
}

// TestListCommandReadsAllPages lists more users than one page has, with and without a limit.
func TestListCommandReadsAllPages(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	const many = 2100
	var all []users.User
	for i := range many {
		all = append(all, users.User{Email: fmt.Sprintf("user%d@example.org", i)})
	}
	if err := a.DB.CreateInBatches(&all, 500).Error; err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[int]int{0: many, 1: 1, 999: 999, 1000: 1000, 1001: 1001, 2000: 2000, 2099: 2099,
		many: many, 5000: many} {
		table := a.run(t, "list", "--limit", fmt.Sprint(limit))
		var list []struct {
			ID int64 `json:"id"`
		}
		if err := json.Unmarshal([]byte(a.run(t, "list", "--json", "--limit", fmt.Sprint(limit))), &list); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(table, "\n") - 2; got != want || len(list) != want || list[want-1].ID != all[want-1].ID {
			t.Errorf("--limit %d: got a table of %d and a list of %d, want %d", limit, got, len(list), want)
		}
	}
}

// TestNameByAddress finds an account by an address that it took back from a newer account, which is deleted.
func TestNameByAddress(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.registered(t, "ann@example.org")
	confirm, undo := a.ask(t, user.Token, "new@example.org")
	a.pressed(t, confirm, "confirm", http.StatusSeeOther)
	a.Register(t, "ann@example.org")
	a.pressed(t, undo, "confirm", http.StatusOK)
	if id, err := users.IDOf(t.Context(), a.DB, "Ann@Example.org"); err != nil || id != user.ID {
		t.Errorf("got %d, want %d, %v", id, user.ID, err)
	}
}
