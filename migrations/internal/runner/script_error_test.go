package runner_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestScriptReportsFailedRebuild writes a script for SQLite that rebuilds a table whose definition cannot be read back.
func TestScriptReportsFailedRebuild(t *testing.T) {
	t.Parallel()
	odd := create("a")
	odd.Upgrade = func(m *op.Migration) {
		m.CreateTable("t_a", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("n", op.Int(64)), op.Check("chk", "n > (0"))
	}
	rebuild := create("b", "a")
	rebuild.Upgrade = func(m *op.Migration) { m.AlterColumn("t_a", "n").NotNull() }
	history := newRunner(t, nil, odd, rebuild).History
	plan, err := history.Graph.Upgrade([]string{"a"}, "b")
	if err != nil {
		t.Fatal(err)
	}
	script, err := history.Script(schema.SQLite, []string{"a"}, plan)
	if want := "revision b (b_.go): "; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got error %v, want one that begins with %q", err, want)
	}
	if script.Text != "" {
		t.Errorf("got script %q with the error, want none", script.Text)
	}
}

// TestScriptsRefuse asks for scripts that cannot be written.
func TestScriptsRefuse(t *testing.T) {
	t.Parallel()
	stuck := create("stuck")
	stuck.Downgrade = nil
	history := newHistory(t, stuck, addNowhere("broken", "stuck"))
	up := graph.Plan{Steps: []graph.Step{{Kind: graph.Upgrade, Revision: "broken"}}}
	stamped := []string{"stuck"}
	down := graph.Plan{Steps: []graph.Step{{Kind: graph.Downgrade, Revision: "stuck"}}}
	text := func(script runner.Script, err error) (string, error) { return script.Text, err }
	for _, d := range []schema.Dialect{schema.SQLite, schema.Postgres} {
		for what, c := range map[string]struct {
			script func() (string, error)
			want   string // part of the error
		}{
			"unknown ids":          {func() (string, error) { return text(history.Script(d, []string{"x"}, up)) }, "by 'x'"},
			"irreversible":         {func() (string, error) { return text(history.Script(d, stamped, down)) }, "no Down"},
			"no replay":            {func() (string, error) { return text(history.Script(d, stamped, up)) }, "nowhere"},
			"an unknown stamp":     {func() (string, error) { return history.StampScript(d, "unknown") }, "unknown"},
			"stamp from unknown":   {func() (string, error) { return history.StampScriptFrom(d, "other", "stuck") }, "other"},
			"from base to unknown": {func() (string, error) { return history.StampScriptFrom(d, "base", "unknown") }, "unknown"},
		} {
			script, err := c.script()
			if err == nil || !strings.Contains(err.Error(), c.want) || script != "" {
				t.Errorf("%s on %s: got script %q and error %v, want none and an error with %q", what, d, script, err, c.want)
			}
		}
	}
}
