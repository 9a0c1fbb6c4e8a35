package op_test

import (
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// printPlan prints operations as a plan does.
func printPlan(operations []op.Operation) {
	for _, o := range operations {
		fmt.Println(o)
	}
}

// The functions Upgrade and Downgrade of a revision record operations. Record returns them; no database is needed.
func Example() {
	upgrade := func(m *op.Migration) {
		m.CreateTable("users",
			op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
			op.Column("email", op.String(254)).NotNull(),
			op.Column("team_id", op.Int(64)),
			op.Unique("uni_users_email", "email"),
		)
		m.CreateIndex("idx_users_team_id", "users", "team_id")
	}
	printPlan(op.Record(upgrade))
	// Output:
	// create table users
	// create index idx_users_team_id on users (team_id)
}

// ApplyAll replays operations into a schema.
func ExampleApplyAll() {
	after, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("name", op.Text()))
		m.RenameColumn("users", "name", "full_name")
		m.AlterColumn("users", "full_name").Type(op.String(100)).NotNull()
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	users, _ := after.Table("users")
	for _, c := range users.Columns {
		fmt.Println(c.Name, c.Type, c.NotNull)
	}
	// Output:
	// id int(64) false
	// full_name string(100) true
}

// An operation that does not fit the schema returns an error that names it and says why.
func ExampleApplyAll_impossible() {
	_, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("users", op.Column("id", op.Int(64)))
		m.CreateIndex("idx_users_email", "users", "email")
	}))
	fmt.Println(err)
	// Output:
	// create index idx_users_email on users (email): index idx_users_email uses column users.email, which does not exist
}

// ReverseAll returns the operations of the downgrade, which also restore what was dropped together with a column.
func ExampleReverseAll() {
	before, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("users", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("phone", op.String(32)))
		m.CreateIndex("idx_users_phone", "users", "phone")
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	downgrade, err := op.ReverseAll(before, op.Record(func(m *op.Migration) {
		m.AddColumn("users", op.Column("email", op.String(254)))
		m.DropColumn("users", "phone")
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	printPlan(downgrade)
	// Output:
	// add column users.phone string(32)
	// create index idx_users_phone on users (phone)
	// drop column users.email
}

// SQL can be reversed only if it has an Undo.
func ExampleSQL_Undo() {
	for _, operations := range [][]op.Operation{
		op.Record(func(m *op.Migration) { m.SQL("UPDATE users SET role = 'guest'") }),
		op.Record(func(m *op.Migration) { m.SQL("CREATE VIEW hosts AS SELECT 1").Undo("DROP VIEW hosts") }),
	} {
		downgrade, err := op.ReverseAll(schema.Schema{}, operations)
		if errors.Is(err, op.ErrIrreversible) {
			fmt.Println(err)
			continue
		}
		printPlan(downgrade)
	}
	// Output:
	// execute UPDATE users SET role = 'guest': cannot be reversed: the SQL has no Undo
	// execute DROP VIEW hosts
}

// Declares tells the history how SQL changes the schema, so that later revisions can build on it.
func ExampleSQL_Declares() {
	after, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.SQL("CREATE TABLE logs (id bigint, text varchar(200))").Declares(func(m *op.Migration) {
			m.CreateTable("logs", op.Column("id", op.Int(64)), op.Column("text", op.String(200)))
		})
		m.AddColumn("logs", op.Column("level", op.Int(16)))
	}))
	fmt.Println(after.Names(), err)
	// Output:
	// [logs] <nil>
}

// SQLFor executes different SQL on each dialect, and nothing on a dialect that is left out.
func ExampleMigration_SQLFor() {
	printPlan(op.Record(func(m *op.Migration) {
		m.SQLFor(op.Dialects{Postgres: "CREATE EXTENSION citext"}).UndoFor(op.Dialects{Postgres: "DROP EXTENSION citext"})
	}))
	// Output:
	// execute CREATE EXTENSION citext
}

// An index can have an order, expressions and a condition.
func ExampleCreateIndex() {
	printPlan(op.Record(func(m *op.Migration) {
		m.CreateIndex("idx_users_email", "users").On(op.Expr("lower(email)"), op.Desc("id")).
			Unique().Where("deleted_at IS NULL")
	}))
	// Output:
	// create unique index idx_users_email on users (lower(email), id desc) where deleted_at IS NULL
}

// Two steps add a foreign key without blocking writers while PostgreSQL checks the rows. The second step belongs in a
// later revision.
func ExampleAddForeignKey_NotValid() {
	printPlan(op.Record(func(m *op.Migration) {
		m.AddForeignKey("fk_users_team", "users", "team_id").References("teams", "id").OnDelete("SET NULL").NotValid()
	}))
	printPlan(op.Record(func(m *op.Migration) {
		m.ValidateForeignKey("fk_users_team", "users")
	}))
	// Output:
	// add foreign key fk_users_team on users (team_id) references teams (id) not valid
	// validate foreign key fk_users_team on users
}

// Using converts the values when the type of a column changes.
func ExampleAlterColumn_Using() {
	printPlan(op.Record(func(m *op.Migration) {
		m.AlterColumn("events", "minutes").Type(op.Int(32)).Using("hours * 60")
	}))
	// Output:
	// alter column events.minutes type int(32)
}

// Run executes Go code in the transaction of the revision.
func ExampleMigration_Run() {
	lowerEmails := func(tx *gorm.DB) error {
		return tx.Exec("UPDATE users SET email = lower(email)").Error
	}
	printPlan(op.Record(func(m *op.Migration) {
		m.Run(lowerEmails).Named("lower-case the emails").Undo(func(*gorm.DB) error { return nil })
	}))
	// Output:
	// run data step: lower-case the emails
}

// Batches fills a column of a large table in transactions of 1,000 rows. The revision needs NoTransaction.
func ExampleMigration_BatchesSQL() {
	printPlan(op.Record(func(m *op.Migration) {
		m.BatchesSQL("users", 1000, "UPDATE users SET full_name = name WHERE {rows}")
	}))
	// Output:
	// in batches of 1000 rows of users: execute UPDATE users SET full_name = name WHERE {rows}
}

// The portable types become the column types that GORM writes for each database.
func ExampleDecimal() {
	for _, t := range []schema.Type{op.Bool(), op.Int(64), op.Decimal(10, 2), op.String(32), op.Time(3)} {
		fmt.Println(t, "is", strings.Join([]string{t.For(schema.Postgres), t.For(schema.SQLite)}, " and "))
	}
	// Output:
	// bool is boolean and numeric
	// int(64) is bigint and integer
	// decimal(10,2) is numeric(10, 2) and real
	// string(32) is varchar(32) and text
	// time(3) is timestamptz(3) and datetime
}
