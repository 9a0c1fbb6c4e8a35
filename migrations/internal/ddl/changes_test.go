package ddl

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/migrations/op"
)

// change is one case: operations on the fixture. The reverse does not restore the contents of the columns and tables in
// loses.
type change struct {
	name  string
	up    func(m *op.Migration)
	loses []string
}

func changes() []change {
	return append(append(tableChanges(), columnChanges()...), append(alterations(), keyChanges()...)...)
}

func tableChanges() []change {
	return []change{
		{name: "create table", up: func(m *op.Migration) {
			m.CreateTable("New Table",
				op.Column("group", op.Int(16)).NotNull(),
				op.Column("self", op.Int(16)).Default(-1),
				op.PrimaryKey("group"),
				op.Comment("c"),
				op.ForeignKey("fk_self", "self").References("New Table", "group"),
			)
		}},
		{name: "drop table", up: func(m *op.Migration) { m.DropTable("Order") }, loses: []string{"Order"}},
		{name: "rename table", up: func(m *op.Migration) { m.RenameTable("users", "The People") }},
		{name: "rename table of a self reference", up: func(m *op.Migration) { m.RenameTable("teams", "group") }},
		{name: "rename table by case beside another name", up: func(m *op.Migration) {
			m.CreateTable("USERS_renamed", op.Column("id", op.Int(64)))
			m.RenameTable("users", "USERS")
		}},
		{name: "comment table", up: func(m *op.Migration) { m.CommentTable("users", "it's us") }},
		{name: "remove comment", up: func(m *op.Migration) { m.CommentTable("teams", "") }},
		{name: "sql", up: func(m *op.Migration) {
			m.SQL(`ALTER TABLE logs ADD COLUMN extra integer`).Undo(`ALTER TABLE logs DROP COLUMN extra`).
				Declares(func(m *op.Migration) { m.AddColumn("logs", op.Column("extra", op.Type("integer"))) })
		}},
		{name: "several statements", up: func(m *op.Migration) {
			m.SQL(`UPDATE logs SET line = 'a;b'; UPDATE logs SET line = ';'`).Undo(`UPDATE logs SET line = 'l'; SELECT 1`)
		}, loses: []string{"logs"}},
		{name: "sql for one dialect", up: func(m *op.Migration) {
			texts := op.Dialects{Postgres: "SELECT 1"}
			m.SQLFor(texts).UndoFor(texts)
		}},
		{name: "data step", up: func(m *op.Migration) {
			m.Run(func(tx *gorm.DB) error { return tx.Exec("UPDATE logs SET at = at + ?", 1).Error }).
				Undo(func(tx *gorm.DB) error { return tx.Exec("UPDATE logs SET at = at - ?", 1).Error })
		}},
		{name: "batches", up: func(m *op.Migration) {
			m.BatchesSQL("users", 2, "UPDATE users SET level = level WHERE {rows}")
			m.Batches("Order", 2, func(tx *gorm.DB, rows op.Batch) error {
				return tx.Table("Order").Where(rows).Update("select", gorm.Expr("?", clause.Column{Name: "select"})).Error
			})
		}, loses: []string{"logs"}},
		{name: "create index", up: func(m *op.Migration) { m.CreateIndex("idx_new", "users", "level", "id") }},
		{name: "create index concurrently", up: func(m *op.Migration) {
			m.CreateIndex("idx_new", "users").On(op.Desc("level"), op.Expr("(level + 1)")).Concurrently()
		}},
		{name: "create index by method", up: func(m *op.Migration) {
			m.CreateIndex("idx_new", "users", "doc").Using("gin").With("WITH (fastupdate = off)")
		}},
		{name: "drop partial index", up: func(m *op.Migration) { m.DropIndex("idx_users_nick", "users") }},
		{name: "drop expression index", up: func(m *op.Migration) {
			m.DropIndex("idx_users_email", "users").Concurrently()
		}},
		{name: "rename index", up: func(m *op.Migration) { m.RenameIndex("Odd Index", `Even "Index"`, "teams") }},
	}
}

