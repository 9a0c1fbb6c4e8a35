package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/database/dbtest"
)

// TestActsFailWhole makes one statement after another of every act fail. The client must get a server error, and the
// database must contain what it contained before, so that the act can be tried again, which the last attempt does.
func TestActsFailWhole(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	tokens := map[string]string{"root": a.RegisterAdmin(t, "root@example.org").Token}
	for _, name := range []string{"ann", "bob", "zed"} {
		tokens[name] = a.Register(t, name+"@example.org").Token
	}
	const never = 1 << 30
	statements := dbtest.FailAt(t, a.DB, never)
	for _, act := range acts {
		for n := 1; ; n++ {
			before := contents(t, a)
			*statements = never - n
			response := a.Send(t, act.request(tokens))
			failed := *statements >= never
			*statements = 0
			if !failed {
				act.check(t, response)
				break
			}
			if response.Status < http.StatusInternalServerError {
				t.Errorf("%s, whose statement %d failed: got %d %s, want a server error",
					act.call, n, response.Status, response.Body)
			}
			after := contents(t, a)
			for _, row := range slices.Concat(without(after, before), without(before, after)) {
				t.Errorf("%s, whose statement %d failed, added or removed the row %s", act.call, n, row)
			}
			if !slices.Equal(before, after) {
				break
			}
		}
	}
}

// contents returns all rows of all tables, except the failed sign-ins, which remain counted.
func contents(t *testing.T, a *apptest.App) []string {
	t.Helper()
	tables, err := a.DB.Migrator().GetTables()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, table := range tables {
		if table == "login_failures" || strings.HasPrefix(table, "sqlite_") {
			continue
		}
		var rows []map[string]any
		if err := a.DB.Table(table).Find(&rows).Error; err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			all = append(all, fmt.Sprint(table, row))
		}
	}
	return all
}

// without returns the strings of all that are not in others.
func without(all, others []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(others, s) })
}
