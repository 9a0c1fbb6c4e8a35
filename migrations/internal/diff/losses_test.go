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
		"with an index that is not unique": {func(m *op.Migration) {
			m.CreateIndex("idx", "users", "a")
			m.AlterColumn("users", "a").Type(op.Type("double precision"))
		}, false, []string{rounds}},
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

// TestQueriesOfLosses checks that the query about a changed column can be executed before the revision, on the former
// names, and that a column which the revision adds has none.
func TestQueriesOfLosses(t *testing.T) {
	t.Parallel()
	before := recorded(t, func(m *op.Migration) { m.CreateTable("users", op.Column("a", op.Int(64))) })
	narrow := func(table, column string) func(m *op.Migration) {
		return func(m *op.Migration) { m.AlterColumn(table, column).Type(op.Int(16)) }
	}
	const where = " NOT BETWEEN -32768 AND 32767"
	for name, test := range map[string]struct {
		change func(m *op.Migration)
		want   string
	}{
		"a column": {narrow("users", "a"), "SELECT count(*) FROM users WHERE a" + where},
		"a renamed column": {func(m *op.Migration) {
			m.RenameColumn("users", "a", "b")
			narrow("users", "b")(m)
		}, "WITH users AS (SELECT a AS b FROM main.users) SELECT count(*) FROM users WHERE b" + where},
		"a column of a renamed table": {func(m *op.Migration) {
			m.RenameTable("users", "people")
			narrow("people", "a")(m)
		}, "WITH people AS (SELECT a FROM main.users) SELECT count(*) FROM people WHERE a" + where},
		"a new column": {func(m *op.Migration) {
			m.AddColumn("users", op.Column("b", op.Int(64)).Default(1))
			narrow("users", "b")(m)
		}, ""},
	} {
		steps := diff.FollowLosses(before, schema.SQLite).Upgrade(op.Record(test.change))
		warnings := steps[len(steps)-1].Warnings
		if len(warnings) != 1 || warnings[0].Query != schema.Both(test.want) {
			t.Errorf("%s: got the warnings %+v, want one with the query %q", name, warnings, test.want)
		}
	}
}

// TestLossesKnowWhatTheRevisionDrops checks that a dropped table has no warning of dangling values in a column that a
// later operation of the same revision drops.
func TestLossesKnowWhatTheRevisionDrops(t *testing.T) {
	t.Parallel()
	before := recorded(t, func(m *op.Migration) {
		m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey())
		m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("team_id", op.Int(64)),
			op.ForeignKey("fk", "team_id").References("teams", "id"))
	})
	drops := func(m *op.Migration) { m.DropForeignKey("fk", "users"); m.DropTable("teams") }
	for name, test := range map[string]struct {
		change func(m *op.Migration)
		want   string
	}{
		"the column stays": {drops, "drops table teams with its rows; " +
			"leaves rows of users that reference rows of teams by team_id"},
		"the column goes": {func(m *op.Migration) { drops(m); m.DropColumn("users", "team_id") },
			"drops table teams with its rows; drops users.team_id with its values"},
	} {
		var got []string
		for _, step := range diff.FollowLosses(before, schema.SQLite).Upgrade(op.Record(test.change)) {
			for _, w := range step.Warnings {
				got = append(got, w.Text)
			}
		}
		if strings.Join(got, "; ") != test.want {
			t.Errorf("%s: got %q, want %s", name, got, test.want)
		}
	}
}
