package cli_test

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// longHistory returns a history that branches after b and is merged in m:
//
//	a ── b ─┬─ c ── d ─┬─ m ── e ── f ── g ── h
//	        └─ x ──────┘
func longHistory() []revision.Revision {
	rev := func(id string, down []string, up, back func(m *op.Migration)) revision.Revision {
		return revision.Revision{ID: id, File: id + "_.go", DownRevision: down, Upgrade: up, Downgrade: back}
	}
	return []revision.Revision{
		rev("a", nil, func(m *op.Migration) {
			m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("name", op.String(50)).NotNull())
			m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(), op.Column("name", op.String(20)))
			m.CreateIndex("idx_users_name", "users", "name")
		}, func(m *op.Migration) {
			m.DropTable("teams")
			m.DropTable("users")
		}),
		rev("b", []string{"a"}, func(m *op.Migration) {
			m.SQL("INSERT INTO teams (name) VALUES ('red'), ('blue')")
			m.AddColumn("users", op.Column("nick", op.String(50)))
		}, func(m *op.Migration) {
			m.DropColumn("users", "nick")
			m.SQL("DELETE FROM teams")
		}),
		rev("c", []string{"b"}, func(m *op.Migration) {
			m.RenameColumn("users", "name", "full_name")
			m.CreateTable("tags", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("word", op.Text()))
		}, func(m *op.Migration) {
			m.DropTable("tags")
			m.RenameColumn("users", "full_name", "name")
		}),
		rev("d", []string{"c"}, func(m *op.Migration) {
			m.SQLFor(op.Dialects{Postgres: "UPDATE users SET nick = full_name", SQLite: "UPDATE users SET nick = full_name"})
			m.AlterColumn("users", "nick").NotNull()
			m.AlterColumn("tags", "word").Type(op.String(30)).NotNull()
		}, func(m *op.Migration) {
			m.AlterColumn("tags", "word").Type(op.Text()).Nullable()
			m.AlterColumn("users", "nick").Nullable()
		}),
		rev("x", []string{"b"}, func(m *op.Migration) {
			m.RenameTable("teams", "groups")
			m.AddColumn("groups", op.Column("size", op.Int(64)).NotNull().Default(7))
		}, func(m *op.Migration) {
			m.DropColumn("groups", "size")
			m.RenameTable("groups", "teams")
		}),
		rev("m", []string{"d", "x"}, nil, nil),
		rev("e", []string{"m"}, func(m *op.Migration) {
			m.AddColumn("users", op.Column("group_id", op.Int(64)))
			m.AddForeignKey("fk_users_group", "users", "group_id").References("groups", "id")
			m.AddColumn("users", op.Column("age", op.Int(64)).NotNull().Default(18))
			m.SQL("UPDATE users SET group_id = (SELECT min(id) FROM groups)")
		}, func(m *op.Migration) {
			m.DropColumn("users", "age")
			m.DropForeignKey("fk_users_group", "users")
			m.DropColumn("users", "group_id")
		}),
		rev("f", []string{"e"}, func(m *op.Migration) {
			m.AlterColumn("users", "age").NoDefault()
			m.DropTable("tags")
			m.CreateIndex("idx_users_age", "users", "age").Concurrently()
		}, func(m *op.Migration) {
			m.DropIndex("idx_users_age", "users")
			m.CreateTable("tags", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("word", op.String(30)).NotNull())
			m.AlterColumn("users", "age").Default(18)
		}),
		rev("g", []string{"f"}, func(m *op.Migration) {
			m.CreateTable("logs", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("line", op.Text()).NotNull())
		}, func(m *op.Migration) { m.DropTable("logs") }),
		rev("h", []string{"g"}, func(m *op.Migration) {
			m.AlterColumn("users", "age").Default(20)
			m.RenameColumn("logs", "line", "text")
		}, func(m *op.Migration) {
			m.RenameColumn("logs", "text", "line")
			m.AlterColumn("users", "age").NoDefault()
		}),
	}
}
