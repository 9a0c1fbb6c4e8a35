package diff_test

import "guestlist/migrations/op"

func keyScenarios() []scenario {
	size := func() op.ColumnDef { return op.Column("size", op.Int(64)) }
	return []scenario{
		{"a unique index", func(m *op.Migration) { m.CreateIndex("idx", "users", "a").Unique() }},
		{"an index", func(m *op.Migration) { m.CreateIndex("idx", "users", "a") }},
		{"a unique index with an expression", func(m *op.Migration) {
			m.CreateIndex("idx", "users").On(op.Expr("lower(b)"), op.Desc("team_id"), op.Asc("b").Collate("nocase")).Unique()
		}},
		{"a partial unique index", func(m *op.Migration) { m.CreateIndex("idx", "users", "a").Unique().Where("a > 5") }},
		{"a unique index on quoted names", func(m *op.Migration) {
			m.CreateIndex("idx", "users", "Odd \"x").Unique()
			m.CreateIndex("idx_free", "app.Free", "x").Unique()
		}},
		{"a unique constraint", func(m *op.Migration) { m.AddUnique("uni", "users", "b", "c") }},
		{"columns that are unique with fewer", func(m *op.Migration) { m.AddUnique("uni", "users", "a", "n") }},
		{"columns that are unique with more", func(m *op.Migration) { m.AddUnique("uni", "users", "a") }},
		{"columns of the primary key", func(m *op.Migration) { m.CreateIndex("idx", "users", "id", "a").Unique() }},
		{"columns that a partial index makes unique", func(m *op.Migration) { m.AddUnique("uni", "users", "c") }},
		{"columns that a unique constraint made unique", func(m *op.Migration) {
			m.DropUnique("uni_ab", "users")
			m.CreateIndex("idx", "users", "b", "a", "c").Unique()
		}},
		{"columns that a unique index made unique", func(m *op.Migration) {
			m.CreateIndex("idx", "teams", "name").Unique()
			m.DropUnique("uni_name", "teams")
			m.DropIndex("idx", "teams")
			m.AddUnique("uni", "teams", "name")
		}},
		{"columns that a partial index made unique", func(m *op.Migration) {
			m.DropIndex("idx_c", "users")
			m.AddUnique("uni", "users", "c")
		}},
		{"columns that an index did not make unique", func(m *op.Migration) {
			m.CreateIndex("idx", "users", "b")
			m.DropIndex("idx", "users")
			m.AddUnique("uni", "users", "b")
		}},
		{"columns that the primary key made unique", func(m *op.Migration) {
			m.DropPrimaryKey("users")
			m.AddUnique("uni", "users", "id")
			m.AddPrimaryKey("users", "id")
		}},
		{"values that were unique and change", func(m *op.Migration) {
			m.DropUnique("uni_name", "teams")
			m.AlterColumn("teams", "name").Type(op.Type("char(3)"))
			m.AddUnique("uni", "teams", "name")
		}},
		{"values that were unique and change by a conversion", func(m *op.Migration) {
			m.DropUnique("uni_n", "users")
			m.AlterColumn("users", "n").Type(op.Int(32)).UsingFor(op.Dialects{Postgres: "n / 2"})
			m.AddUnique("uni", "users", "n")
		}},
		{"values that were unique and stay", func(m *op.Migration) {
			m.DropUnique("uni_n", "users")
			m.AlterColumn("users", "n").Type(op.Int(32))
			m.AddUnique("uni", "users", "n")
		}},
		{"a column that was unique and is another", func(m *op.Migration) {
			m.DropUnique("uni_n", "users")
			m.DropColumn("users", "n")
			m.AddColumn("users", op.Column("n", op.Int(64)).Default(1))
			m.AddUnique("uni", "users", "n")
		}},
		{"a new column", func(m *op.Migration) {
			m.AddColumn("users", size())
			m.AddUnique("uni", "users", "size")
			m.CreateIndex("idx", "users", "a", "size").Unique()
		}},
		{"a new column, default null", func(m *op.Migration) {
			m.AddColumn("users", size().Default(nil))
			m.AddUnique("uni", "users", "size")
		}},
		{"a new numbered column", func(m *op.Migration) {
			m.AddColumn("app.Free", size().AutoIncrement())
			m.AddUnique("uni", "app.Free", "size")
		}},
		{"a new column with a default", func(m *op.Migration) {
			m.AddColumn("users", size().Default(1))
			m.AddUnique("uni", "users", "size")
			m.CreateIndex("idx", "users", "size", "a").Unique().Where("size > 0")
		}},
		{"a new column with a default that changes", func(m *op.Migration) {
			m.AddColumn("users", op.Column("size", op.Float(64)).Default(1.5))
			m.AlterColumn("users", "size").Type(op.Int(64))
			m.AddUnique("uni", "users", "size")
		}},
		{"a new column with a default by expression", func(m *op.Migration) {
			m.AddColumn("users", size().Default(op.Expr("(1 + 1)")))
			m.AddUnique("uni", "users", "size")
		}},
		{"a new computed column", func(m *op.Migration) {
			m.AddColumn("users", size().Generated("a * 2"))
			m.AddUnique("uni", "users", "size")
		}},
		{"a new column after SQL", func(m *op.Migration) {
			m.AddColumn("users", size())
			m.SQL("UPDATE users SET size = 1").Undo("SELECT 1")
			m.AddUnique("uni", "users", "size")
		}},
		{"a new column after code", func(m *op.Migration) {
			m.AddColumn("users", size())
			m.BatchesSQL("users", 10, "UPDATE users SET size = 1 WHERE {rows}")
			m.AddUnique("uni", "users", "size")
		}},
		{"a new table", func(m *op.Migration) {
			m.CreateTable("pets", size())
			m.AddUnique("uni", "pets", "size")
			m.AddPrimaryKey("pets", "size")
		}},
		{"a primary key", func(m *op.Migration) { m.AddPrimaryKey("app.Free", "x", "y") }},
		{"a primary key of a new column", func(m *op.Migration) {
			m.AddColumn("app.Free", size())
			m.AddPrimaryKey("app.Free", "size")
		}},
		{"a primary key that AddColumn brings along", func(m *op.Migration) {
			m.AddColumn("app.Free", size().PrimaryKey())
		}},
		{"a primary key of a new column with a default", func(m *op.Migration) {
			m.AddColumn("app.Free", size().Default(1))
			m.AddPrimaryKey("app.Free", "size", "x")
		}},
		{"a primary key of a numbered column", func(m *op.Migration) {
			m.AddColumn("app.Free", size().AutoIncrement())
			m.AddPrimaryKey("app.Free", "size")
		}},
		{"a primary key of columns that were one", func(m *op.Migration) {
			m.DropPrimaryKey("users")
			m.AddPrimaryKey("users", "id", "n")
		}},
		{"a primary key of not null columns", func(m *op.Migration) {
			m.DropPrimaryKey("users")
			m.AddPrimaryKey("users", "n")
		}},
	}
}

