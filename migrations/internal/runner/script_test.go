package runner_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// varied returns a history with rows, and with operations for which SQLite rebuilds tables.
func varied() []revision.Revision {
	tables := revision.Revision{
		ID: "v1", File: "v1.go",
		Upgrade: func(m *op.Migration) {
			m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("name", op.String(20)).NotNull())
			m.CreateTable("people",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("name", op.String(20)).NotNull().Default("it's"),
				op.Column("age", op.String(3)),
				op.Column("team_id", op.Int(64)),
				op.Unique("uni_people_name", "name"))
			m.CreateIndex("idx_people_team", "people", "team_id")
			m.SQL("INSERT INTO teams (name) VALUES ('reds')")
			m.SQL("INSERT INTO people (name, age, team_id) VALUES ('ann', '7', 1), ('o''neil', NULL, NULL)")
		},
		Downgrade: func(m *op.Migration) {
			m.DropTable("people")
			m.DropTable("teams")
		},
	}
	changes := revision.Revision{
		ID: "v2", DownRevision: []string{"v1"}, File: "v2.go",
		Upgrade: func(m *op.Migration) {
			m.AlterColumn("people", "age").Type(op.Int(64)).Using("age::bigint").
				UsingFor(op.Dialects{Postgres: "age::bigint", SQLite: "CAST(age AS integer)"})
			m.AddForeignKey("fk_people_team", "people", "team_id").References("teams", "id").OnDelete("CASCADE")
			m.AddCheck("chk_people_age", "people", "age > 0")
			m.RenameColumn("people", "name", "full_name")
			m.RenameTable("teams", "crews")
		},
		Downgrade: func(m *op.Migration) {
			m.RenameTable("crews", "teams")
			m.RenameColumn("people", "full_name", "name")
			m.DropCheck("chk_people_age", "people")
			m.DropForeignKey("fk_people_team", "people")
			m.AlterColumn("people", "age").Type(op.String(3))
		},
	}
	index := revision.Revision{
		ID: "v3", DownRevision: []string{"v2"}, File: "v3.go",
		Upgrade:   func(m *op.Migration) { m.CreateIndex("idx_people_age", "people", "age").Concurrently() },
		Downgrade: func(m *op.Migration) { m.DropIndex("idx_people_age", "people").Concurrently() },
	}
	return []revision.Revision{tables, changes, index}
}

// TestScriptsDoWhatRunsDo runs scripts with psql or sqlite3, up and down, and compares with a run.
func TestScriptsDoWhatRunsDo(t *testing.T) {
	t.Parallel()
	live := dbtest.New(t)
	address := dbtest.URL(t)
	offline := dbtest.Open(t, address)
	r := newRunner(t, live, varied()...)
	g := r.History.Graph
	for _, move := range []struct{ from, to string }{{"base", "v1"}, {"v1", "v3"}, {"v3", "v1"}, {"v1", "head"},
		{"head", "base"}} {
		applied, err := g.At(move.from)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := g.Upgrade(applied, move.to)
		if move.to == "base" || err == nil && len(plan.Steps) == 0 {
			plan, err = g.Downgrade(applied, move.to)
		}
		if err != nil {
			t.Fatal(err)
		}
		script, err := r.History.Script(schema.Dialect(live.Name()), applied, plan)
		if err != nil {
			t.Fatal(err)
		}
		feed(t, address, script.Text)
		if plan.Steps[0].Kind == graph.Upgrade {
			_, err = r.Upgrade(t.Context(), move.to)
		} else {
			_, err = r.Downgrade(t.Context(), move.to)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, want := contents(t, offline), contents(t, live); !slices.Equal(got, want) {
			t.Errorf("%s:%s: the script left\n%s\nthe run left\n%s\nscript:\n%s", move.from, move.to,
				strings.Join(got, "\n"), strings.Join(want, "\n"), script.Text)
		}
	}
}

// feed runs a script with psql or sqlite3.
func feed(t *testing.T, address, script string) {
	t.Helper()
	var program string
	var arguments []string
	if path, ok := strings.CutPrefix(address, "sqlite:///"); ok {
		program, arguments = dbtest.Program(t, "sqlite3", "sqlite3"), []string{"-bail", filepath.FromSlash(path)}
	} else {
		program = dbtest.Program(t, "psql", "postgresql-client")
		arguments = []string{"-X", "-q", "-v", "ON_ERROR_STOP=1", address}
	}
	c := exec.CommandContext(t.Context(), program, arguments...)
	c.Stdin = strings.NewReader(script)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s\n%s", program, err, out, script)
	}
}

