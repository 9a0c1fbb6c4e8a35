package diff_test

import (
	"strconv"
	"strings"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestNotValidIsValidated checks that the plan from NotValid constraints to models, whose constraints are valid, only
// validates them, and that the downgrade makes them NotValid again.
func TestNotValidIsValidated(t *testing.T) {
	t.Parallel()
	build := func(change func(m *op.Migration)) schema.Schema {
		s, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
			m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey())
			m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("team_id", op.Int(64)))
			change(m)
		}))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	was := build(func(m *op.Migration) {
		m.AddCheck("chk", "users", "id > 0").NotValid()
		m.AddForeignKey("fk", "users", "team_id").References("teams", "id").NotValid()
	})
	is := build(func(m *op.Migration) {
		m.AddCheck("chk", "users", "(id > 0)")
		m.AddForeignKey("fk", "users", "team_id").References("teams", "id").OnDelete("NO ACTION")
	})
	plan, err := diff.Diff(was, is)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := texts(plan.Upgrade), "validate check chk on users; validate foreign key fk on users"; got != want {
		t.Errorf("the upgrade is %s, want %s", got, want)
	}
	want := "drop foreign key fk on users; add foreign key fk on users (team_id) references teams (id) not valid; " +
		"drop check chk on users; add check chk on users (id > 0) not valid"
	if got := texts(plan.Downgrade); got != want {
		t.Errorf("the downgrade is %s, want %s", got, want)
	}
}

// TestNotValidWarns checks that the warning is about the operation that checks the rows: adding the constraint on
// SQLite, validating it on PostgreSQL.
func TestNotValidWarns(t *testing.T) {
	t.Parallel()
	before, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey())
		m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("team_id", op.Int(64)))
	}))
	if err != nil {
		t.Fatal(err)
	}
	operations := op.Record(func(m *op.Migration) {
		m.AddCheck("chk", "users", "id > 0").NotValid()
		m.AddForeignKey("fk", "users", "team_id").References("teams", "id").NotValid()
		m.ValidateCheck("chk", "users")
		m.ValidateForeignKey("fk", "users")
	})
	for dialect, want := range map[schema.Dialect]string{schema.SQLite: "1 1 0 0", schema.Postgres: "0 0 1 1"} {
		losses := diff.FollowLosses(before, dialect)
		var counts []string
		for _, step := range losses.Upgrade(operations) {
			counts = append(counts, strconv.Itoa(len(step.Warnings)))
		}
		if got := strings.Join(counts, " "); got != want {
			t.Errorf("on %s, the operations have %s warnings, want %s", dialect, got, want)
		}
	}
}

func texts(steps []diff.Step) string {
	var all []string
	for _, o := range diff.Operations(steps) {
		all = append(all, o.String())
	}
	return strings.Join(all, "; ")
}
