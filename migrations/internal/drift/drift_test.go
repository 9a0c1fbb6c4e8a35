package drift_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/drift"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// house is a schema with one of everything, in a history that renamed and rebuilt on the way.
func house(m *op.Migration) {
	m.CreateTable("groups", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
		op.Column("name", op.String(20)).NotNull())
	m.CreateTable("people",
		op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
		op.Column("email", op.String(254)).NotNull().Default("it's"),
		op.Column("age", op.Int(32)),
		op.Column("team_id", op.Int(64)),
		op.Column("seen", op.Time()),
		op.Unique("uni_people_email", "email"),
		op.Check("chk_people_age", "age > 0"))
	m.RenameTable("groups", "teams")
	m.AddForeignKey("fk_people_team", "people", "team_id").References("teams", "id").OnDelete("CASCADE")
	m.AddColumn("teams", op.Column("code", op.String(20)))
	m.CreateIndex("idx_teams_id_code", "teams", "id", "code").Unique()
	m.AddColumn("people", op.Column("team_code", op.String(20)))
	m.AddForeignKey("fk_people_team_code", "people", "team_id", "team_code").References("teams", "id", "code").
		OnUpdate("CASCADE")
	m.CreateIndex("idx_people_age", "people", "age").Where("age > 17")
	m.AlterColumn("people", "age").NotNull()
	m.RenameColumn("people", "email", "mail")
	m.CreateTable("nodes", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("parent_id", op.Int(64)),
		op.ForeignKey("fk_nodes_parent", "parent_id").References("nodes", "id"))
}