func ruleScenarios() []scenario {
	size := func() op.ColumnDef { return op.Column("size", op.Int(64)) }
	other := func() op.ColumnDef { return op.Column("other_id", op.Int(64)) }
	return []scenario{
		{"a check", func(m *op.Migration) { m.AddCheck("chk", "users", "a\n  < 200") }},
		{"a check, not valid", func(m *op.Migration) { m.AddCheck("chk", "users", "a < 200").NotValid() }},
		{"a check that is validated", func(m *op.Migration) {
			m.AddCheck("chk", "users", "a < 200").NotValid()
			m.ValidateCheck("chk", "users")
		}},
		{"a check that held", func(m *op.Migration) {
			m.DropCheck("chk_a", "users")
			m.AddCheck("chk", "users", "(a > 0)")
		}},
		{"a check that held in another table", func(m *op.Migration) {
			m.AddColumn("teams", op.Column("a", op.Int(64)).Default(op.Expr("(1)")))
			m.DropCheck("chk_a", "users")
			m.AddCheck("chk", "teams", "a > 0")
		}},
		{"a check that held for values that change", func(m *op.Migration) {
			m.DropCheck("chk_a", "users")
			m.AlterColumn("users", "a").Type(op.Int(32)).UsingFor(op.Dialects{SQLite: "a - 1"})
			m.AddCheck("chk", "users", "a > 0")
		}},
		{"a check that held for values of which others change", func(m *op.Migration) {
			m.DropCheck("chk_a", "users")
			m.AlterColumn("users", "c").Type(op.Int(64))
			m.AddCheck("chk", "users", "a > 0")
		}},
		{"a check of new columns", func(m *op.Migration) {
			m.AddColumn("users", size())
			m.AddColumn("users", op.Column("rank", op.Int(64)).Default(3))
			m.AddCheck("chk_null", "users", "size > 0")
			m.AddCheck("chk_asks", "users", "size IS NOT NULL")
			m.AddCheck("chk_coalesce", "users", "COALESCE(size, 0) > 0")
			m.AddCheck("chk_holds", "users", "rank > 2 AND rank < 4")
			m.AddCheck("chk_fails", "users", "rank > 3")
			m.AddCheck("chk_half", "users", "rank > 2 AND rank > 3")
			m.AddCheck("chk_old", "users", "rank > a")
			m.AddCheck("chk_nothing", "users", "1 > 0")
		}},
		{"checks of texts and numbers", func(m *op.Migration) {
			m.AddColumn("users", op.Column("kind", op.Text()).Default("it's"))
			m.AddColumn("users", op.Column("rank", op.Int(64)).Default(3))
			m.AddColumn("users", op.Column("open", op.Bool()).Default(true))
			for _, expression := range []string{"kind = 'it''s'", "kind = 'its'", "kind <> 'x'", "kind != 'x'",
				"kind <> 'it''s'", "kind > 'a'", "kind", "open", "rank <= 3", "rank <= 2", "rank >= 3", "rank >= 4", "rank < 3",
				"rank < 4", "rank > 3", "rank > 2", "rank = 3", "rank = 4", "rank <> 3", "rank <> 2", "rank != 3", "rank != 4",
				"rank > 2 OR rank > 9", "rank > 2 AND kind = 'it''s'", "rank = '3'", "rank <> '3'",
				"kind <> '<'", "kind <> 'it''s' AND kind <> '>'", "rank <"} {
				m.AddCheck("chk "+expression, "users", expression)
			}
		}},
		{"a check of a new table", func(m *op.Migration) {
			m.CreateTable("pets", size())
			m.AddCheck("chk", "pets", "size > 0")
		}},
		{"a foreign key", func(m *op.Migration) { m.AddForeignKey("fk", "users", "a").References("teams", "id") }},
		{"a foreign key of two columns", func(m *op.Migration) {
			m.AddUnique("uni_two", "teams", "id", "name")
			m.AddForeignKey("fk", "users", "Odd \"x", "b").References("teams", "id", "name")
		}},
		{"a foreign key, not valid", func(m *op.Migration) {
			m.AddForeignKey("fk", "users", "a").References("teams", "id").NotValid()
		}},
		{"a foreign key that is validated", func(m *op.Migration) {
			m.AddForeignKey("fk", "users", "a").References("teams", "id").NotValid()
			m.ValidateForeignKey("fk", "users")
		}},
		{"a foreign key that held", func(m *op.Migration) {
			m.DropForeignKey("fk_team", "users")
			m.AddForeignKey("fk", "users", "team_id").References("teams", "id").OnDelete("CASCADE")
		}},
		{"a foreign key that held for values that change", func(m *op.Migration) {
			m.DropForeignKey("fk_team", "users")
			m.AlterColumn("users", "team_id").Type(op.Type("double precision"))
			m.AlterColumn("users", "team_id").Type(op.Int(64))
			m.AddForeignKey("fk", "users", "team_id").References("teams", "id")
		}},
		{"a foreign key that held for keys that change", func(m *op.Migration) {
			m.DropForeignKey("fk_team", "users")
			m.AlterColumn("teams", "id").Type(op.Type("double precision"))
			m.AlterColumn("teams", "id").Type(op.Int(64))
			m.AddForeignKey("fk", "users", "team_id").References("teams", "id")
		}},
		{"a foreign key that held for others that change", func(m *op.Migration) {
			m.DropForeignKey("fk_team", "users")
			m.AlterColumn("users", "c").Type(op.Int(64))
			m.AlterColumn("teams", "name").Type(op.Type("char(3)"))
			m.AddForeignKey("fk", "users", "team_id").References("teams", "id")
		}},
		{"a foreign key of a new column", func(m *op.Migration) {
			m.AddColumn("users", other())
			m.AddForeignKey("fk", "users", "other_id").References("teams", "id")
			m.AddForeignKey("fk_two", "users", "a", "other_id").References("teams", "id", "name")
		}},
		{"a foreign key of a new column with a default", func(m *op.Migration) {
			m.AddColumn("users", other().Default(1))
			m.AddForeignKey("fk", "users", "other_id").References("teams", "id")
		}},
		{"a foreign key of a new computed column", func(m *op.Migration) {
			m.AddColumn("users", op.Column("rank", op.Int(64)).Default(2))
			m.AddColumn("users", other().Generated("rank + a"))
			m.AddForeignKey("fk", "users", "other_id").References("teams", "id")
		}},
		{"a foreign key to a new table", func(m *op.Migration) {
			m.CreateTable("pets", op.Column("id", op.Int(64)).PrimaryKey())
			m.AddForeignKey("fk", "users", "a").References("pets", "id")
		}},
		{"a foreign key to a table that is new again", func(m *op.Migration) {
			m.DropForeignKey("fk_team", "users")
			m.DropTable("teams")
			m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey())
			m.AddForeignKey("fk_team", "users", "team_id").References("teams", "id")
		}},
		{"a foreign key of a new table", func(m *op.Migration) {
			m.CreateTable("pets", other())
			m.AddForeignKey("fk", "pets", "other_id").References("teams", "id")
		}},
		{"renames", func(m *op.Migration) {
			m.RenameConstraint("chk_a", "chk_b", "users")
			m.RenameColumn("users", "b", "bb")
			m.RenameIndex("idx_c", "idx_d", "users")
		}},
	}
}
