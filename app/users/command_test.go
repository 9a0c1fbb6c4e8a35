package users_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"guestlist/app/users"
)

// run runs a command with the arguments and returns what it prints.
func (a testApp) run(t *testing.T, arguments ...string) string {
	t.Helper()
	var out bytes.Buffer
	env := users.Environment{
		Open:   func(context.Context) (*users.Service, error) { return a.manager(), nil },
		Stdout: &out, Stderr: &out,
	}
	for _, command := range users.Commands(env) {
		if command.Name() == arguments[0] {
			command.SetArgs(arguments[1:])
			if err := command.ExecuteContext(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out.String()
}

// operate runs a command of the whole program, with a file to import as standard input.
func (a testApp) operate(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	root := &cobra.Command{Use: "users", SilenceUsage: true, SilenceErrors: true}
	root.AddCommand(users.Commands(users.Environment{
		Open:  func(context.Context) (*users.Service, error) { return a.manager(), nil },
		Stdin: strings.NewReader("email,verified\nkim@example.org,true\nann@example.org,\n"), Stdout: &out, Stderr: &out,
	})...)
	root.SetArgs(arguments)
	err := root.ExecuteContext(t.Context())
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
