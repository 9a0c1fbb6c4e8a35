package cli

import (
	"testing"

	"guestlist/migrations/op"
)

func TestDetected(t *testing.T) {
	t.Parallel()
	for want, do := range map[string]func(m *op.Migration){
		"added table 'users'":             func(m *op.Migration) { m.CreateTable("users") },
		"removed column 'users.name'":     func(m *op.Migration) { m.DropColumn("users", "name") },
		"renamed table 'users' to people": func(m *op.Migration) { m.RenameTable("users", "people") },
		"changed column 'users.name' type string(9)": func(m *op.Migration) {
			m.AlterColumn("users", "name").
				Type(op.String(9))
		},
		"added unique index 'idx' on users (name)": func(m *op.Migration) {
			m.CreateIndex("idx", "users", "name").
				Unique()
		},
		"added unique 'uni' on users (name)":   func(m *op.Migration) { m.AddUnique("uni", "users", "name") },
		"removed foreign key 'fk' on users":    func(m *op.Migration) { m.DropForeignKey("fk", "users") },
		"added primary key on users (id)":      func(m *op.Migration) { m.AddPrimaryKey("users", "id") },
		`comment on table 'users' "who comes"`: func(m *op.Migration) { m.CommentTable("users", "who comes") },
		"execute SELECT 1":                     func(m *op.Migration) { m.SQL("SELECT 1") },
	} {
		if got := detected(op.Record(do)[0]); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
