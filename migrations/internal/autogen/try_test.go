package autogen_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/internal/sqlite"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// users is a history of one table.
func users(t *testing.T) *runner.History {
	t.Helper()
	history, err := runner.NewHistory(runner.DefaultTable, []revision.Revision{{ID: "aaaa", File: "aaaa_.go", Upgrade: func(m *op.Migration) {
		m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(), op.Column("name", op.String(20)).NotNull())
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return history
}

// User is the model that the revision does not know all of.
type User struct {
	ID    int64
	Name  string `gorm:"size:20;not null"`
	Phone string
}

func draft(t *testing.T) autogen.Draft {
	t.Helper()
	change, err := autogen.Compare(users(t), graph.Node{ID: "bbbb", Down: []string{"aaaa"}}, autogen.Models{List: []any{&User{}}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := change.Draft()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDraft(t *testing.T) {
	t.Parallel()
	d := draft(t)
	if len(d.Plan.Upgrade) != 1 || d.Plan.Upgrade[0].Operation.String() != "add column users.phone text" {
		t.Errorf("the upgrade is %v", d.Plan.Upgrade)
	}
	made, err := op.ApplyAll(d.Before, op.Record(d.Revision().Upgrade))
	if err != nil {
		t.Fatal(err)
	}
	if table, _ := made.Table("users"); len(table.Columns) != 3 {
		t.Errorf("the revision leads to %+v", table)
	}
	pending, err := autogen.Pending(users(t), autogen.Models{List: []any{&User{}}})
	if err != nil || len(pending) != 1 || pending[0].String() != d.Plan.Upgrade[0].Operation.String() {
		t.Errorf("pending: %v, %v", pending, err)
	}
}

// TestTry tries plans that package diff would not make.
func TestTry(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"SELECT 1":                  "",
		"SELECT nothing FROM users": "not written: tried on an empty SQLite database, it fails: upgrade: ",
		"INSERT INTO users (id, name) SELECT id, name FROM users": "on SQLite it works where the tables are empty",
	} {
		d := draft(t)
		d.Plan.Upgrade = append(d.Plan.Upgrade, d.Plan.Upgrade[0])
		d.Plan.Upgrade[1].Operation = op.Record(func(m *op.Migration) { m.SQL(sql) })[0]
		warnings, err := autogen.Try(t.Context(), sqlite.Memory, d)
		got := strings.Join(warnings, "\n")
		if err != nil {
			got += err.Error()
		}
		if !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: %s", sql, got)
		}
	}
}
