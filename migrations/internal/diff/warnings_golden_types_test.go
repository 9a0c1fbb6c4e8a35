package diff_test

import "guestlist/migrations/op"

func typeScenarios() []scenario {
	retype := func(column, of string) func(m *op.Migration) {
		return func(m *op.Migration) { m.AlterColumn("users", column).Type(op.Type(of)) }
	}
	return []scenario{
		{"the same on both databases", retype("a", "integer")},
		{"refused", retype("b", "bytea[]")},
		{"refused, with advice for times", func(m *op.Migration) { m.AlterColumn("users", "a").Type(op.Time()) }},
		{"refused, with a conversion", func(m *op.Migration) {
			m.AlterColumn("users", "a").Type(op.Time()).UsingFor(op.Dialects{Postgres: "now()", SQLite: "'2000-01-01'"})
		}},
		{"a conversion on PostgreSQL only", func(m *op.Migration) {
			m.AlterColumn("users", "c").Type(op.Int(64)).UsingFor(op.Dialects{Postgres: "trunc(c)"})
		}},
		{"a conversion on SQLite only", func(m *op.Migration) {
			m.AlterColumn("users", "c").Type(op.Int(64)).UsingFor(op.Dialects{SQLite: "round(c)"})
		}},
		{"values that do not convert", retype("b", "integer")},
		{"a loss without a query", retype("team_id", "money")},
		{"a loss only", retype("c", "real")},
		{"a failure only", func(m *op.Migration) { m.AlterColumn("users", "n").Type(op.Int(16)) }},
		{"a name in quotes", func(m *op.Migration) { m.AlterColumn("users", "Odd \"x").Type(op.Int(8)) }},
		{"a table with a schema", func(m *op.Migration) { m.AlterColumn("app.Free", "x").Type(op.Int(16)) }},
		{"of a new column", func(m *op.Migration) {
			m.AddColumn("users", op.Column("d", op.Int(64)))
			m.AlterColumn("users", "d").Type(op.Int(16))
		}},
		{"of a new column with a default", func(m *op.Migration) {
			m.AddColumn("users", op.Column("d", op.Int(64)).Default(1))
			m.AlterColumn("users", "d").Type(op.Int(16))
		}},
		{"values that become equal", func(m *op.Migration) {
			m.AddUnique("uni_c", "users", "c", "b")
			m.AlterColumn("users", "c").Type(op.Int(64))
		}},
		{"values that become equal in a key", func(m *op.Migration) {
			m.AlterColumn("teams", "name").Type(op.Type("char(3)"))
		}},
		{"values that become equal, and are numbers", func(m *op.Migration) {
			m.AddUnique("uni_b", "users", "b")
			m.AlterColumn("users", "b").Type(op.Type("numeric(5,1)"))
		}},
		{"values that stay unique", func(m *op.Migration) { m.AlterColumn("users", "n").Type(op.Int(32)) }},
		{"values that become what a check forbids", func(m *op.Migration) {
			m.AddCheck("chk_c", "users", "c  >\n1")
			m.AlterColumn("users", "c").Type(op.Int(64))
		}},
		{"a check of another column", func(m *op.Migration) {
			m.AddCheck("chk_b", "users", "b <> 'c'")
			m.AlterColumn("users", "c").Type(op.Int(64))
		}},
		{"a collation", func(m *op.Migration) {
			m.AddUnique("uni_b", "users", "b")
			m.AlterColumn("users", "b").Type(op.Type("text COLLATE nocase"))
		}},
		{"a collation that tells values apart", func(m *op.Migration) {
			m.AddUnique("uni_b", "users", "b")
			m.AlterColumn("users", "b").Type(op.Type(`text COLLATE "C"`))
		}},
		{"a collation of a language", func(m *op.Migration) {
			m.AddUnique("uni_b", "users", "b")
			m.AlterColumn("users", "b").Type(op.Type(`text COLLATE "de_DE"`))
		}},
		{"the binary collation", func(m *op.Migration) {
			m.AddUnique("uni_b", "users", "b")
			m.AlterColumn("users", "b").Type(op.Type(`text COLLATE binary`))
		}},
		{"a collation that stays", func(m *op.Migration) {
			m.AlterColumn("users", "b").Type(op.Type("varchar(9) COLLATE nocase"))
			m.AddUnique("uni_b", "users", "b")
			m.AlterColumn("users", "b").Type(op.Type("text COLLATE NoCase"))
		}},
		{"unique in the type", retype("a", "bigint UNIQUE")},
		{"unique in the type, with a name", retype("c", `double precision CONSTRAINT "One C" UNIQUE`)},
		{"a check in the type", retype("c", "double precision CHECK (c > 0)")},
		{"a check in the type, with a name", retype("c", "double precision CONSTRAINT positive CHECK (c > 0)")},
		{"a reference in the type", retype("a", "bigint REFERENCES teams")},
		{"a reference in the type, with a column", retype("b", "text REFERENCES teams (name)")},
		{"a reference to a table that is not there", func(m *op.Migration) {
			m.AddColumn("users", op.Column("d", op.Type("bigint DEFAULT 1 REFERENCES elsewhere (id)")))
		}},
		{"a reference to a table with a key of two columns", func(m *op.Migration) {
			m.AddColumn("users", op.Column("d", op.Type("bigint DEFAULT 1 REFERENCES pairs")))
		}},
		{"a check on one database", func(m *op.Migration) {
			m.AddColumn("users", op.Column("d", op.TypeFor(op.Dialects{
				Postgres: "bigint DEFAULT 1 CHECK (d > a)", SQLite: "bigint DEFAULT 1"})))
		}},
		{"a check on the other database", func(m *op.Migration) {
			m.AddColumn("users", op.Column("d", op.TypeFor(op.Dialects{
				Postgres: "bigint DEFAULT 1", SQLite: "bigint DEFAULT 1 CHECK (d > a)"})))
		}},
		{"a check that differs", func(m *op.Migration) {
			m.AddColumn("users", op.Column("d", op.TypeFor(op.Dialects{
				Postgres: "bigint DEFAULT 1 CHECK (d > a)", SQLite: "bigint DEFAULT 1 CHECK (a < d)"})))
		}},
		{"a clause that stays", func(m *op.Migration) {
			m.AddColumn("users", op.Column("d", op.Type("bigint CHECK (d > 0)")))
			m.SQL("UPDATE users SET d = 1").Undo("SELECT 1")
			m.AlterColumn("users", "d").Type(op.Type("bigint CHECK(d > 0) CHECK (d < 9)"))
		}},
		{"a type of another database", func(m *op.Migration) {
			m.AddColumn("users", op.Column("d", op.Type("tinyint(1)")))
			m.AddColumn("users", op.Column("e", op.Type("datetime(3)")))
			m.AddColumn("users", op.Column("f", op.Type("int(11) unsigned")))
			m.AddColumn("users", op.Column("g", op.Type("double unsigned")))
			m.AddColumn("users", op.Column("h", op.Type("text(9)")))
			m.AddColumn("users", op.Column("i", op.Type("tinyint(2)")))
			m.CreateTable("pets", op.Column("a", op.Type("interval")), op.Column("b", op.Type("longtext")))
			m.AlterColumn("users", "b").Type(op.Type("varbit"))
		}},
	}
}
