package ddl

import (
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// fixture creates a schema with nearly everything: composite keys, circular and self-referencing foreign keys, indexes
// and defaults of every kind, and names that need quotes.
func fixture(m *op.Migration) {
	m.CreateTable("teams",
		op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
		op.Column("name", op.String(64)).NotNull(),
		op.Column("Full Name", op.Text()).Default(`it's "q" \ back`),
		op.Column("active", op.Bool()).NotNull().Default(true),
		op.Column("score", op.Decimal(10, 2)).Default(1.5),
		op.Column("parent_id", op.Int(64)),
		op.Column("captain_id", op.Int(64)),
		op.Comment("who plays"),
		op.ForeignKey("fk_teams_parent", "parent_id").References("teams", "id").OnDelete("CASCADE"),
	)
	m.CreateTable("users",
		op.Column("id", op.Uint(32)).PrimaryKey().AutoIncrement(),
		op.Column("email", op.String(254)).NotNull().Comment("it's where to write"),
		op.Column("team_id", op.Int(64)),
		op.Column("age", op.String(8)).Default("7"),
		op.Column("level", op.Int(32)).NotNull().Default(3),
		op.Column("nick", op.String(32)).Default(nil).Comment("short"),
		op.Column("flag", op.String(8)),
		op.Column("data", op.Bytes()),
		op.Column("doc", op.TypeFor(op.Dialects{Postgres: "jsonb", SQLite: "JSON"})),
		op.Column("created_at", op.Time(3)).NotNull().Default(op.Expr("CURRENT_TIMESTAMP")),
		op.Unique("uni_users_email", "email"),
		op.Unique("uni_users_nick", "nick", "level"),
		op.Check("chk_users_level", "level >= 0 AND level < 100"),
		op.ForeignKey("fk_users_team", "team_id").References("teams", "id").OnDelete("CASCADE").OnUpdate("SET NULL"),
	)
	m.AddForeignKey("fk_teams_captain", "teams", "captain_id").References("users", "id").OnDelete("SET NULL")
	m.CreateIndex("idx_users_nick", "users", "nick").Unique().Where("nick IS NOT NULL AND nick <> ''")
	m.CreateIndex("idx_users_email", "users").On(op.Expr("lower(email)"), op.Desc("level"), op.Asc("id"))
	m.CreateIndex("Odd Index", "teams", "Full Name")
	m.CreateTable("Order",
		op.Column("user_id", op.Uint(32)),
		op.Column("select", op.String(16)),
		op.Column("Qu\"ote`d", op.Int(16)).NotNull().Default(0),
		op.PrimaryKey("select", "user_id"),
		op.Check("Order Check", `"select" <> 'from'`),
		op.ForeignKey("fk_order_user", "user_id").References("users", "id").OnDelete("CASCADE"),
	)
	m.CreateTable("logs",
		op.Column("line", op.Text()).NotNull().Default(""),
		op.Column("at", op.Int(64)),
		op.Column("size", op.Float(64)),
	)
}

// rows returns statements that fill every table, with parents whose deletion would cascade, and with counters ahead of
// the largest key.
func rows() []string {
	return []string{
		`INSERT INTO teams (name, parent_id) VALUES ('one', NULL), ('two', 1), ('three', 2), ('gone', NULL)`,
		`DELETE FROM teams WHERE name = 'gone'`,
		`INSERT INTO users (email, team_id, age, nick, flag, data, created_at) VALUES
			('a@x', 1, '41', 'al', 'true', 'x', '2026-01-02 03:04:05'),
			('b@x', 2, '42', NULL, 'false', NULL, '2026-01-02 03:04:05'),
			('c@x', NULL, NULL, '', NULL, NULL, '2026-01-02 03:04:05')`,
		`INSERT INTO users (email, created_at) VALUES ('gone', '2026-01-02 03:04:05')`,
		`DELETE FROM users WHERE email = 'gone'`,
		`UPDATE teams SET captain_id = 1`,
		`INSERT INTO "Order" (user_id, "select") VALUES (1, 'a'), (1, 'b'), (2, 'a')`,
		`INSERT INTO logs (line, at, size) VALUES ('l', 1, 0.5), ('l', 1, 0.5), ('', NULL, NULL)`,
	}
}

// strangers returns statements that create objects that the history does not know.
func strangers(d schema.Dialect) []string {
	if d == schema.Postgres {
		return []string{`CREATE VIEW team_names AS SELECT id, name FROM teams`}
	}
	return []string{
		`CREATE VIEW team_names AS SELECT id, name FROM teams`,
		`CREATE VIEW members AS SELECT users.id AS id, teams.name FROM users JOIN teams ON teams.id = users.team_id`,
		`CREATE TRIGGER users_log AFTER UPDATE ON users BEGIN
			INSERT INTO logs (line) VALUES ('user ' || new.id); END`,
		`CREATE TRIGGER logs_count AFTER DELETE ON logs BEGIN UPDATE teams SET parent_id = NULL WHERE id = -1; END`,
		`CREATE TRIGGER members_delete INSTEAD OF DELETE ON members BEGIN DELETE FROM users WHERE id = old.id; END`,
		`CREATE INDEX by_hand ON users (team_id DESC)`,
	}
}

// filled returns a database with the fixture, its rows and the strangers, and the schema of the fixture.
func (s server) filled(t *testing.T) (testDB, schema.Schema) {
	t.Helper()
	db := s.open(t)
	before := db.must(t, schema.Schema{}, op.Record(fixture))
	db.Exec(t, rows()...)
	db.Exec(t, strangers(s.Dialect)...)
	return db, before
}