// lived returns a database that went through the operations, and the schema they lead to.
func lived(t testing.TB, fill func(m *op.Migration)) (*gorm.DB, schema.Schema) {
	t.Helper()
	db := dbtest.New(t)
	history, err := runner.NewHistory(runner.DefaultTable, []revision.Revision{{ID: "a", File: "a.go", Upgrade: fill}})
	if err != nil {
		t.Fatal(err)
	}
	r := runner.Runner{DB: db, History: history}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	now, err := history.SchemaAt([]string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	return db, now
}

func compare(t *testing.T, db *gorm.DB, want schema.Schema) []string {
	t.Helper()
	differences, err := drift.Compare(t.Context(), db, want)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, d := range differences {
		texts = append(texts, d.String())
	}
	return texts
}

func TestNoDrift(t *testing.T) {
	t.Parallel()
	db, want := lived(t, house)
	for range 2 {
		if got := compare(t, db, want); len(got) != 0 {
			t.Errorf("got %q", got)
		}
	}
	if err := db.Exec("CREATE TABLE strangers (id integer)").Error; err != nil {
		t.Fatal(err)
	}
	if got := compare(t, db, want); len(got) != 0 {
		t.Errorf("a table that is none of the history's: %q", got)
	}
	if got := compare(t, db, schema.Schema{}); len(got) != 0 {
		t.Errorf("an empty history: %q", got)
	}
}

func TestDrift(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(m *op.Migration)
		want   []string
	}{
		"a column more": {func(m *op.Migration) { m.AddColumn("people", op.Column("phone", op.Text())) },
			[]string{"column people.phone is not in the history"}},
		"a column less": {func(m *op.Migration) { m.DropColumn("people", "team_id") }, nil},
		"an index less": {func(m *op.Migration) { m.DropIndex("idx_people_age", "people") },
			[]string{"index idx_people_age is missing"}},
		"an index more": {func(m *op.Migration) { m.CreateIndex("idx_more", "people", "mail") },
			[]string{"index idx_more is not in the history"}},
		"a type":       {func(m *op.Migration) { m.AlterColumn("people", "seen").Type(op.String(40)) }, nil},
		"a default":    {func(m *op.Migration) { m.AlterColumn("people", "mail").NoDefault() }, nil},
		"nullability":  {func(m *op.Migration) { m.AlterColumn("people", "age").Nullable() }, nil},
		"a check less": {func(m *op.Migration) { m.DropCheck("chk_people_age", "people") }, nil},
		"a check other": {func(m *op.Migration) {
			m.DropCheck("chk_people_age", "people")
			m.AddCheck("chk_people_age", "people", "age > 1")
		}, nil},
		"a unique less": {func(m *op.Migration) { m.DropUnique("uni_people_email", "people") }, nil},
		"a key less":    {func(m *op.Migration) { m.DropForeignKey("fk_people_team", "people") }, nil},
		"a key otherwise": {func(m *op.Migration) {
			m.DropForeignKey("fk_people_team", "people")
			m.AddForeignKey("fk_people_team", "people", "team_id").References("teams", "id")
		}, nil},
		"a table less": {func(m *op.Migration) { m.DropTable("nodes") }, []string{"table nodes is missing"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, want := lived(t, house)
			db, _ := lived(t, func(m *op.Migration) {
				house(m)
				test.change(m)
			})
			got := compare(t, db, want)
			if len(got) == 0 || test.want != nil && !slices.Equal(got, test.want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

// TestFailureNamesTheOperation has a history whose schema PostgreSQL cannot make once more.
func TestFailureNamesTheOperation(t *testing.T) {
	t.Parallel()
	db, _ := lived(t, house)
	want := schema.New(schema.Table{Name: "strange",
		Columns: []schema.Column{{Name: "id", Type: op.Type("nothing_known")}}})
	_, err := drift.Compare(t.Context(), db, want)
	failed, ok := errors.AsType[*ddl.OperationError](err)
	if ok != dbtest.Postgres() || ok && failed.Operation.String() != "create table strange" {
		t.Errorf("got %v", err)
	}
}

// TestTablesThatAlterTableEdited compares a table that was altered, beside one that it points at and that was not.
func TestTablesThatAlterTableEdited(t *testing.T) {
	t.Parallel()
	fill := func(m *op.Migration) {
		m.CreateTable("parents", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement())
		m.CreateTable("children", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
			op.Column("parent_id", op.Int(64)),
			op.ForeignKey("fk_children_parent", "parent_id").References("parents", "id"))
		m.AddColumn("children", op.Column("name", op.Text()))
	}
	db, want := lived(t, fill)
	if got := compare(t, db, want); len(got) != 0 {
		t.Errorf("got %q", got)
	}
	for _, statement := range []string{"CREATE INDEX idx_more ON parents (id)",
		"ALTER TABLE children ADD COLUMN age integer"} {
		if err := db.Exec(statement).Error; err != nil {
			t.Fatal(err)
		}
	}
	got := compare(t, db, want)
	if !slices.Equal(got, []string{"column children.age is not in the history", "index idx_more is not in the history"}) {
		t.Errorf("got %q", got)
	}
}

// BenchmarkCompare compares tables as they were created, and such that were altered afterwards.
func BenchmarkCompare(b *testing.B) {
	for _, n := range []int{300, 500} {
		b.Run(fmt.Sprintf("created/%d", n), func(b *testing.B) { benchmarkCompare(b, n, false) })
		b.Run(fmt.Sprintf("altered/%d", n), func(b *testing.B) { benchmarkCompare(b, n, true) })
	}
}

func benchmarkCompare(b *testing.B, n int, altered bool) {
	b.Helper()
	db, want := lived(b, func(m *op.Migration) {
		for i := range n {
			name := fmt.Sprintf("t%03d", i)
			m.CreateTable(name, op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("name", op.String(20)).NotNull())
			m.CreateIndex("idx_"+name, name, "name")
			if altered {
				m.AddColumn(name, op.Column("age", op.Int(32)))
			}
		}
	})
	for b.Loop() {
		if got, err := drift.Compare(b.Context(), db, want); err != nil || len(got) != 0 {
			b.Fatal(got, err)
		}
	}
}
