package ddl_test

import (
	"regexp"
	"strings"
	"testing"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// script returns the SQL of the operations as a script.
func script(t *testing.T, d schema.Dialect, fill func(m *op.Migration)) string {
	t.Helper()
	var lines []string
	var s schema.Schema
	for _, o := range op.Record(fill) {
		statements, err := ddl.Statements(d, o, s)
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range statements {
			lines = append(lines, statement.String())
		}
		if s, err = o.Apply(s); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestStatements(t *testing.T) {
	t.Parallel()
	fill := func(m *op.Migration) {
		m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement())
		m.CreateTable("users",
			op.Column("id", op.Uint(32)).PrimaryKey().AutoIncrement(),
			op.Column("email", op.String(254)).NotNull().Default(`it's \ "x"`),
			op.Column("data", op.TypeFor(op.Dialects{Postgres: "jsonb", SQLite: "JSON"})).Default(nil),
			op.Column("born", op.Time(3)).Default(op.Expr("now()")).Comment("when"),
			op.Column("team_id", op.Int(64)),
			op.Unique("uni_users_email", "email"),
			op.Check("chk_users_email", "email <> ''"),
			op.ForeignKey("fk_users_team", "team_id").References("teams", "id").OnDelete("SET NULL"),
		)
		m.AddColumn("users", op.Column("phone", op.String(32)))
		m.BatchesSQL("users", 1000, "UPDATE users SET phone = NULL WHERE {rows}")
		m.CreateIndex("idx_users_phone", "users", "phone").Unique().Where("phone <> ''").Using("btree")
		m.CreateIndex("idx_users_expr", "users").On(op.Expr("lower(email)"), op.Desc("born")).With("WITH (fillfactor = 70)").
			Concurrently()
		m.DropIndex("idx_users_expr", "users")
		m.DropColumn("users", "phone")
		m.SQLFor(op.Dialects{Postgres: "CREATE EXTENSION citext"})
		m.Run(nil).Named("fill in")
		m.DropTable("users")
	}
	want := map[schema.Dialect]string{
		schema.Postgres: `CREATE TABLE "teams" (
  "id" bigserial,
  PRIMARY KEY ("id")
);
CREATE TABLE "users" (
  "id" bigserial,
  "email" varchar(254) NOT NULL DEFAULT E'it''s \\ "x"',
  "data" jsonb DEFAULT NULL,
  "born" timestamptz(3) DEFAULT now(),
  "team_id" bigint,
  PRIMARY KEY ("id"),
  CONSTRAINT "fk_users_team" FOREIGN KEY ("team_id") REFERENCES "teams" ("id") ON DELETE SET NULL,
  CONSTRAINT "uni_users_email" UNIQUE ("email"),
  CONSTRAINT "chk_users_email" CHECK (email <> '')
);
COMMENT ON COLUMN "users"."born" IS 'when';
ALTER TABLE "users" ADD COLUMN "phone" varchar(32);
-- The program does this in batches of 1000 rows of users.
UPDATE users SET phone = NULL WHERE true;
CREATE UNIQUE INDEX "idx_users_phone" ON "users" USING btree ("phone") WHERE phone <> '';
CREATE INDEX CONCURRENTLY IF NOT EXISTS "idx_users_expr" ON "users" (lower(email), "born" DESC) WITH (fillfactor = 70);
-- stop unless the index exists, is valid and is the one wanted
DO …;
DROP INDEX "idx_users_expr";
DROP INDEX "idx_users_phone";
ALTER TABLE "users" DROP COLUMN "phone";
CREATE EXTENSION citext;
-- run data step: fill in (Go code: only the program can run it)
DROP TABLE "users";
`,
		schema.SQLite: "CREATE TABLE `teams` (\n" +
			"  `id` integer PRIMARY KEY AUTOINCREMENT\n" +
			");\n" +
			"CREATE TABLE `users` (\n" +
			"  `id` integer PRIMARY KEY AUTOINCREMENT,\n" +
			"  `email` text NOT NULL DEFAULT 'it''s \\ \"x\"',\n" +
			"  `data` JSON DEFAULT NULL,\n" +
			"  `born` datetime DEFAULT CURRENT_TIMESTAMP,\n" +
			"  `team_id` integer,\n" +
			"  CONSTRAINT `fk_users_team` FOREIGN KEY (`team_id`) REFERENCES `teams` (`id`) ON DELETE SET NULL,\n" +
			"  CONSTRAINT `uni_users_email` UNIQUE (`email`),\n" +
			"  CONSTRAINT `chk_users_email` CHECK (email <> '')\n" +
			");\n" +
			"ALTER TABLE `users` ADD COLUMN `phone` text;\n" +
			"-- The program does this in batches of 1000 rows of users.\n" +
			"UPDATE users SET phone = NULL WHERE true;\n" +
			"CREATE UNIQUE INDEX `idx_users_phone` ON `users` (`phone`) WHERE phone <> '';\n" +
			"CREATE INDEX `idx_users_expr` ON `users` (lower(email), `born` DESC);\n" +
			"DROP INDEX `idx_users_expr`;\n" +
			"DROP INDEX `idx_users_phone`;\n" +
			"ALTER TABLE `users` DROP COLUMN `phone`;\n" +
			"-- run data step: fill in (Go code: only the program can run it)\n" +
			"DROP TABLE `users`;\n",
	}
	block := regexp.MustCompile(`(?s)DO \$check\$.*\$check\$;\n`)
	for _, d := range schema.Dialects() {
		if got := block.ReplaceAllString(script(t, d, fill), "DO …;\n"); got != want[d] {
			t.Errorf("%s: got\n%s\nwant\n%s", d, got, want[d])
		}
	}
}

// TestTransactionTextWithParameters checks SQL that Go code executes, with its parameters.
func TestTransactionTextWithParameters(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text                 string
		control, dropsInLite bool
	}{
		{"UPDATE t SET a = ?", false, false},
		{"UPDATE t SET a = ?; COMMIT", true, false},
		{"UPDATE t SET a = $1; SAVEPOINT s", false, false},
		{"UPDATE t SET a = ?; DROP TABLE t", false, true},
		{"UPDATE t SET a = 'DROP TABLE t' -- ; DROP TABLE t", false, false},
	} {
		for _, d := range schema.Dialects() {
			if got := ddl.CheckTransactionText(d, test.text) != nil; got != test.control {
				t.Errorf("%s: %s: got controls transaction %t, want %t", d, test.text, got, test.control)
			}
		}
		if got := ddl.DropsTablesText(test.text); got != test.dropsInLite {
			t.Errorf("%s: got drops tables %t, want %t", test.text, got, test.dropsInLite)
		}
	}
}

// TestStatementsOutsideATransaction checks which statements PostgreSQL does not run in a transaction.
func TestStatementsOutsideATransaction(t *testing.T) {
	t.Parallel()
	before := schema.New(schema.Table{Name: "users", Columns: []schema.Column{{Name: "id", Type: op.Int(64)}}})
	for name, test := range map[string]struct {
		change func(m *op.Migration)
		want   []bool // on PostgreSQL; none on SQLite
	}{
		"SQL": {func(m *op.Migration) {
			m.SQL("SELECT 1; CREATE INDEX CONCURRENTLY idx ON users (id); DROP TABLE users")
		}, []bool{false, true, false}},
		"an index": {func(m *op.Migration) { m.CreateIndex("idx", "users", "id") }, []bool{false}},
		"an index, concurrently": {func(m *op.Migration) { m.CreateIndex("idx", "users", "id").Concurrently() },
			[]bool{true, true}},
	} {
		for _, d := range schema.Dialects() {
			statements, err := ddl.Statements(d, op.Record(test.change)[0], before)
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range statements {
				if want := d == schema.Postgres && test.want[i]; s.Outside != want {
					t.Errorf("%s on %s: %s: got outside %t, want %t", name, d, s, s.Outside, want)
				}
			}
		}
	}
}

// TestRemarks checks the comments of scripts about what their SQL does not do.
func TestRemarks(t *testing.T) {
	t.Parallel()
	before := schema.New(schema.Table{Name: "users", Columns: []schema.Column{
		{Name: "id", Type: op.Int(64)}, {Name: "n", Type: op.Int(64)},
	}, PrimaryKey: schema.PrimaryKey{Columns: []string{"id"}}})
	for name, test := range map[string]struct {
		change           func(m *op.Migration)
		sqlite, postgres string
	}{
		"a rebuild": {func(m *op.Migration) { m.AlterColumn("users", "n").Type(op.Text()) },
			"rebuild users with foreign keys off; create its triggers, unknown offline, again", ""},
		"batches": {func(m *op.Migration) { m.BatchesSQL("users", 7, "UPDATE users SET n = 1 WHERE {rows}") },
			"The program does this in batches of 7 rows of users.", "The program does this in batches of 7 rows of users."},
		"SQL": {func(m *op.Migration) { m.SQL("SELECT 1") }, "", ""},
	} {
		for d, want := range map[schema.Dialect]string{schema.SQLite: test.sqlite, schema.Postgres: test.postgres} {
			statements, err := ddl.Statements(d, op.Record(test.change)[0], before)
			if err != nil {
				t.Fatal(err)
			}
			if got := statements[0].Remark; got != want {
				t.Errorf("%s on %s: got the remark %q, want %q", name, d, got, want)
			}
		}
	}
}