func columnChanges() []change {
	return []change{
		{name: "add column", up: func(m *op.Migration) { m.AddColumn("users", op.Column("phone", op.String(32))) }},
		{name: "add columns with defaults", up: func(m *op.Migration) {
			m.AddColumn("users", op.Column("a", op.String(32)).NotNull().Default(`'\"`))
			m.AddColumn("users", op.Column("b", op.Bool()).NotNull().Default(false).Comment("b"))
			m.AddColumn("users", op.Column("c", op.Int(64)).Default(-5))
			m.AddColumn("users", op.Column("d", op.Float(64)).Default(0.25))
			m.AddColumn("users", op.Column("e", op.Text()).Default(nil))
			m.AddColumn("users", op.Column("f", op.Text()).Default(""))
		}},
		{name: "add column with now", up: func(m *op.Migration) {
			m.AddColumn("users", op.Column("at", op.Time()).NotNull().Default(op.Expr("now()")))
		}},
		{name: "add column with expression", up: func(m *op.Migration) {
			m.AddColumn("users", op.Column("x", op.Int(64)).NotNull().Default(op.Expr("(1 + 2)")))
		}},
		{name: "add counting primary key", up: func(m *op.Migration) {
			m.AddColumn("logs", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement())
		}},
		{name: "add generated column", up: func(m *op.Migration) {
			m.AddColumn("users", op.Column("twice", op.Int(64)).Generated("level * 2"))
			m.AddColumn("users", op.Column("number", op.Int(64)).Generated("identity"))
		}},
		{name: "make identity", up: func(m *op.Migration) {
			m.DropColumn("teams", "score")
			m.AddColumn("teams", op.Column("n", op.Int(32)).NotNull().Default(3))
			m.AlterColumn("teams", "n").NoDefault().Generated("identity")
			m.AlterColumn("teams", "n").Generated("identity always")
		}, loses: []string{"teams.score"}},
		{name: "change the base of computed columns", up: changeBase},
		{name: "ungenerate", up: func(m *op.Migration) {
			m.AddColumn("teams", op.Column("serial_no", op.Int(32)).Generated("identity"))
			m.AlterColumn("teams", "serial_no").Generated("").Default(1)
			m.RenameTable("teams", "x")
		}},
		{name: "drop column", up: func(m *op.Migration) { m.DropColumn("logs", "at") }, loses: []string{"logs.at"}},
		{name: "drop column with its index", up: func(m *op.Migration) { m.DropColumn("teams", "Full Name") },
			loses: []string{"teams.Full Name"}},
		{name: "drop column with unique, index, comment", up: func(m *op.Migration) { m.DropColumn("users", "nick") },
			loses: []string{"users.nick"}},
		{name: "drop column with check", up: func(m *op.Migration) { m.DropColumn("users", "level") },
			loses: []string{"users.level"}},
		{name: "drop column of composite key", loses: []string{"Order"}, up: func(m *op.Migration) {
			m.SQL(`DELETE FROM "Order"`).Undo("SELECT 1")
			m.DropColumn("Order", "select")
		}},
		{name: "drop column of self reference", up: func(m *op.Migration) { m.DropColumn("teams", "parent_id") },
			loses: []string{"teams.parent_id"}},
		{name: "rename column", up: func(m *op.Migration) { m.RenameColumn("users", "email", "E-Mail") }},
		{name: "rename column of checks and indexes", up: func(m *op.Migration) {
			m.RenameColumn("users", "level", "order")
			m.RenameColumn("users", "nick", "user")
		}},
		{name: "rename key column", up: func(m *op.Migration) { m.RenameColumn("users", "id", "number") }},
		{name: "rename column of composite key", up: func(m *op.Migration) { m.RenameColumn("Order", "select", "x") }},
		{name: "comment column", up: func(m *op.Migration) { m.CommentColumn("users", "email", "") }},
	}
}

