package autogen_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/postgres"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// users returns a history with one table.
func users(t *testing.T) *runner.History {
	t.Helper()
	history, err := runner.NewHistory(runner.DefaultTable,
		[]revision.Revision{{ID: "aaaa", File: "aaaa_.go", Upgrade: func(m *op.Migration) {
			m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("name", op.String(20)).NotNull())
		}}})
	if err != nil {
		t.Fatal(err)
	}
	return history
}

// User is the model, with a field that the revision lacks.
type User struct {
	ID    int64
	Name  string `gorm:"size:20;not null"`
	Phone string
}

func draft(t *testing.T) autogen.Draft {
	t.Helper()
	change, err := autogen.Compare(users(t), graph.Node{ID: "bbbb", Down: []string{"aaaa"}},
		autogen.Models{List: []any{&User{}}})
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
	const added = "add column users.phone text"
	if len(d.Plan.Upgrade) != 1 || d.Plan.Upgrade[0].Operation.String() != added {
		t.Errorf("the upgrade is %v, want %s", d.Plan.Upgrade, added)
	}
	made, err := op.ApplyAll(d.Before, op.Record(d.Revision().Upgrade))
	if err != nil {
		t.Fatal(err)
	}
	if table, _ := made.Table("users"); len(table.Columns) != 3 {
		t.Errorf("the revision leads to %+v, want 3 columns", table)
	}
	pending, err := autogen.Pending(users(t), autogen.Models{List: []any{&User{}}})
	if err != nil || len(pending) != 1 || pending[0].String() != d.Plan.Upgrade[0].Operation.String() {
		t.Errorf("pending: got %v, %v; want the operation of the upgrade, no error", pending, err)
	}
}

// TestTry tries plans that package diff would not make.
func TestTry(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"SELECT 1":                  "",
		"SELECT nothing FROM users": "not written: the trial on an empty SQLite database failed: upgrade: ",
		"INSERT INTO users (id, name) SELECT id, name FROM users": "on SQLite, it works only on empty tables",
	} {
		d := draft(t)
		d.Plan.Upgrade = append(d.Plan.Upgrade, d.Plan.Upgrade[0])
		d.Plan.Upgrade[1].Operation = op.Record(func(m *op.Migration) { m.SQL(sql) })[0]
		warnings, err := autogen.Try(t.Context(), autogen.Memory(), d)
		got := strings.Join(warnings, "\n")
		if err != nil {
			got += err.Error()
		}
		if !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: got %q, want %q in it, or nothing", sql, got, want)
		}
	}
}

// Hall is in a schema of its own, with columns of types that only PostgreSQL has.
type Hall struct {
	ID    string   `gorm:"type:uuid;default:gen_random_uuid();primaryKey"`
	Tags  []string `gorm:"type:text[];serializer:json"`
	Host  string   `gorm:"type:inet;not null"`
	At    string   `gorm:"type:date;not null"`
	Until string   `gorm:"type:timestamp;not null"`
	Open  bool     `gorm:"not null"`
	Data  []byte   `gorm:"not null"`
	Words string   `gorm:"type:tsvector"`
	Twice int      `gorm:"generated:length(host::text)"`
}

// TableName implements schema.Tabler.
func (Hall) TableName() string { return "app.halls" }

// TestTryOnServer tries plans on PostgreSQL that package diff would not make, and one that SQLite does not support.
func TestTryOnServer(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip(dbtest.ServerVariable + " names no server")
	}
	server, err := postgres.Connect(t.Context(), dbtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	for sql, want := range map[string]string{
		"SELECT 1": "",
		// The trial inserts a row: without one, this would not divide by zero.
		"SELECT 1 / (SELECT count(*) - 1 FROM app.halls)": "on PostgreSQL, it works only on empty tables; with a row " +
			"in each, it fails: upgrade: ",
		"SELECT nothing FROM app.halls": "not written: the trial on an empty PostgreSQL database failed: upgrade: ",
	} {
		history, err := runner.NewHistory(runner.DefaultTable,
			[]revision.Revision{{ID: "aaaa", Upgrade: func(m *op.Migration) {
				m.CreateTable("app.halls", op.Column("id", op.Type("uuid")).PrimaryKey(),
					op.Column("host", op.Type("inet")).NotNull(),
					op.Column("at", op.Type("date")).NotNull(), op.Column("until", op.Type("timestamp")).NotNull(),
					op.Column("open", op.Bool()).NotNull(), op.Column("data", op.Bytes()).NotNull())
			}}})
		if err != nil {
			t.Fatal(err)
		}
		node := graph.Node{ID: "bbbb", Down: []string{"aaaa"}}
		change, err := autogen.Compare(history, node, autogen.Models{List: []any{&Hall{}}})
		if err != nil {
			t.Fatal(err)
		}
		d, err := change.Draft()
		if err != nil {
			t.Fatal(err)
		}
		d.Plan.Upgrade = append(d.Plan.Upgrade, d.Plan.Upgrade[0])
		d.Plan.Upgrade[len(d.Plan.Upgrade)-1].Operation = op.Record(func(m *op.Migration) { m.SQL(sql) })[0]
		warnings, err := autogen.Try(t.Context(), autogen.On(server), d)
		got := strings.Join(warnings, "\n")
		if err != nil {
			got += err.Error()
		}
		if !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: got %q, want %q in it, or nothing", sql, got, want)
		}
	}
}
