package cli

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// decoded runs a command with --json. It returns the output as a program without the Go types decodes it, and the
// error.
func (w *testProject) decoded(arguments ...string) (map[string]any, string) {
	w.t.Helper()
	out, failure, _ := strings.Cut(w.run(append(arguments, "--json")...), "Error: ")
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		w.t.Fatalf("db %s --json: %v\n%s", strings.Join(arguments, " "), err, out)
	}
	return got, failure
}

// fields returns the names of all fields of a report. Those of nested objects have the form steps.from.
func fields(value any) []string {
	var all []string
	switch value := value.(type) {
	case map[string]any:
		for name, field := range value {
			all = append(all, name)
			for _, below := range fields(field) {
				all = append(all, name+"."+below)
			}
		}
	case []any:
		for _, element := range value {
			all = append(all, fields(element)...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestReportsAreStable checks the fields of every report, because programs read them.
func TestReportsAreStable(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	w.env.Address = func() string { return "somewhere" }
	w.migrateAndCompile("aaaa", named())
	const revision = "revisions revisions.branch_labels revisions.created revisions.current revisions.depends_on " +
		"revisions.down_revisions revisions.file revisions.head revisions.id revisions.message revisions.next " +
		"revisions.replaces unknown"
	const steps = "steps steps.from steps.kind steps.locks steps.message steps.operations steps.revision steps.to " +
		"steps.warnings"
	const linted = "rolling rolling.breaks rolling.possible rolling.reasons rolling.unless steps steps.findings " +
		"steps.message steps.revision " +
		"steps.safe steps.transaction"
	type User struct {
		ID   int64
		Name string `gorm:"size:20;not null;index"`
		Age  int    `gorm:"not null"`
	}
	for _, test := range []struct{ command, want string }{
		{"heads", revision},
		{"history", revision},
		{"show", revision},
		{"upgrade --plan", steps},
		{"upgrade", ""},
		{"check", "database database.dangling database.drift database.not_applied database.unchecked heads models " +
			"models.pending"},
		{"current", revision},
		{"downgrade --plan", steps},
		{"branches", "revisions unknown"},
		{"lint aaaa --fail-on never", linted},
		{"migrate --dry-run", "changes revision revisions warnings"},
	} {
		if test.want == "" {
			w.want("", test.command)
			continue
		}
		got, failure := w.decoded(strings.Fields(test.command)...)
		names := strings.Join(slices.DeleteFunc(fields(got), func(name string) bool {
			return strings.HasPrefix(name, "steps.locks.") // on PostgreSQL only; lint has the same
		}), " ")
		if names != test.want || failure != "" {
			t.Errorf("db %s has the fields\n%s\nwant\n%s\nand fails with %q", test.command, names, test.want, failure)
		}
	}
	w.env.Models = []any{&User{}}
	got, _ := w.decoded("migrate", "--dry-run", "--rev-id", "bbbb", "-m", "ages")
	const drafted = "changes revision revision.down_revisions revision.file revision.id revision.sql " +
		"revision.sql.postgres " +
		"revision.sql.sqlite revision.text revisions revisions.down_revisions revisions.file revisions.id revisions.sql " +
		"revisions.sql.postgres revisions.sql.sqlite revisions.text warnings"
	if names := strings.Join(fields(got), " "); names != drafted {
		t.Errorf("a draft has the fields\n%s\nwant\n%s", names, drafted)
	}
	changes := []any{"added column 'users.age' int(64) not null"}
	if !reflect.DeepEqual(got["changes"], changes) {
		t.Errorf("got the changes %q, want %q", got["changes"], changes)
	}
	if warnings := got["warnings"].([]any); len(warnings) != 2 {
		t.Errorf("got the warnings %q, want 2", warnings)
	}
}

func TestReportOfRevisions(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	w.migrateAndCompile("aaaa", named())
	entry := func(got map[string]any) map[string]any { return got["revisions"].([]any)[0].(map[string]any) }
	got, _ := w.decoded("history")
	want := map[string]any{
		"id": "aaaa", "down_revisions": []any{}, "depends_on": []any{}, "branch_labels": []any{}, "replaces": []any{},
		"next": []any{}, "head": true, "current": nil, "message": "", "created": "2026-11-23 15:12:07",
		"file": "migrations/versions/aaaa_.go",
	}
	if !reflect.DeepEqual(entry(got), want) {
		t.Errorf("got %v\nwant %v", entry(got), want)
	}
	if got, _ = w.decoded("history", "-i"); entry(got)["current"] != false {
		t.Errorf("not applied: got %v, want current false", got)
	}
	w.want("", "upgrade")
	for _, command := range []string{"history -i", "current"} {
		if got, _ = w.decoded(strings.Fields(command)...); entry(got)["current"] != true {
			t.Errorf("%s, applied: got %v, want current true", command, got)
		}
	}
	if err := w.db.Exec("INSERT INTO migrations (id) VALUES ('dead')").Error; err != nil {
		t.Fatal(err)
	}
	if got, _ = w.decoded("history", "-i"); !reflect.DeepEqual(got["unknown"], []any{"dead"}) {
		t.Errorf("an unknown id: %v", got)
	}
}

// TestReportOfAFailedCheck checks that check --json prints what it finds, and fails as it does without --json.
func TestReportOfAFailedCheck(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	w.migrateAndCompile("aaaa", named())
	w.want("", "upgrade")
	type User struct{ ID int64 }
	w.env.Models = []any{&User{}}
	if err := w.db.Exec("ALTER TABLE users ADD COLUMN stray text").Error; err != nil {
		t.Fatal(err)
	}
	got, failure := w.decoded("check")
	words := w.run("check")
	if !strings.HasSuffix(words, failure) || failure == "" {
		t.Errorf("it fails with\n%q\nwant the end of what it prints without --json:\n%s", failure, words)
	}
	models, _ := got["models"].(map[string]any)
	database, _ := got["database"].(map[string]any)
	if pending, _ := models["pending"].([]any); len(pending) == 0 {
		t.Errorf("nothing is pending: %v", got)
	}
	drift, _ := database["drift"].([]any)
	if len(drift) != 1 {
		t.Fatalf("got the drift %v, want one difference", drift)
	}
	if one := drift[0].(map[string]any); one["object"] != "column users.stray" || one["want"] != "" || one["got"] == "" {
		t.Errorf("got the drift %v, want column users.stray, which is not wanted", one)
	}
	if got, _ = w.decoded("check", "--models"); got["database"] != nil || got["models"] == nil {
		t.Errorf("the models only: got %v, want no database", got)
	}
}

func TestJSONOfWhatIsDone(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	w.env.Models = named()
	const plan = "Error: --json needs --plan\n--plan --json prints the steps\n"
	for command, want := range map[string]string{
		"upgrade":       plan,
		"downgrade":     plan,
		"upgrade --sql": plan,
		"migrate":       "Error: --json needs --dry-run\n--dry-run --json prints the revision that would be written\n",
		"history --graph": "Error: --graph and --json cannot go together\n" +
			"the objects of --json list the parents of each revision\n",
	} {
		w.want(want, append(strings.Fields(command), "--json")...)
	}
}