func alterations() []change {
	alter := func(name, table, column string, edit func(o *op.AlterColumn)) change {
		return change{name: name, up: func(m *op.Migration) { edit(m.AlterColumn(table, column)) }}
	}
	return []change{
		{name: "no autoincrement", loses: []string{"counter"}, up: func(m *op.Migration) {
			m.AlterColumn("users", "id").NoAutoIncrement()
		}},
		alter("widen string", "users", "nick", func(o *op.AlterColumn) { o.Type(op.String(64)) }),
		alter("narrow string", "users", "flag", func(o *op.AlterColumn) { o.Type(op.String(5)) }),
		alter("string to text", "users", "email", func(o *op.AlterColumn) { o.Type(op.Text()) }),
		alter("widen number", "Order", "Qu\"ote`d", func(o *op.AlterColumn) { o.Type(op.Int(64)) }),
		alter("narrow number", "users", "level", func(o *op.AlterColumn) { o.Type(op.Int(16)) }),
		alter("string to number", "users", "age", func(o *op.AlterColumn) { o.Type(op.Int(32)).Default(7) }),
		alter("string to number using", "users", "age", func(o *op.AlterColumn) {
			o.Type(op.Int(32)).NoDefault().UsingFor(op.Dialects{
				Postgres: "age::integer", SQLite: "CAST(age AS integer)"})
		}),
		alter("number to string", "logs", "at", func(o *op.AlterColumn) { o.Type(op.String(8)) }),
		alter("string to bool", "users", "flag", func(o *op.AlterColumn) { o.Type(op.Bool()) }),
		alter("bool to string", "teams", "active", func(o *op.AlterColumn) { o.Type(op.Text()).Default("true") }),
		alter("bool to number", "teams", "active", func(o *op.AlterColumn) { o.Type(op.Int(64)).Default(1) }),
		alter("bool to decimal", "teams", "active", func(o *op.AlterColumn) { o.Type(op.Decimal(10, 2)).Default(1) }),
		alter("number to bool", "logs", "at", func(o *op.AlterColumn) { o.Type(op.Bool()) }),
		alter("bytes to string", "users", "data", func(o *op.AlterColumn) { o.Type(op.Text()) }),
		alter("decimal to float", "teams", "score", func(o *op.AlterColumn) { o.Type(op.Float(64)) }),
		alter("number to decimal", "logs", "at", func(o *op.AlterColumn) { o.Type(op.Decimal(8, 0)) }),
		alter("time precision", "users", "created_at", func(o *op.AlterColumn) { o.Type(op.Time()) }),
		alter("own type", "users", "doc", func(o *op.AlterColumn) { o.Type(op.Type("text")) }),
		alter("key of a foreign key", "users", "id", func(o *op.AlterColumn) { o.Type(op.Int(16)) }),
		alter("not null", "logs", "line", func(o *op.AlterColumn) { o.Nullable() }),
		alter("null", "users", "created_at", func(o *op.AlterColumn) { o.Nullable().NoDefault() }),
		alter("not null where none is", "teams", "captain_id", func(o *op.AlterColumn) { o.NotNull() }),
		alter("nullability of a key column", "Order", "user_id", func(o *op.AlterColumn) { o.NotNull() }),
		alter("default string", "users", "nick", func(o *op.AlterColumn) { o.Default(`a'b\c"d`) }),
		alter("default number", "users", "level", func(o *op.AlterColumn) { o.Default(0) }),
		alter("default bool", "teams", "active", func(o *op.AlterColumn) { o.Default(false) }),
		alter("default null", "users", "age", func(o *op.AlterColumn) { o.Default(nil) }),
		alter("default expression", "users", "created_at", func(o *op.AlterColumn) { o.Default(op.Expr("now()")) }),
		alter("no default", "users", "nick", func(o *op.AlterColumn) { o.NoDefault() }),
		alter("everything", "users", "level", func(o *op.AlterColumn) {
			o.Type(op.Int(64)).Nullable().Default(op.Expr("(1 + 1)"))
		}),
	}
}

