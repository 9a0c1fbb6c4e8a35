package lint_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/lint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// base creates the schema that the cases change, with a row in each table.
func base(m *op.Migration) {
	m.CreateTable("teams",
		op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
		op.Column("code", op.String(9)).NotNull().Default("c"),
		op.Column("name", op.Text()),
		op.Unique("uni_teams_code", "code"))
	m.CreateTable("users",
		op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
		op.Column("name", op.String(20)).NotNull().Default("n"),
		op.Column("note", op.Text()),
		op.Column("age", op.Int(32)).NotNull().Default(7),
		op.Column("price", op.Decimal(10, 2)),
		op.Column("seen", op.Time(3)),
		op.Column("born", op.Type("date")),
		op.Column("team_id", op.Int(64)),
		op.Column("checked", op.Int(32)).Default(1),
		op.Check("chk_age", "age > 0"),
		op.ForeignKey("fk_team", "team_id").References("teams", "id"))
	m.CreateIndex("idx_name", "users", "name")
	m.CreateIndex("idx_once", "users", "id", "name").Unique()
	m.CreateTable("logs", op.Column("at", op.Int(64)).NotNull().Default(1), op.Column("line", op.Text()).Default("x"))
	m.CreateIndex("idx_at", "logs", "at").Unique()
	m.CreateIndex("idx_line", "logs", "line").Unique()
	for _, table := range []string{"teams", "users", "logs"} {
		m.SQL("INSERT INTO " + table + " DEFAULT VALUES")
	}
	m.SQL("UPDATE users SET team_id = 1")
	m.SQL("CREATE SCHEMA app")
	m.CreateTable("app.users",
		op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
		op.Column("name", op.String(20)),
		op.Column("team_id", op.Int(64)),
		op.ForeignKey("fk_app_team", "team_id").References("teams", "id"))
	m.CreateIndex("idx_app_name", "app.users", "name")
	m.CreateTable(`Odd "Name`, op.Column("Big Id", op.Int(64)).PrimaryKey(), op.Column("select", op.Text()))
	m.SQL("CREATE TYPE mood AS ENUM ('good', 'bad')")
	m.SQL("CREATE DOMAIN positive AS int")
	m.CreateTable("moods", op.Column("mood", op.Type("mood")), op.Column("n", op.Type("positive")),
		op.Column("a", op.Type("int[]")), op.Column("span", op.Type("int4range")), op.Column("doc", op.Type("json")))
	m.SQL("CREATE VIEW seen AS SELECT mood FROM moods")
	m.SQL("CREATE TABLE parts (id int NOT NULL, x text) PARTITION BY RANGE (id)")
	m.SQL("CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)")
	m.SQL("CREATE TABLE spare (id int NOT NULL, x text)")
	m.SQL("CREATE TABLE elders (id int NOT NULL)")
	m.SQL("INSERT INTO parts VALUES (1, 'x')")
	m.SQL("INSERT INTO spare VALUES (11, 'x')")
	m.SQL("INSERT INTO app.users DEFAULT VALUES")
	m.SQL("INSERT INTO moods VALUES ('good', 1)")
}

