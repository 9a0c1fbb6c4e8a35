package runner_test

import (
	"strings"
	"testing"

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