func keyChanges() []change {
	return []change{
		{name: "add primary key", up: func(m *op.Migration) {
			m.Run(func(tx *gorm.DB) error { return tx.Exec("DELETE FROM logs").Error }).
				Undo(func(tx *gorm.DB) error { return nil })
			m.AddPrimaryKey("logs", "line", "at").Named("logs key")
		}, loses: []string{"logs"}},
		{name: "drop primary key", up: func(m *op.Migration) { m.DropPrimaryKey("Order") }},
		{name: "change primary key", up: func(m *op.Migration) {
			m.DropPrimaryKey("Order")
			m.AddPrimaryKey("Order", "user_id", "select", "Qu\"ote`d")
		}},
		{name: "add autoincrement", up: func(m *op.Migration) {
			m.AddColumn("logs", op.Column("id", op.Int(64)).NotNull().Default(0))
			m.Run(func(tx *gorm.DB) error {
				if tx.Name() == "postgres" {
					return tx.Exec("UPDATE logs SET id = x.n FROM (SELECT ctid, row_number() OVER () AS n FROM logs) x" +
						" WHERE x.ctid = logs.ctid").Error
				}
				return tx.Exec("UPDATE logs SET id = rowid").Error
			}).Undo(func(*gorm.DB) error { return nil })
			m.AddPrimaryKey("logs", "id")
			m.AlterColumn("logs", "id").NoDefault().AutoIncrement()
		}},
		{name: "add unique", up: func(m *op.Migration) { m.AddUnique("Uni Que", "users", "id", "level") }},
		{name: "unique over the columns of the primary key and of another", up: func(m *op.Migration) {
			m.CreateTable("twice",
				op.Column("id", op.Int(64)).PrimaryKey(),
				op.Column("code", op.String(9)),
				op.Unique("uni_twice_id", "id"),
				op.Unique("uni_twice_code", "code"),
				op.Unique("uni_twice_again", "code"),
			)
			m.DropUnique("uni_twice_id", "twice")
			m.DropUnique("uni_twice_again", "twice")
		}},
		{name: "drop unique", up: func(m *op.Migration) { m.DropUnique("uni_users_email", "users") }},
		{name: "add check", up: func(m *op.Migration) { m.AddCheck("chk", "users", "email <> 'a, b (' AND id > 0") }},
		{name: "add check, not valid", up: func(m *op.Migration) { m.AddCheck("chk", "users", "id > 0").NotValid() }},
		{name: "add check and validate it", up: func(m *op.Migration) {
			m.AddCheck("chk", "users", "id > 0").NotValid()
			m.ValidateCheck("chk", "users")
			m.ValidateCheck("chk_users_level", "users")
		}},
		{name: "add foreign key, not valid", up: func(m *op.Migration) {
			m.AddForeignKey("fk_x", "logs", "at").References("teams", "id").NotValid()
		}},
		{name: "add foreign key and validate it", up: func(m *op.Migration) {
			m.AddForeignKey("fk_x", "logs", "at").References("teams", "id").OnDelete("CASCADE").NotValid()
			m.ValidateForeignKey("fk_x", "logs")
		}},
		{name: "create a table whose constraints are not valid", up: func(m *op.Migration) {
			m.CreateTable("half", op.Column("id", op.Int(64)).PrimaryKey(), op.Check("chk_half", "id > 0").NotValid(),
				op.ForeignKey("fk_half", "id").References("teams", "id").NotValid())
		}},
		{name: "make a unique index a constraint", up: func(m *op.Migration) {
			m.CreateIndex("idx_once", "users", "id", "level").Unique()
			m.AddUnique("uni_once", "users", "id", "level").UsingIndex("idx_once")
		}},
		{name: "make a unique index a constraint of its name", up: func(m *op.Migration) {
			m.CreateIndex("uni_once", "users", "id", "level").Unique()
			m.AddUnique("uni_once", "users", "id", "level").UsingIndex("uni_once")
		}},
		{name: "make a unique index the primary key", up: func(m *op.Migration) {
			m.CreateTable("keyless", op.Column("id", op.Int(64)).NotNull(), op.Column("name", op.Text()))
			m.CreateIndex("idx_key", "keyless", "id").Unique()
			m.AddPrimaryKey("keyless", "id").UsingIndex("idx_key")
		}},
		{name: "drop check", up: func(m *op.Migration) { m.DropCheck("Order Check", "Order") }},
		{name: "add foreign key", up: func(m *op.Migration) {
			m.AddForeignKey("fk_x", "logs", "at").References("teams", "id").OnUpdate("CASCADE")
		}},
		{name: "drop circular foreign key", up: func(m *op.Migration) { m.DropForeignKey("fk_teams_captain", "teams") }},
		{name: "drop self reference", up: func(m *op.Migration) { m.DropForeignKey("fk_teams_parent", "teams") }},
		{name: "rename constraints", up: func(m *op.Migration) {
			m.RenameConstraint("uni_users_email", "uni_2", "users")
			m.RenameConstraint("chk_users_level", "Check 2", "users")
			m.RenameConstraint("fk_users_team", "fk_2", "users")
		}},
	}
}
