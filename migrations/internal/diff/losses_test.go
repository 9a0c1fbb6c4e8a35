package diff_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestPlanWarnings checks that the warnings for one database include failures and losses, but no failures after SQL or
// code that may have prepared the rows.
func TestPlanWarnings(t *testing.T) {
	t.Parallel()
	before, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("users", op.Column("a", op.Int(64)), op.Column("b", op.Text()))
	}))
	if err != nil {
		t.Fatal(err)
	}
	change := func(m *op.Migration) {
		m.CreateIndex("idx", "users", "a").Unique()
		m.AddCheck("chk", "users", "a > 0")
		m.AlterColumn("users", "a").Type(op.Type("double precision"))
		m.DropColumn("users", "b")
	}
	const (
		unique = "the unique index idx fails where rows of users share a"
		check  = "the check chk fails where rows of users do not meet it"
		rounds = "rounds numbers of users.a beyond 9007199254740992"
		equal  = "fails where values of users.a become equal, which the unique index idx forbids"
		unmet  = "fails where users.a becomes what the check chk forbids"
		drops  = "drops users.b with its values"
	)
	for name, test := range map[string]struct {
		change    func(m *op.Migration)
		downgrade bool
		want      []string
	}{
		"an upgrade":  {change, false, []string{unique, check, rounds, equal, unmet, drops}},
		"a downgrade": {change, true, []string{unique, check, rounds, equal, unmet}},
		"after m.SQL": {func(m *op.Migration) { m.SQL("DELETE FROM users"); change(m) }, false, []string{rounds, drops}},
		"after m.Run": {func(m *op.Migration) { m.Run(nil); change(m) }, true, []string{rounds}},
		"before m.SQL": {func(m *op.Migration) { change(m); m.SQL("SELECT 1") }, false,
			[]string{unique, check, rounds, equal, unmet, drops}},
	} {
		losses := diff.FollowLosses(before, schema.SQLite)
		follow := losses.Upgrade
		if test.downgrade {
			follow = losses.Downgrade
		}
		var got []string
		for _, step := range follow(op.Record(test.change)) {
			for _, w := range step.Warnings {
				got = append(got, w.Text)
			}
		}
		if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
	}
}
