package op_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/optest"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// everyOperation records every operation, and returns the text of each.
func everyOperation(m *op.Migration) []string {
	m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement())
	m.CreateTable("users",
		op.Column("id", op.Int(64)).PrimaryKey(),
		op.Column("email", op.String(254)).NotNull().Default(""),
		op.Column("team_id", op.Int(64)),
		op.Column("level", op.Int(32)),
	)
	m.RenameTable("teams", "groups")
	m.CommentTable("groups", "it's us")
	m.AddColumn("users", op.Column("phone", op.String(32)))
	m.AddColumn("users", op.Column("seen", op.Time(3)).NotNull().Default(op.Expr("now()")))
	m.AddColumn("users", op.Column("doc", op.TypeFor(op.Dialects{Postgres: "jsonb", SQLite: "JSON"})).Default(nil))
	m.AlterColumn("users", "level").Type(op.Decimal(10, 2)).NotNull().Default(1.5)
	m.AlterColumn("users", "level").Nullable().NoDefault()
	m.RenameColumn("users", "level", "rank")
	m.CommentColumn("users", "rank", "")
	m.CreateIndex("idx_users_phone", "users", "phone").Unique().Where("phone <> ''")
	m.CreateIndex("idx_users_email", "users").On(op.Expr("lower(email)"), op.Desc("rank"))
	m.RenameIndex("idx_users_phone", "idx_phone", "users")
	m.DropIndex("idx_phone", "users")
	m.DropPrimaryKey("users")
	m.AddPrimaryKey("users", "id", "rank")
	m.AddUnique("uni_users_email", "users", "email")
	m.AddCheck("chk_users_rank", "users", "rank > 0")
	m.AddForeignKey("fk_users_group", "users", "team_id").References("groups", "id").OnDelete("CASCADE")
	m.RenameConstraint("chk_users_rank", "chk_rank", "users")
	m.AddCheck("chk_later", "users", "id > 0").NotValid()
	m.ValidateCheck("chk_later", "users")
	m.AddForeignKey("fk_later", "users", "team_id").References("groups", "id").NotValid()
	m.ValidateForeignKey("fk_later", "users")
	m.CreateIndex("idx_rank", "users", "rank").Unique()
	m.AddUnique("uni_rank", "users", "rank").UsingIndex("idx_rank")
	m.DropForeignKey("fk_users_group", "users")
	m.DropCheck("chk_rank", "users")
	m.DropUnique("uni_users_email", "users")
	m.DropColumn("users", "phone")
	m.SQL("UPDATE users\n\tSET email = 'x'").Undo("SELECT 1")
	m.Run(func(*gorm.DB) error { return nil }).Undo(func(*gorm.DB) error { return nil })
	m.Run(func(*gorm.DB) error { return nil }).Undo(func(*gorm.DB) error { return nil }).Named("fill in phones")
	m.Batches("users", 100, func(*gorm.DB, op.Batch) error { return nil })
	m.BatchesSQL("users", 1000, "UPDATE users\n\tSET email = 'x' WHERE {rows}")
	m.DropTable("users")
	return []string{
		"create table teams",
		"create table users",
		"rename table teams to groups",
		`comment table groups "it's us"`,
		"add column users.phone string(32)",
		"add column users.seen time(3) not null default now()",
		"add column users.doc jsonb / JSON default null",
		"alter column users.level type decimal(10,2) not null default 1.5",
		"alter column users.level null default none",
		"rename column users.level to rank",
		`comment column users.rank ""`,
		"create unique index idx_users_phone on users (phone) where phone <> ''",
		"create index idx_users_email on users (lower(email), rank desc)",
		"rename index idx_users_phone on users to idx_phone",
		"drop index idx_phone on users",
		"drop primary key on users",
		"add primary key on users (id, rank)",
		"add unique uni_users_email on users (email)",
		"add check chk_users_rank on users (rank > 0)",
		"add foreign key fk_users_group on users (team_id) references groups (id)",
		"rename constraint chk_users_rank on users to chk_rank",
		"add check chk_later on users (id > 0) not valid",
		"validate check chk_later on users",
		"add foreign key fk_later on users (team_id) references groups (id) not valid",
		"validate foreign key fk_later on users",
		"create unique index idx_rank on users (rank)",
		"add unique uni_rank on users (rank) using index idx_rank",
		"drop foreign key fk_users_group on users",
		"drop check chk_rank on users",
		"drop unique uni_users_email on users",
		"drop column users.phone",
		"execute UPDATE users SET email = 'x'",
		"run data step",
		"run data step: fill in phones",
		"run data step in batches of 100 rows of users",
		"in batches of 1000 rows of users: execute UPDATE users SET email = 'x' WHERE {rows}",
		"drop table users",
	}
}

