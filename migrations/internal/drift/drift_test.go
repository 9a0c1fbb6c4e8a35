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

// house creates one object of each kind, with renames and rebuilds on the way.
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

// migrated returns a database upgraded by fill, and the schema of its history.
func migrated(t testing.TB, fill func(m *op.Migration)) (*gorm.DB, schema.Schema) {
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
	db, want := migrated(t, house)
	for range 2 {
		if got := compare(t, db, want); len(got) != 0 {
			t.Errorf("got %q, want no drift", got)
		}
	}
	if err := db.Exec("CREATE TABLE strangers (id integer)").Error; err != nil {
		t.Fatal(err)
	}
	if got := compare(t, db, want); len(got) != 0 {
		t.Errorf("with a table that the history lacks: got %q, want no drift", got)
	}
	if got := compare(t, db, schema.Schema{}); len(got) != 0 {
		t.Errorf("with an empty history: got %q, want no drift", got)
	}
}

func TestDrift(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(m *op.Migration)
		want   []string
	}{
		"an added column": {func(m *op.Migration) { m.AddColumn("people", op.Column("phone", op.Text())) },
			[]string{"column people.phone is not in the history"}},
		"a dropped column": {func(m *op.Migration) { m.DropColumn("people", "team_id") }, nil},
		"a dropped index": {func(m *op.Migration) { m.DropIndex("idx_people_age", "people") },
			[]string{"index idx_people_age is missing"}},
		"an added index": {func(m *op.Migration) { m.CreateIndex("idx_more", "people", "mail") },
			[]string{"index idx_more is not in the history"}},
		"a type":          {func(m *op.Migration) { m.AlterColumn("people", "seen").Type(op.String(40)) }, nil},
		"a default":       {func(m *op.Migration) { m.AlterColumn("people", "mail").NoDefault() }, nil},
		"nullability":     {func(m *op.Migration) { m.AlterColumn("people", "age").Nullable() }, nil},
		"a dropped check": {func(m *op.Migration) { m.DropCheck("chk_people_age", "people") }, nil},
		"a changed check": {func(m *op.Migration) {
			m.DropCheck("chk_people_age", "people")
			m.AddCheck("chk_people_age", "people", "age > 1")
		}, nil},
		"a dropped unique": {func(m *op.Migration) { m.DropUnique("uni_people_email", "people") }, nil},
		"a dropped key":    {func(m *op.Migration) { m.DropForeignKey("fk_people_team", "people") }, nil},
		"a changed key": {func(m *op.Migration) {
			m.DropForeignKey("fk_people_team", "people")
			m.AddForeignKey("fk_people_team", "people", "team_id").References("teams", "id")
		}, nil},
		"a dropped table": {func(m *op.Migration) { m.DropTable("nodes") }, []string{"table nodes is missing"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, want := migrated(t, house)
			db, _ := migrated(t, func(m *op.Migration) {
				house(m)
				test.change(m)
			})
			got := compare(t, db, want)
			if len(got) == 0 || test.want != nil && !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q (nil for any)", got, test.want)
			}
		})
	}
}

// TestFailureNamesTheOperation compares with a history whose schema PostgreSQL cannot build.
func TestFailureNamesTheOperation(t *testing.T) {
	t.Parallel()
	db, _ := migrated(t, house)
	want := schema.New(schema.Table{Name: "strange",
		Columns: []schema.Column{{Name: "id", Type: op.Type("nothing_known")}}})
	_, err := drift.Compare(t.Context(), db, want)
	failed, ok := errors.AsType[*ddl.OperationError](err)
	if ok != dbtest.Postgres() || ok && failed.Operation.String() != "create table strange" {
		t.Errorf("got %v, want an OperationError of create table strange on PostgreSQL only", err)
	}
}

// TestAlteredTable compares an altered table, and an unaltered one that it references.
func TestAlteredTable(t *testing.T) {
	t.Parallel()
	fill := func(m *op.Migration) {
		m.CreateTable("parents", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement())
		m.CreateTable("children", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
			op.Column("parent_id", op.Int(64)),
			op.ForeignKey("fk_children_parent", "parent_id").References("parents", "id"))
		m.AddColumn("children", op.Column("name", op.Text()))
	}
	db, want := migrated(t, fill)
	if got := compare(t, db, want); len(got) != 0 {
		t.Errorf("got %q, want no drift", got)
	}
	for _, statement := range []string{"CREATE INDEX idx_more ON parents (id)",
		"ALTER TABLE children ADD COLUMN age integer"} {
		if err := db.Exec(statement).Error; err != nil {
			t.Fatal(err)
		}
	}
	wantDrift := []string{"column children.age is not in the history", "index idx_more is not in the history"}
	if got := compare(t, db, want); !slices.Equal(got, wantDrift) {
		t.Errorf("got %q, want %q", got, wantDrift)
	}
}

// BenchmarkCompare compares tables as created, and tables altered afterwards.
func BenchmarkCompare(b *testing.B) {
	for _, n := range []int{300, 500} {
		b.Run(fmt.Sprintf("created/%d", n), func(b *testing.B) { benchmarkCompare(b, n, false) })
		b.Run(fmt.Sprintf("altered/%d", n), func(b *testing.B) { benchmarkCompare(b, n, true) })
	}
}

func benchmarkCompare(b *testing.B, n int, altered bool) {
	b.Helper()
	db, want := migrated(b, func(m *op.Migration) {
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
			b.Fatalf("got the drift %v, %v; want none, no error", got, err)
		}
	}
}