// contents lists a database's schema and rows.
func contents(t *testing.T, db *gorm.DB) []string {
	t.Helper()
	queries := []string{
		"SELECT m.name || ' ' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || coalesce(c.dflt_value, '') || " +
			"' ' || c.pk" +
			" FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'",
		"SELECT m.name || ' ' || k.\"from\" || ' ' || k.\"table\" || ' ' || k.\"to\" || ' ' || k.on_delete" +
			" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k WHERE m.type = 'table'",
		"SELECT name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE type <> 'table'",
		"SELECT name || ' checked' FROM sqlite_master WHERE sql LIKE '%chk_people_age%CHECK (age > 0)%'",
	}
	if db.Name() == "postgres" {
		queries = []string{
			`SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' ||
					coalesce(character_maximum_length, 0) || ' ' || is_nullable || ' ' || coalesce(column_default, '')
				FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1`,
			"SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1",
			"SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE " +
				"conrelid <> 0 AND connamespace = current_schema()::regnamespace ORDER BY 1",
		}
	}
	for table, columns := range map[string]string{
		"migrations": "id", "teams": "id || name", "crews": "id || name", "people": "id || coalesce(age || '', 'none')",
	} {
		if db.Migrator().HasTable(table) {
			queries = append(queries, "SELECT '"+table+" ' || "+columns+" FROM "+table)
		}
	}
	var lines []string
	for _, query := range queries {
		var some []string
		if err := db.Raw(query).Scan(&some).Error; err != nil {
			t.Fatal(err)
		}
		lines = append(lines, some...)
	}
	slices.Sort(lines)
	return lines
}

func TestStampScript(t *testing.T) {
	t.Parallel()
	address := dbtest.URL(t)
	db := dbtest.Open(t, address)
	r := newRunner(t, db, create("a"), create("b", "a"), create("c", "a"), create("d", "b"))
	for _, test := range []struct {
		from   string // empty for any state
		target []string
		want   []string
	}{
		{"", []string{"d"}, []string{"a", "b", "d"}},
		{"", []string{"c"}, []string{"a", "b", "c", "d"}},
		{"", []string{"b"}, []string{"a", "b", "c"}},
		{"", []string{"heads"}, []string{"a", "b", "c", "d"}},
		{"heads", []string{"d"}, []string{"a", "b", "c", "d"}},
		{"heads", []string{"a"}, []string{"a"}},
		{"a", []string{"c", "d"}, []string{"a", "b", "c", "d"}},
		{"", []string{"base"}, nil},
		{"base", []string{"b"}, []string{"a", "b"}},
		{"b", []string{"base"}, nil},
	} {
		script, err := r.History.StampScript(schema.Dialect(db.Name()), test.target...)
		if test.from != "" {
			script, err = r.History.StampScriptFrom(schema.Dialect(db.Name()), test.from, test.target...)
		}
		if err != nil {
			t.Fatal(err)
		}
		feed(t, address, script)
		wantApplied(t, db, test.want...)
	}
}

// TestScriptsStopAtErrors checks that each script for sqlite3 tells it to stop at an error, and names its steps.
func TestScriptsStopAtErrors(t *testing.T) {
	t.Parallel()
	a, b := create("a"), create("b", "a")
	history := newRunner(t, nil, a, b).History
	for _, d := range schema.Dialects() {
		stamp, err := history.StampScript(d, "b")
		from, fromErr := history.StampScriptFrom(d, "a", "b")
		if err != nil || fromErr != nil {
			t.Fatal(err, fromErr)
		}
		for name, script := range map[string]string{
			"upgrade": upgradeScript(t, d, nil, a, b), "stamp": stamp, "stamp from": from,
		} {
			if stops := strings.Contains(script, "\n.bail on\n"); stops != (d == schema.SQLite) {
				t.Errorf("%s on %s: stops at errors: %t\n%s", name, d, stops, script)
			}
			step := map[string]string{"upgrade": "upgrade a -> b", "stamp from": "stamp_revision a -> b"}[name]
			if step != "" && !strings.Contains(script, "-- Running "+step) {
				t.Errorf("%s on %s: got no step %q in\n%s", name, d, step, script)
			}
		}
	}
}

func TestStamp(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	r := newRunner(t, db, create("a"), create("b", "a"))
	if plan, err := r.Stamp(t.Context(), false, "head"); err != nil || len(plan.Steps) != 1 {
		t.Fatalf("got %+v, %v; want one step, no error", plan, err)
	}
	wantApplied(t, db, "a", "b")
	var unknown *graph.UnknownRevisionError
	if _, err := r.Stamp(t.Context(), false, "zz"); !errors.As(err, &unknown) {
		t.Errorf("got %v, want %T", err, unknown)
	}
	if _, err := r.Upgrade(t.Context(), "head"); err != nil {
		t.Error(err)
	}
	if db.Migrator().HasTable("t_a") {
		t.Error("got table t_a, want the stamped revision not run")
	}
}
