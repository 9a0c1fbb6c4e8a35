package lint_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/lint"
	"guestlist/migrations/op"
)

// TestRollingRevisions checks that a break is found although a later revision, SQL or a reason in Safe could hide it. A
// want that begins with "yes" means that the program can keep running.
func TestRollingRevisions(t *testing.T) {
	t.Parallel()
	const unknown = " breaks it, which lint cannot tell"
	for name, test := range map[string]struct {
		safe    string
		changes []func(m *op.Migration)
		want    string
	}{
		"a new column becomes not null": {changes: []func(m *op.Migration){
			func(m *op.Migration) { m.AddColumn("users", op.Column("x", op.Text())) },
			func(m *op.Migration) { m.AlterColumn("users", "x").NotNull() },
		}, want: "no: it inserts into users without x, which is NOT NULL and has no default"},
		"a new column loses its default": {changes: []func(m *op.Migration){
			func(m *op.Migration) { m.AddColumn("users", op.Column("x", op.Text()).NotNull().Default("x")) },
			func(m *op.Migration) { m.AlterColumn("users", "x").NoDefault() },
		}, want: "no: it inserts into users without x, which is NOT NULL and has no default"},
		"a check wants a new column": {changes: []func(m *op.Migration){
			func(m *op.Migration) { m.AddColumn("users", op.Column("x", op.Text())) },
			func(m *op.Migration) { m.AddCheck("c", "users", "(x IS NOT NULL)").NotValid() },
		}, want: "no: it inserts into users without x, which must not be NULL and has no default"},
		"a new column is unique with its default": {changes: []func(m *op.Migration){
			func(m *op.Migration) { m.AddColumn("users", op.Column("x", op.Text()).NotNull().Default("x")) },
			func(m *op.Migration) { m.CreateIndex("i", "users", "x").Unique() },
		}, want: "no: it writes rows of users that the unique index i refuses"},
		"a new column, renamed and dropped": {changes: []func(m *op.Migration){
			func(m *op.Migration) { m.AddColumn("users", op.Column("x", op.Text())) },
			func(m *op.Migration) { m.RenameColumn("users", "x", "y") },
			func(m *op.Migration) { m.DropColumn("users", "y") },
		}, want: "yes: "},
		"a new table, dropped": {changes: []func(m *op.Migration){
			func(m *op.Migration) { m.CreateTable("x", op.Column("id", op.Int(64))) },
			func(m *op.Migration) { m.DropTable("x") },
		}, want: "yes: "},
		"a new table points at an old one": {changes: []func(m *op.Migration){func(m *op.Migration) {
			m.CreateTable("x", op.Column("id", op.Int(64)), op.ForeignKey("fk", "id").References("teams", "id"))
		}}, want: "yes: it deletes rows of teams that rows of x reference"},
		"said to be safe": {safe: "ten rows", changes: []func(m *op.Migration){
			func(m *op.Migration) { m.DropColumn("users", "age") },
		}, want: "yes: it uses column users.age, which is dropped (its revision says: ten rows)"},
		"a unique index goes": {changes: []func(m *op.Migration){func(m *op.Migration) { m.DropIndex("idx_name", "users") }},
			want: "yes: it inserts into users with ON CONFLICT on idx_name, which is dropped"},
		"a key goes": {changes: []func(m *op.Migration){func(m *op.Migration) { m.DropPrimaryKey("users") }},
			want: "yes: it inserts into users with ON CONFLICT on the primary key, which is dropped"},
		"a jsonb becomes a json": {changes: []func(m *op.Migration){
			func(m *op.Migration) { m.CreateTable("docs", op.Column("doc", op.Type("jsonb"))) },
			func(m *op.Migration) { m.AlterColumn("docs", "doc").Type(op.Type("json")) },
		}, want: "no: it reads and writes docs.doc as jsonb"},
		"Go code": {changes: []func(m *op.Migration){func(m *op.Migration) { m.Run(func(*gorm.DB) error { return nil }) }},
			want: "yes: the Go code of a revision" + unknown},
		"SQL that drops": {changes: []func(m *op.Migration){
			func(m *op.Migration) { m.SQL("SELECT 1; ALTER TABLE users DROP age") },
		}, want: `no: it uses what "execute SELECT 1; ALTER TABLE users DROP age" changes`},
		"SQL that renames": {changes: []func(m *op.Migration){
			func(m *op.Migration) { m.SQL("ALTER TABLE ONLY users RENAME age TO x") },
		}, want: `no: it uses what "execute ALTER TABLE ONLY users RENAME age TO x" changes`},
		"SQL that retypes": {changes: []func(m *op.Migration){
			func(m *op.Migration) { m.SQL("ALTER TABLE users ALTER age TYPE text") },
		}, want: `no: it uses what "execute ALTER TABLE users ALTER age TYPE text" changes`},
		"SQL that drops a table": {changes: []func(m *op.Migration){
			func(m *op.Migration) { m.SQL("/* x */ DROP TABLE IF EXISTS users") },
		}, want: `no: it uses what "execute /* x */ DROP TABLE IF EXISTS users" changes`},
		"SQL that drops what it made": {changes: []func(m *op.Migration){func(m *op.Migration) {
			m.SQL("CREATE TEMP TABLE x AS SELECT * FROM users; ALTER TABLE x RENAME TO y; DROP TABLE y")
		}}, want: "yes: "},
		"SQL that refuses": {changes: []func(m *op.Migration){
			func(m *op.Migration) { m.SQL("CREATE UNIQUE INDEX i ON users (age)") },
		}, want: `yes: "execute CREATE UNIQUE INDEX i ON users (age)"` + unknown},
		"SQL that does anything": {changes: []func(m *op.Migration){func(m *op.Migration) { m.SQL("DO $$ BEGIN END $$") }},
			want: `yes: "execute DO $$ BEGIN END $$"` + unknown},
		"SQL that changes rows": {changes: []func(m *op.Migration){
			func(m *op.Migration) { m.SQL("UPDATE users SET age = 1") },
		}, want: "yes: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r lint.Rolling
			now := shop(t)
			for n, change := range test.changes {
				if strings.Contains(name, "jsonb") && n == 1 {
					r = lint.Rolling{} // the program knows the table
				}
				operations := op.Record(change)
				if err := r.Add(now, lint.Revision{Operations: operations, Safe: test.safe}); err != nil {
					t.Fatal(err)
				}
				var err error
				if now, err = op.ApplyAll(now, operations); err != nil {
					t.Fatal(err)
				}
			}
			got := "no: "
			if r.CanRun() {
				got = "yes: "
			}
			if got += strings.Join(lint.Texts(append(r.Breaks, r.Unless...)), "; "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
