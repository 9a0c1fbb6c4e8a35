// Package op defines the operations of revisions: every change that a revision can make, as plain data.
//
// A revision's Upgrade and Downgrade record operations in a Migration, without access to a database. Because operations
// are data, a program can execute them on either dialect, print them as SQL, reverse them, compare them and replay a
// history into a schema:
//
//	Upgrade ──▶ Migration ──▶ []Operation ─┬─ Apply ──▶ schema.Schema
//	                                       ├─ Reverse ▶ []Operation
//	                                       ├─ String ─▶ a line of a plan
//	                                       └─ ddl ────▶ SQL
//
// An Upgrade function records operations like this:
//
//	m.CreateTable("users",
//		op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
//		op.Column("email", op.String(254)).NotNull(),
//		op.Column("role", op.String(16)).NotNull().Default("guest"),
//		op.Column("team_id", op.Int(64)),
//		op.Unique("uni_users_email", "email"),
//		op.ForeignKey("fk_users_team", "team_id").References("teams", "id").OnDelete("SET NULL"),
//	)
//	m.CreateIndex("idx_users_role", "users", "role").Where("deleted_at IS NULL")
//	m.AlterColumn("users", "email").Type(op.Text()).Nullable()
//	m.Run(func(tx *gorm.DB) error { return tx.Exec("UPDATE users SET role = 'host'").Error })
package op