// claims are the changes of TestClaims, which checks the claim of the last operation of each.
var claims = map[string]func(m *op.Migration){
	"create a table": func(m *op.Migration) { m.CreateTable("a", op.Column("id", op.Int(64)).PrimaryKey()) },
	"create a table that points at another": func(m *op.Migration) {
		m.CreateTable("a", op.Column("id", op.Int(64)), op.ForeignKey("fk", "id").References("teams", "id"))
	},
	"drop a table":                        func(m *op.Migration) { m.DropTable("logs") },
	"drop a table that points at another": func(m *op.Migration) { m.DropTable("users") },
	"rename a table":                      func(m *op.Migration) { m.RenameTable("users", "people") },
	"comment a table":                     func(m *op.Migration) { m.CommentTable("users", "x") },
	"comment a column":                    func(m *op.Migration) { m.CommentColumn("users", "name", "x") },

	"add a column": func(m *op.Migration) { m.AddColumn("users", op.Column("x", op.Text())) },
	"add a column with a default": func(m *op.Migration) {
		m.AddColumn("users", op.Column("x", op.Text()).NotNull().Default("x"))
	},
	"add a column with a default that is the same for all rows": func(m *op.Migration) {
		m.AddColumn("users", op.Column("x", op.Time()).Default(op.Expr("now()")))
	},
	"add a column with a volatile default": func(m *op.Migration) {
		m.AddColumn("users", op.Column("x", op.Type("uuid")).Default(op.Expr("gen_random_uuid()")))
	},
	"add a column that counts": func(m *op.Migration) {
		m.AddColumn("users", op.Column("x", op.Int(64)).AutoIncrement())
	},
	"add an identity": func(m *op.Migration) {
		m.AddColumn("users", op.Column("x", op.Int(64)).Generated("identity"))
	},
	"add a computed column": func(m *op.Migration) {
		m.AddColumn("users", op.Column("x", op.Int(64)).Generated("age * 2"))
	},
	"add a column that is unique": func(m *op.Migration) { m.AddColumn("users", op.Column("x", op.Type("text UNIQUE"))) },
	"add a column with a check": func(m *op.Migration) {
		m.AddColumn("users", op.Column("x", op.Type("int CHECK (x > 0)")))
	},
	"add a column that points at another table": func(m *op.Migration) {
		m.AddColumn("users", op.Column("x", op.Type("bigint REFERENCES teams")))
	},
	"add a column with a default that points at another table": func(m *op.Migration) {
		m.AddColumn("users", op.Column("x", op.Type("bigint DEFAULT 1 REFERENCES teams")))
	},
	"add a column with a comment": func(m *op.Migration) { m.AddColumn("users", op.Column("x", op.Text()).Comment("x")) },
	"drop a column":               func(m *op.Migration) { m.DropColumn("users", "note") },
	"drop a column in an index":   func(m *op.Migration) { m.DropColumn("users", "name") },
	"drop a foreign key's column": func(m *op.Migration) { m.DropColumn("users", "team_id") },
	"rename a column":             func(m *op.Migration) { m.RenameColumn("users", "note", "notes") },

	"widen a varchar":         func(m *op.Migration) { m.AlterColumn("users", "name").Type(op.String(40)) },
	"widen a varchar to text": func(m *op.Migration) { m.AlterColumn("users", "name").Type(op.Text()) },
	"narrow a varchar":        func(m *op.Migration) { m.AlterColumn("users", "name").Type(op.String(10)) },
	"narrow a text":           func(m *op.Migration) { m.AlterColumn("users", "note").Type(op.String(10)) },
	"widen an integer":        func(m *op.Migration) { m.AlterColumn("users", "age").Type(op.Int(64)) },
	"widen a decimal":         func(m *op.Migration) { m.AlterColumn("users", "price").Type(op.Decimal(12, 2)) },
	"widen a decimal's scale": func(m *op.Migration) { m.AlterColumn("users", "price").Type(op.Decimal(12, 4)) },
	"widen a decimal to any":  func(m *op.Migration) { m.AlterColumn("users", "price").Type(op.Type("numeric")) },
	"a more precise time":     func(m *op.Migration) { m.AlterColumn("users", "seen").Type(op.Time(6)) },
	"a less precise time":     func(m *op.Migration) { m.AlterColumn("users", "seen").Type(op.Time(2)) },
	"a date to a time":        func(m *op.Migration) { m.AlterColumn("users", "born").Type(op.Time()) },
	"another collation, no index": func(m *op.Migration) {
		m.AlterColumn("users", "note").Type(op.Type(`text COLLATE "C"`))
	},
	"another collation, an index": func(m *op.Migration) {
		m.AlterColumn("users", "name").Type(op.Type(`varchar(20) COLLATE "C"`))
	},
	"a conversion": func(m *op.Migration) {
		m.AlterColumn("users", "note").Type(op.Text()).Using("upper(note)")
	},
	"the type of a foreign key":     func(m *op.Migration) { m.AlterColumn("users", "team_id").Type(op.Int(32)) },
	"a default":                     func(m *op.Migration) { m.AlterColumn("users", "note").Default("x") },
	"no default":                    func(m *op.Migration) { m.AlterColumn("users", "name").NoDefault() },
	"nullable":                      func(m *op.Migration) { m.AlterColumn("users", "name").Nullable() },
	"not null":                      func(m *op.Migration) { m.AlterColumn("users", "checked").NotNull() },
	"a column that starts to count": func(m *op.Migration) { m.AlterColumn("logs", "at").NoDefault().AutoIncrement() },
	"a column that stops counting":  func(m *op.Migration) { m.AlterColumn("users", "id").NoAutoIncrement() },
	"a column that becomes an identity, without an index": func(m *op.Migration) {
		m.AlterColumn("users", "age").NoDefault().Generated("identity always")
	},
	"a column that becomes an identity": func(m *op.Migration) {
		m.AlterColumn("logs", "at").NoDefault().Generated("identity")
	},
	"not null by way of a check": func(m *op.Migration) {
		m.AddCheck("chk_null", "users", "checked IS NOT NULL")
		m.AlterColumn("users", "checked").NotNull()
	},
	"not null by way of a check that is not valid": func(m *op.Migration) {
		m.AddCheck("chk_null", "users", "(checked IS NOT NULL)").NotValid()
		m.AlterColumn("users", "checked").NotNull()
	},

	"create an index":            func(m *op.Migration) { m.CreateIndex("i", "users", "age") },
	"create a unique index":      func(m *op.Migration) { m.CreateIndex("i", "users", "age").Unique().Where("age > 1") },
	"drop an index":              func(m *op.Migration) { m.DropIndex("idx_name", "users") },
	"rename an index":            func(m *op.Migration) { m.RenameIndex("idx_name", "i", "users") },
	"add a primary key":          func(m *op.Migration) { m.AddPrimaryKey("logs", "at") },
	"add a primary key of NULLs": func(m *op.Migration) { m.AddPrimaryKey("logs", "line") },
	"a primary key of an index":  func(m *op.Migration) { m.AddPrimaryKey("logs", "at").UsingIndex("idx_at") },
	"a primary key of an index over NULLs": func(m *op.Migration) {
		m.AddPrimaryKey("logs", "line").UsingIndex("idx_line")
	},
	"drop a primary key": func(m *op.Migration) { m.DropPrimaryKey("users") },
	"add a unique":       func(m *op.Migration) { m.AddUnique("u", "users", "age") },
	"a unique of an index": func(m *op.Migration) {
		m.AddUnique("u", "users", "id", "name").UsingIndex("idx_once")
	},
	"drop a unique": func(m *op.Migration) { m.DropUnique("uni_teams_code", "teams") },
	"add a check":   func(m *op.Migration) { m.AddCheck("c", "users", "age < 99") },
	"add a check, not valid": func(m *op.Migration) {
		m.AddCheck("c", "users", "age < 99").NotValid()
	},
	"validate a check": func(m *op.Migration) {
		m.AddCheck("c", "users", "age < 99").NotValid()
		m.ValidateCheck("c", "users")
	},
	"validate a valid check": func(m *op.Migration) { m.ValidateCheck("chk_age", "users") },
	"drop a check":           func(m *op.Migration) { m.DropCheck("chk_age", "users") },
	"add a foreign key":      func(m *op.Migration) { m.AddForeignKey("f", "logs", "at").References("teams", "id") },
	"add a foreign key, not valid": func(m *op.Migration) {
		m.AddForeignKey("f", "logs", "at").References("teams", "id").NotValid()
	},
	"validate a foreign key": func(m *op.Migration) {
		m.AddForeignKey("f", "logs", "at").References("teams", "id").NotValid()
		m.ValidateForeignKey("f", "logs")
	},
	"drop a foreign key":  func(m *op.Migration) { m.DropForeignKey("fk_team", "users") },
	"rename a constraint": func(m *op.Migration) { m.RenameConstraint("chk_age", "c", "users") },
	"a key that a foreign key depends on": func(m *op.Migration) {
		m.AddForeignKey("f", "logs", "line").References("teams", "code").NotValid()
		m.CreateIndex("i", "teams", "code").Unique()
		m.DropUnique("uni_teams_code", "teams")
	},

	"SQL: update": func(m *op.Migration) { m.SQL("UPDATE users SET note = 'x'") },
	"SQL: delete": func(m *op.Migration) { m.SQL("DELETE FROM logs") },
	"SQL: insert": func(m *op.Migration) { m.SQL("INSERT INTO logs VALUES (9, 'y')") },
	"SQL: lock":   func(m *op.Migration) { m.SQL("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE") },
	"SQL: several actions": func(m *op.Migration) {
		m.SQL("ALTER TABLE public.users ADD x int, ADD CONSTRAINT c CHECK (age IN (7, 8)) NOT VALID, " +
			"ALTER note SET STATISTICS 10")
	},
	"SQL: an index":     func(m *op.Migration) { m.SQL("CREATE INDEX ON ONLY users USING btree (age)") },
	"SQL: a trigger":    func(m *op.Migration) { m.SQL("ALTER TABLE users DISABLE TRIGGER USER") },
	"SQL: storage":      func(m *op.Migration) { m.SQL("ALTER TABLE users SET (fillfactor = 70)") },
	"SQL: unlogged":     func(m *op.Migration) { m.SQL("ALTER TABLE logs SET UNLOGGED") },
	"SQL: two commands": func(m *op.Migration) { m.SQL("ALTER TABLE users ADD x int; COMMENT ON TABLE logs IS 'x'") },
}