func TestEveryOperationHasTextAndReverse(t *testing.T) {
	t.Parallel()
	var m op.Migration
	texts := everyOperation(&m)
	if got, want := len(m.Operations()), len(texts); got != want {
		t.Fatalf("got %d operations, want %d, one for each text", got, want)
	}
	var s schema.Schema
	for i, o := range m.Operations() {
		if o.String() != texts[i] {
			t.Errorf("got %q, want %q", o, texts[i])
		}
		s = reverses(t, o, s)
	}
	if missing := optest.Missing(m.Operations()); len(missing) > 0 {
		t.Errorf("no case covers %q", missing)
	}
}

// reverses applies the operation, checks that its reverse restores the schema, and returns the schema after the
// operation.
func reverses(t *testing.T, o op.Operation, before schema.Schema) schema.Schema {
	t.Helper()
	reverse, err := o.Reverse(before)
	if err != nil {
		t.Fatalf("%s: %v", o, err)
	}
	after, err := op.ApplyAll(before, []op.Operation{o})
	if err != nil {
		t.Fatal(err)
	}
	back, err := op.ApplyAll(after, reverse)
	if err != nil {
		t.Fatalf("%s: its reverse: %v", o, err)
	}
	if !schema.Equal(back, before) {
		t.Errorf("%s: the reverse does not restore the schema", o)
	}
	return after
}

