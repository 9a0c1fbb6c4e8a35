package diff_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

func clashBase(t *testing.T) schema.Schema {
	t.Helper()
	base, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("teams", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("name", op.Text()))
		m.CreateTable("users",
			op.Column("id", op.Int(64)).PrimaryKey(),
			op.Column("name", op.Text()),
			op.Column("email", op.Text()),
			op.Unique("uni_users_email", "email"),
			op.Check("chk_users_name", "name <> ''"),
		)
		m.CreateIndex("idx_users_name", "users", "name")
		m.CreateTable("notes", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("about", op.Int(64)))
		m.AddCheck("chk_notes", "notes", "id > 0").NotValid()
		m.AddForeignKey("fk_notes", "notes", "about").References("notes", "id").NotValid()
	}))
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// clash is a change of each of two branches, and what they conflict about.
type clash struct {
	left, right func(m *op.Migration)
	want        []string
}

func (c clash) check(t *testing.T, base schema.Schema, name string) {
	t.Helper()
	got, err := diff.Clashes(base, diff.Side{Name: "left", Operations: op.Record(c.left)},
		diff.Side{Name: "right", Operations: op.Record(c.right)})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
		t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
	}
}

func TestClashes(t *testing.T) {
	t.Parallel()
	base := clashBase(t)
	for name, c := range map[string]clash{
		"apart": {
			left:  func(m *op.Migration) { m.AddColumn("users", op.Column("phone", op.Text())) },
			right: func(m *op.Migration) { m.AddColumn("users", op.Column("age", op.Int(32))) },
		},
		"apart, with indexes on the same column": {
			left:  func(m *op.Migration) { m.CreateIndex("i", "users", "name") },
			right: func(m *op.Migration) { m.CreateIndex("j", "users", "name") },
		},
		"index on a column that changes": {
			left:  func(m *op.Migration) { m.CreateIndex("i", "users", "name") },
			right: func(m *op.Migration) { m.AlterColumn("users", "name").NotNull() },
		},
		"same column twice": {
			left: func(m *op.Migration) {
				m.AddColumn("users", op.Column("phone", op.Text()))
				m.CreateIndex("i", "users", "phone")
			},
			right: func(m *op.Migration) { m.AddColumn("users", op.Column("phone", op.Text())) },
			want:  []string{"left and right both add column users.phone"},
		},
		"same column in two ways": {
			left:  func(m *op.Migration) { m.AddColumn("users", op.Column("phone", op.Text())) },
			right: func(m *op.Migration) { m.AddColumn("users", op.Column("phone", op.String(32))) },
			want: []string{"left and right both add column users.phone differently: " +
				"add column users.phone text, and add column users.phone string(32)"},
		},
		"same table": {
			left:  func(m *op.Migration) { m.CreateTable("pets", op.Column("id", op.Int(64))) },
			right: func(m *op.Migration) { m.CreateTable("pets", op.Column("id", op.Int(64))) },
			want:  []string{"left and right both add table pets"},
		},
		"same index": {
			left:  func(m *op.Migration) { m.CreateIndex("i", "users", "name") },
			right: func(m *op.Migration) { m.CreateIndex("i", "teams", "name") },
			want: []string{"left and right both add index i differently: " +
				"create index i on users (name), and create index i on teams (name)"},
		},
		"same name of an index and a unique constraint": {
			left:  func(m *op.Migration) { m.AddUnique("i", "users", "name") },
			right: func(m *op.Migration) { m.CreateIndex("i", "teams", "name") },
			want: []string{"left and right both add index i differently: " +
				"add unique i on users (name), and create index i on teams (name)"},
		},
		"changed and dropped": {
			left:  func(m *op.Migration) { m.AlterColumn("users", "name").NotNull() },
			right: func(m *op.Migration) { m.DropColumn("users", "name") },
			want:  []string{"left changes column users.name, which right drops"},
		},
		"used and dropped": {
			left:  func(m *op.Migration) { m.CreateIndex("i", "users").On(op.Expr("lower(name)")) },
			right: func(m *op.Migration) { m.DropColumn("users", "name") },
			want: []string{
				"left uses column users.name, which right drops",
				"left and right lead to different schemas, depending on which is applied first",
			},
		},
		"dropped twice": {
			left:  func(m *op.Migration) { m.DropCheck("chk_users_name", "users") },
			right: func(m *op.Migration) { m.DropColumn("users", "name") },
			want: []string{"left and right both drop chk_users_name of table users differently: " +
				"drop check chk_users_name on users, and drop column users.name"},
		},
		"table changed and dropped": {
			left:  func(m *op.Migration) { m.AddColumn("users", op.Column("phone", op.Text())) },
			right: func(m *op.Migration) { m.DropTable("users") },
			want:  []string{"left uses table users, which right drops"},
		},
		"walked and dropped": {
			left:  func(m *op.Migration) { m.BatchesSQL("users", 1, "UPDATE users SET name = email WHERE {rows}") },
			right: func(m *op.Migration) { m.DropTable("users") },
			want:  []string{"left uses table users, which right drops"},
		},
		"walked and changed": {
			left:  func(m *op.Migration) { m.BatchesSQL("users", 1, "UPDATE users SET name = email WHERE {rows}") },
			right: func(m *op.Migration) { m.AddColumn("users", op.Column("phone", op.Text())) },
		},
		"walked by a column that is dropped": {
			left:  func(m *op.Migration) { m.BatchesSQL("users", 1, "UPDATE users SET name = email WHERE {rows}") },
			right: func(m *op.Migration) { m.DropColumn("users", "id") },
			want:  []string{"left uses column users.id, which right drops"},
		},
		"pointed at and dropped": {
			left: func(m *op.Migration) {
				m.CreateTable("pets", op.Column("team_id", op.Int(64)),
					op.ForeignKey("fk", "team_id").References("teams", "id"))
			},
			right: func(m *op.Migration) { m.DropTable("teams") },
			want:  []string{"left uses table teams, which right drops"},
		},
		"renamed and changed": {
			left: func(m *op.Migration) {
				m.RenameColumn("users", "name", "full_name")
				m.AlterColumn("users", "full_name").NotNull()
			},
			right: func(m *op.Migration) { m.AlterColumn("users", "name").Type(op.String(80)) },
			want: []string{
				"left and right both change column users.name differently: " +
					"alter column users.full_name not null, and alter column users.name type string(80)",
				"left renames column users.name, which right changes",
			},
		},
		"renamed with its table and changed": {
			left: func(m *op.Migration) {
				m.RenameColumn("users", "name", "full_name")
				m.RenameTable("users", "people")
				m.AlterColumn("people", "full_name").NotNull()
			},
			right: func(m *op.Migration) { m.AlterColumn("users", "name").Type(op.String(80)) },
			want: []string{
				"left and right both change column users.name differently: " +
					"alter column people.full_name not null, and alter column users.name type string(80)",
				"left renames column users.name, which right changes",
				"left renames table users, which right uses",
			},
		},
		"renamed twice": {
			left:  func(m *op.Migration) { m.RenameTable("users", "people") },
			right: func(m *op.Migration) { m.RenameTable("users", "persons") },
			want: []string{"left and right both rename table users differently: " +
				"rename table users to people, and rename table users to persons"},
		},
		"table renamed and changed": {
			left:  func(m *op.Migration) { m.RenameTable("users", "people"); m.DropColumn("people", "name") },
			right: func(m *op.Migration) { m.RenameIndex("idx_users_name", "i", "users") },
			want: []string{
				"left drops idx_users_name of table users, which right renames",
				"left renames table users, which right uses",
			},
		},
		"defaults of one column": {
			left:  func(m *op.Migration) { m.AlterColumn("users", "name").Default("a") },
			right: func(m *op.Migration) { m.AlterColumn("users", "name").Default("b") },
			want: []string{
				"left and right both change column users.name differently: " +
					"alter column users.name default 'a', and alter column users.name default 'b'",
				"left and right lead to different schemas, depending on which is applied first",
			},
		},
		"declared by SQL": {
			left: func(m *op.Migration) {
				m.SQL("…").Declares(func(m *op.Migration) { m.DropColumn("teams", "name"); m.DropColumn("users", "name") })
			},
			right: func(m *op.Migration) { m.AlterColumn("users", "name").NotNull() },
			want:  []string{"left drops column users.name, which right changes"},
		},
		"foreign key to a key that goes": {
			left: func(m *op.Migration) {
				m.CreateTable("pets", op.Column("mail", op.Text()), op.ForeignKey("fk", "mail").References("users", "email"))
			},
			right: func(m *op.Migration) { m.DropUnique("uni_users_email", "users") },
			want: []string{"right cannot be applied after left: drop unique uni_users_email on users: " +
				"users (email) is referenced by foreign key fk of table pets: drop that first"},
		},
		"foreign key to a key that goes, beside another clash": {
			left: func(m *op.Migration) {
				m.AddColumn("teams", op.Column("motto", op.Text()))
				m.CreateTable("pets", op.Column("mail", op.Text()), op.ForeignKey("fk", "mail").References("users", "email"))
			},
			right: func(m *op.Migration) {
				m.AddColumn("teams", op.Column("motto", op.Text()))
				m.DropUnique("uni_users_email", "users")
			},
			want: []string{
				"left and right both add column teams.motto",
				"right cannot be applied after left: drop unique uni_users_email on users: " +
					"users (email) is referenced by foreign key fk of table pets: drop that first",
			},
		},
		"foreign key to a key that goes, beside an expression whose column is renamed": {
			left: func(m *op.Migration) {
				m.RenameColumn("teams", "name", "title")
				m.CreateTable("pets", op.Column("mail", op.Text()), op.ForeignKey("fk", "mail").References("users", "email"))
			},
			right: func(m *op.Migration) {
				m.AddColumn("teams", op.Column("loud", op.Text()).Generated("upper(name)"))
				m.DropUnique("uni_users_email", "users")
			},
			want: []string{
				"right cannot be applied after left: drop unique uni_users_email on users: " +
					"users (email) is referenced by foreign key fk of table pets: drop that first",
				"left and right lead to different schemas, depending on which is applied first",
			},
		},
		"foreign key of a column that goes": {
			left:  func(m *op.Migration) { m.AddForeignKey("fk", "teams", "name").References("users", "email") },
			right: func(m *op.Migration) { m.DropColumn("teams", "name") },
			want:  []string{"left uses column teams.name, which right drops"},
		},
		"check and foreign key that are validated and dropped": {
			left: func(m *op.Migration) {
				m.ValidateCheck("chk_notes", "notes")
				m.ValidateForeignKey("fk_notes", "notes")
			},
			right: func(m *op.Migration) {
				m.DropCheck("chk_notes", "notes")
				m.DropForeignKey("fk_notes", "notes")
			},
			want: []string{
				"left changes chk_notes of table notes, which right drops",
				"left changes fk_notes of table notes, which right drops",
			},
		},
		"what only follows from a clash": {
			left: func(m *op.Migration) {
				m.CreateTable("pets", op.Column("id", op.Int(64)).PrimaryKey())
				m.AddColumn("pets", op.Column("name", op.Text()))
			},
			right: func(m *op.Migration) {
				m.CreateTable("pets", op.Column("id", op.Int(64)).PrimaryKey())
				m.AddColumn("pets", op.Column("age", op.Int(32)))
			},
			want: []string{"left and right both add table pets"},
		},
		"commented and dropped": {
			left:  func(m *op.Migration) { m.CommentColumn("users", "email", "a") },
			right: func(m *op.Migration) { m.DropColumn("users", "email") },
			want:  []string{"left uses column users.email, which right drops"},
		},
		"comments": {
			left:  func(m *op.Migration) { m.CommentColumn("users", "name", "a") },
			right: func(m *op.Migration) { m.CommentColumn("users", "name", "b") },
			want: []string{
				"left and right both change comment of column users.name differently: " +
					`comment column users.name "a", and comment column users.name "b"`,
				"left and right lead to different schemas, depending on which is applied first",
			},
		},
	} {
		c.check(t, base, name)
	}
}

func TestClashesOfABrokenSide(t *testing.T) {
	t.Parallel()
	whole := diff.Side{Name: "whole"}
	drop := func(m *op.Migration) { m.DropTable("x") }
	for _, change := range []func(m *op.Migration){drop, func(m *op.Migration) { m.SQL("…").Declares(drop) }} {
		broken := diff.Side{Name: "broken", Operations: op.Record(change)}
		for _, sides := range [][2]diff.Side{{broken, whole}, {whole, broken}} {
			_, err := diff.Clashes(clashBase(t), sides[0], sides[1])
			if want := "broken: "; err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s and %s: got error %v, want one that begins with %q", sides[0].Name, sides[1].Name, err, want)
			}
		}
	}
}