// TestClaims runs each step on a server in one transaction, and compares the locks it holds and the work it has done
// with the claim.
//
//nolint:tparallel // the steps share a database and run one after another
func TestClaims(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has no such locks")
	}
	db := dbtest.New(t)
	before := migrate(t, db, schema.Schema{}, op.Record(base)...)
	for name, sql := range statements {
		claims["SQL: "+name] = func(m *op.Migration) { m.SQL(sql) }
	}
	for _, name := range slices.Sorted(maps.Keys(claims)) {
		operations := op.Record(claims[name])
		last := len(operations) - 1
		t.Run(name, func(t *testing.T) {
			schema := migrate(t, db, before, operations[:last]...)
			defer func() { undo(t, db, schema, operations[:last], before) }()
			claim, err := lint.Of(operations[last], schema)
			if err != nil {
				t.Fatal(err)
			}
			tx := db.Begin()
			defer tx.Rollback()
			was := relationsOf(t, tx)
			migrate(t, tx, schema, operations[last])
			if claim.Work == lint.Unknown && !claim.NonBlocking {
				return
			}
			if got, want := describe(claim), observed(t, tx, was, claim); got != want {
				t.Errorf("got claim %s\nwant      %s", got, want)
			}
		})
	}
}

func migrate(t *testing.T, db *gorm.DB, s schema.Schema, operations ...op.Operation) schema.Schema {
	t.Helper()
	for _, o := range operations {
		var err error
		if s, err = ddl.Execute(t.Context(), db, o, s); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func undo(t *testing.T, db *gorm.DB, after schema.Schema, operations []op.Operation, before schema.Schema) {
	t.Helper()
	back, err := op.ReverseAll(before, operations)
	if err != nil {
		t.Fatal(err)
	}
	migrate(t, db, after, back...)
}

// describe formats a claim as observed does: locks sorted by table, then the work. Changing rows leaves no trace, so it
// counts as a moment.
func describe(c lint.Claim) string {
	var all []string
	for _, l := range c.Locks {
		all = append(all, l.Table+" "+l.Mode.String())
	}
	slices.Sort(all)
	all = slices.Compact(all)
	work := c.Work.String() + " of " + c.On
	if c.Work == lint.Moment || c.Work == lint.Rows {
		work = "moment"
	}
	return strings.Join(append(all, work), ", ")
}

// relation is a table or an index, and how often this transaction has scanned it.
type relation struct {
	ID    int64
	Name  string
	Table int64 // of an index
	File  int64
	Scans int64
	Size  int64
}

func relationsOf(t *testing.T, tx *gorm.DB) map[int64]relation {
	t.Helper()
	var all []relation
	err := tx.Raw(`SELECT c.oid AS id, CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END ||
				CASE WHEN c.relispartition AND c.relkind = 'r' THEN 'parts' ELSE c.relname END AS name, -- as in claims
			i.indrelid AS "table", c.relfilenode AS file, pg_stat_get_xact_numscans(c.oid) AS scans,
			pg_relation_size(c.oid) AS size
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
		WHERE n.nspname IN ('public', 'app') AND c.relkind IN ('r', 'i', 'p', 'I')`).Scan(&all).Error
	if err != nil {
		t.Fatal(err)
	}
	byID := map[int64]relation{}
	for _, r := range all {
		byID[r.ID] = r
	}
	return byID
}

// observed describes the locks that the transaction holds on existing relations and its work on them, as describe does.
func observed(t *testing.T, tx *gorm.DB, was map[int64]relation, claim lint.Claim) string {
	t.Helper()
	var locks []struct {
		ID   int64
		Mode string
	}
	err := tx.Raw(`SELECT relation AS id,
			upper(regexp_replace(replace(mode, 'Lock', ''), '(.)([A-Z])', '\1 \2', 'g')) AS mode
		FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'`).Scan(&locks).Error
	if err != nil {
		t.Fatal(err)
	}
	strongest := map[string]lint.Mode{}
	for _, l := range locks {
		table := was[l.ID]
		if table.Name == "" || table.Table != 0 {
			continue
		}
		for m := lint.None; m <= lint.AccessExclusive; m++ {
			if m.String() == l.Mode {
				strongest[table.Name] = max(strongest[table.Name], m)
			}
		}
	}
	for _, l := range claim.Locks { // foreign keys lock only where there are rows
		if l.Mode <= lint.RowExclusive {
			strongest[l.Table] = max(strongest[l.Table], l.Mode)
		}
	}
	var all []string
	for _, table := range slices.Sorted(maps.Keys(strongest)) {
		all = append(all, table+" "+strongest[table].String())
	}
	return strings.Join(append(all, worked(was, relationsOf(t, tx), claim)), ", ")
}

// worked describes the longest work; of several tables read, it prefers the one in the claim.
func worked(was, is map[int64]relation, claim lint.Claim) string {
	work, on := lint.Moment, ""
	note := func(w lint.Work, table string) {
		if w > work || w == work && table == claim.On {
			work, on = w, table
		}
	}
	files := map[int64]bool{} // an index that is not rebuilt gets a new id but keeps its file
	for _, r := range was {
		files[r.File] = true
	}
	for _, id := range slices.Sorted(maps.Keys(is)) {
		r := is[id]
		old, there := was[id]
		table := r.ID
		if r.Table != 0 {
			table = r.Table
		}
		switch {
		case is[table].Size == 0 && was[table].Size > 0: // truncated
		case r.Table != 0 && was[r.Table].Name != "" && !files[r.File]:
			note(lint.Build, was[r.Table].Name)
		case r.Table == 0 && there && r.File != old.File:
			note(lint.Rewrite, old.Name)
		case r.Table == 0 && there && r.Scans > old.Scans:
			note(lint.Scan, old.Name)
		}
	}
	switch {
	case claim.Work == lint.Rows:
		return "moment"
	case work == lint.Moment && claim.NonBlocking:
		return claim.Work.String() + " of " + claim.On // ANALYZE reads a sample
	case work == lint.Moment:
		return "moment"
	}
	return work.String() + " of " + on
}