func TestApplyRefuses(t *testing.T) {
	t.Parallel()
	before, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey())
		m.CreateTable("users",
			op.Column("id", op.Int(64)),
			op.Column("team_id", op.Int(64)),
			op.Unique("uni", "id"),
			op.ForeignKey("fk", "team_id").References("teams", "id"),
		)
		m.CreateIndex("idx", "users", "team_id")
	}))
	if err != nil {
		t.Fatal(err)
	}
	kept := before.Normal()
	for want, change := range map[string]func(m *op.Migration){
		"table x does not exist": func(m *op.Migration) { m.DropTable("x") },
		"table users already exists": func(m *op.Migration) {
			m.CreateTable("users",
				op.Column("id", op.Bool()))
		},
		"table x has no columns":     func(m *op.Migration) { m.CreateTable("x") },
		"table teams already exists": func(m *op.Migration) { m.RenameTable("users", "teams") },
		"column users.id already exists": func(m *op.Migration) {
			m.AddColumn("users",
				op.Column("id", op.Bool()))
		},
		"column users.x does not exist":       func(m *op.Migration) { m.DropColumn("users", "x") },
		"column users.y does not exist":       func(m *op.Migration) { m.AlterColumn("users", "y").NotNull() },
		"nothing to change":                   func(m *op.Migration) { m.AlterColumn("users", "id") },
		"column users.team_id already exists": func(m *op.Migration) { m.RenameColumn("users", "id", "team_id") },
		"a string, a bool, a number or an op.Expr": func(m *op.Migration) {
			m.AlterColumn("users", "id").
				Default([]int{})
		},
		"idx already exists on table users":               func(m *op.Migration) { m.CreateIndex("idx", "teams", "id") },
		"uni already exists on table users":               func(m *op.Migration) { m.AddCheck("uni", "users", "true") },
		"index i uses column users.x, which does":         func(m *op.Migration) { m.CreateIndex("i", "users", "x") },
		"index i has no columns":                          func(m *op.Migration) { m.CreateIndex("i", "users") },
		"index x on table users does not exist":           func(m *op.Migration) { m.DropIndex("x", "users") },
		"table teams already has a primary key (id)":      func(m *op.Migration) { m.AddPrimaryKey("teams", "id") },
		"table users has no primary key":                  func(m *op.Migration) { m.DropPrimaryKey("users") },
		"check constraint x on table users does not":      func(m *op.Migration) { m.DropCheck("x", "users") },
		"foreign key x on table users does not exist":     func(m *op.Migration) { m.DropForeignKey("x", "users") },
		"unique constraint x on table users does not":     func(m *op.Migration) { m.DropUnique("x", "users") },
		"constraint x on table users does not exist":      func(m *op.Migration) { m.RenameConstraint("x", "y", "users") },
		"teams is referenced by foreign key fk of table":  func(m *op.Migration) { m.DropTable("teams") },
		"column teams.id is referenced by foreign key fk": func(m *op.Migration) { m.DropColumn("teams", "id") },
		"teams (id) is referenced by foreign key fk":      func(m *op.Migration) { m.DropPrimaryKey("teams") },
		"references table x, which does not exist": func(m *op.Migration) {
			m.AddForeignKey("k", "users", "id").References("x", "id")
		},
		"foreign key k references 2 columns with 1": func(m *op.Migration) {
			m.AddForeignKey("k", "users", "id").References("users", "id", "team_id")
		},
		"primary key lists column users.id twice": func(m *op.Migration) {
			m.AddPrimaryKey("users",
				"id", "id")
		},
		"rows of x: execute {rows}: table x does not exist":  func(m *op.Migration) { m.BatchesSQL("x", 1, "{rows}") },
		"table users has no primary key, which batches need": func(m *op.Migration) { m.BatchesSQL("users", 1, "{rows}") },
		"the batch size must be positive, not 0":             func(m *op.Migration) { m.BatchesSQL("teams", 0, "{rows}") },
		"the batch size must be positive, not -1":            func(m *op.Migration) { m.BatchesSQL("teams", -1, "{rows}") },
		"batches need either Go code or SQL":                 func(m *op.Migration) { m.BatchesSQL("teams", 1, "") },
		"teams: execute : batches need either":               func(m *op.Migration) { m.Batches("teams", 1, nil) },
		"the SQL has no {rows}, the placeholder": func(m *op.Migration) {
			m.BatchesSQL("teams",
				1, "DELETE FROM teams")
		},
		"execute {rows} / SELECT 1: the SQL has no {rows}": func(m *op.Migration) {
			m.BatchesSQLFor("teams", 1, op.Dialects{Postgres: "{rows}", SQLite: "SELECT 1"})
		},
		"declared.x": func(m *op.Migration) {
			m.SQL("x").Declares(func(m *op.Migration) { m.DropColumn("declared", "x") })
		},
	} {
		_, err := op.ApplyAll(before, op.Record(change))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
	if !schema.Equal(before, kept) {
		t.Error("ApplyAll changed the schema in place")
	}
}

func TestRenamesReachExpressions(t *testing.T) {
	t.Parallel()
	after, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("users",
			op.Column("name", op.Text()),
			op.Column("key", op.Text()).Generated("lower(name)"),
			op.Check("chk", `users.name <> 'name' AND "name" <> name(1)`),
		)
		m.CreateIndex("idx", "users").On(op.Expr("upper(NAME) DESC")).Where("name IS NOT NULL")
		m.RenameColumn("users", "name", "order")
		m.RenameTable("users", "people")
	}))
	if err != nil {
		t.Fatal(err)
	}
	table, _ := after.Table("people")
	got := []string{table.Columns[1].Generated, table.Checks[0].Expression, table.Indexes[0].Keys[0].Expression,
		table.Indexes[0].Where}
	want := []string{`lower("order")`, `"people"."order" <> 'name' AND "order" <> name(1)`, `upper("order") DESC`,
		`"order" IS NOT NULL`}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
}
