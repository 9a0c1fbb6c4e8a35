package diff_test

import (
	"testing"

	"guestlist/migrations/op"
)

// TestClashesOfParts has a conflict about each kind of index, constraint and comment.
func TestClashesOfParts(t *testing.T) {
	t.Parallel()
	base := clashBase(t)
	for name, c := range map[string]clash{
		"comments of a table": {
			left:  func(m *op.Migration) { m.CommentTable("users", "a") },
			right: func(m *op.Migration) { m.CommentTable("users", "b") },
			want: []string{
				"left and right both change comment of table users differently: " +
					`comment table users "a", and comment table users "b"`,
				"left and right lead to different schemas, depending on which is applied first",
			},
		},
		"table commented and dropped": {
			left:  func(m *op.Migration) { m.CommentTable("users", "a") },
			right: func(m *op.Migration) { m.DropTable("users") },
			want:  []string{"left uses table users, which right drops"},
		},
		"index dropped twice": {
			left:  func(m *op.Migration) { m.DropIndex("idx_users_name", "users") },
			right: func(m *op.Migration) { m.DropIndex("idx_users_name", "users") },
			want:  []string{"left and right both drop idx_users_name of table users"},
		},
		"unique constraint dropped twice": {
			left:  func(m *op.Migration) { m.DropUnique("uni_users_email", "users") },
			right: func(m *op.Migration) { m.DropUnique("uni_users_email", "users") },
			want:  []string{"left and right both drop uni_users_email of table users"},
		},
		"primary key dropped twice": {
			left:  func(m *op.Migration) { m.DropPrimaryKey("users") },
			right: func(m *op.Migration) { m.DropPrimaryKey("users") },
			want:  []string{"left and right both change primary key of table users"},
		},
		"primary key of a column that goes": {
			left:  func(m *op.Migration) { m.DropPrimaryKey("teams"); m.AddPrimaryKey("teams", "name") },
			right: func(m *op.Migration) { m.DropColumn("teams", "name") },
			want:  []string{"left uses column teams.name, which right drops"},
		},
		"unique constraint of a column that goes": {
			left:  func(m *op.Migration) { m.AddUnique("u", "teams", "name") },
			right: func(m *op.Migration) { m.DropColumn("teams", "name") },
			want:  []string{"left uses column teams.name, which right drops"},
		},
		"check of a column that goes": {
			left:  func(m *op.Migration) { m.AddCheck("chk", "teams", "name <> ''") },
			right: func(m *op.Migration) { m.DropColumn("teams", "name") },
			want: []string{
				"left uses column teams.name, which right drops",
				"left and right lead to different schemas, depending on which is applied first",
			},
		},
		"foreign key to a column that goes": {
			left:  func(m *op.Migration) { m.AddForeignKey("fk", "teams", "name").References("users", "email") },
			right: func(m *op.Migration) { m.DropColumn("users", "email") },
			want:  []string{"left uses column users.email, which right drops"},
		},
		"same check twice": {
			left:  func(m *op.Migration) { m.AddCheck("chk", "teams", "name <> ''") },
			right: func(m *op.Migration) { m.AddCheck("chk", "teams", "name <> ''") },
			want:  []string{"left and right both add chk of table teams"},
		},
		"same foreign key twice": {
			left:  func(m *op.Migration) { m.AddForeignKey("fk", "teams", "name").References("users", "email") },
			right: func(m *op.Migration) { m.AddForeignKey("fk", "teams", "name").References("users", "email") },
			want:  []string{"left and right both add fk of table teams"},
		},
		"constraint renamed and dropped": {
			left:  func(m *op.Migration) { m.RenameConstraint("chk_users_name", "chk", "users") },
			right: func(m *op.Migration) { m.DropCheck("chk_users_name", "users") },
			want:  []string{"left renames chk_users_name of table users, which right drops"},
		},
		"table renamed to the name of a new one": {
			left:  func(m *op.Migration) { m.RenameTable("users", "people") },
			right: func(m *op.Migration) { m.CreateTable("people", op.Column("id", op.Int(64))) },
			want: []string{"left and right both add table people differently: " +
				"rename table users to people, and create table people"},
		},
		"index with the name of a new table's constraint": {
			left:  func(m *op.Migration) { m.CreateTable("pets", op.Column("id", op.Int(64)), op.Unique("u", "id")) },
			right: func(m *op.Migration) { m.CreateIndex("u", "users", "name") },
			want: []string{"left and right both add index u differently: " +
				"create table pets, and create index u on users (name)"},
		},
	} {
		c.check(t, base, name)
	}
}
