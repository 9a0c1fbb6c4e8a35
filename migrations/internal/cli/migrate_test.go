package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"guestlist/migrations/revision"
)

func named() []any {
	type User struct {
		ID   int64
		Name string `gorm:"size:20;not null;index"`
	}
	return []any{&User{}}
}

func fullyNamed() []any {
	type User struct {
		ID       int64
		FullName string `gorm:"size:20;not null;index"`
	}
	return []any{&User{}}
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	const users = `package versions

import (
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// Revision ID: aaaa
// Revises:
// Create Date: 2026-11-23 15:12:07
func init() {
	Revisions.Register(revision.Revision{
		ID: "aaaa",
		Upgrade: func(m *op.Migration) {
			m.CreateTable("users",
				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
				op.Column("name", op.String(20)).NotNull(),
			)
			m.CreateIndex("idx_users_name", "users", "name")
		},
		Downgrade: func(m *op.Migration) {
			m.DropTable("users")
		},
	})
}
`
	if text := w.migrateAndCompile("aaaa", named()); text != users {
		t.Errorf("the file is\n%s\nwant\n%s", text, users)
	}
	w.wantLog("INFO  [migrations] Detected added table 'users'\n" +
		"INFO  [migrations] Detected added index 'idx_users_name' on users (name)\n")
	for _, command := range []string{"migrate", "migrate --dry-run", "revision --autogenerate -m again"} {
		w.want("", strings.Fields(command)...)
		w.wantLog("INFO  [migrations] No changes in schema detected.\n")
	}
	w.want("", "upgrade")
	w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")

	type User struct {
		ID    int64
		Name  string `gorm:"size:20;not null;index"`
		Phone string `gorm:"size:32;uniqueIndex"`
	}
	w.env.Models = []any{&User{}}
	w.want("Error: New upgrade operations detected: [add column users.phone string(32), "+
		"create unique index idx_users_phone on users (phone)]\ndb migrate writes them into a revision\n", "check",
		"--models")
	wantBody(t, w.migrateAndCompile("bbbb", w.env.Models), `m.AddColumn("users", op.Column("phone", op.String(32)))
m.CreateIndex("idx_users_phone", "users", "phone").Unique()
--
m.DropIndex("idx_users_phone", "users")
m.DropColumn("users", "phone")
`)
	w.want("", "upgrade")
	w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
	w.want("", "downgrade", "base")
	w.want("No new upgrade operations detected.\n", "check", "--models")
}

func TestMigrateRenames(t *testing.T) {
	t.Parallel()
	const renamed = `m.RenameColumn("users", "name", "full_name")
m.RenameIndex("idx_users_name", "idx_users_full_name", "users")
--
m.RenameIndex("idx_users_full_name", "idx_users_name", "users")
m.RenameColumn("users", "full_name", "name")
`
	t.Run("declared", func(t *testing.T) {
		t.Parallel()
		w := newTestProject(t)
		w.migrateAndCompile("aaaa", named())
		w.want("", "upgrade")
		if err := w.db.Exec("INSERT INTO users (name) VALUES ('Ann')").Error; err != nil {
			t.Fatal(err)
		}
		wantBody(t, w.migrateAndCompile("bbbb", fullyNamed(), "users.name=users.full_name"), renamed)
		w.want("", "upgrade")
		var name string
		const want = "Ann"
		if err := w.db.Raw("SELECT full_name FROM users").Scan(&name).Error; err != nil || name != want {
			t.Errorf("the name is %q, %v; want %q, no error", name, err, want)
		}
		w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
	})
	t.Run("asked", func(t *testing.T) {
		t.Parallel()
		w := newTestProject(t)
		w.migrateAndCompile("aaaa", named())
		w.env.Interactive = true
		w.env.Models = fullyNamed()
		w.env.Stdin = strings.NewReader("")
		w.want("Error: nothing was changed\n", "migrate", "--rev-id", "bbbb")
		w.env.Stdin = strings.NewReader("y\nn\ny\n")
		wantBody(t, w.migrate("bbbb", fullyNamed()), renamed)
		if !strings.HasPrefix(w.log.String(), "Did you rename users.name to users.full_name? [y/N] INFO") {
			t.Errorf("it asks\n%s", w.log.String())
		}
	})
	t.Run("interrupted", func(t *testing.T) {
		t.Parallel()
		w := newTestProject(t)
		w.migrateAndCompile("aaaa", named())
		w.env.Models, w.env.Interactive = fullyNamed(), true
		silent, _ := io.Pipe()
		w.env.Stdin = silent
		ctx, interrupt := context.WithCancel(t.Context())
		interrupt()
		c := Command(w.env)
		c.SetArgs([]string{"--directory", w.env.Directory, "migrate", "--rev-id", "bbbb"})
		if err := c.ExecuteContext(ctx); !errors.Is(err, errDeclined) {
			t.Errorf("got error %v, want %v", err, errDeclined)
		}
	})
	t.Run("declined", func(t *testing.T) {
		t.Parallel()
		w := newTestProject(t)
		w.migrateAndCompile("aaaa", named())
		w.env.Interactive = true
		w.env.Stdin = strings.NewReader("\n")
		text := w.migrate("bbbb", fullyNamed())
		for _, want := range []string{`m.DropColumn("users", "name")`, "--rename users.name=users.full_name"} {
			if !strings.Contains(text, want) || !strings.Contains(w.log.String(), "WARN  [migrations] drops users.name") {
				t.Errorf("the revision lacks %s:\n%s\n%s", want, text, w.log.String())
			}
		}
	})
}

func TestMigrateDryRun(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	w.env.Models = named()
	out := w.run("migrate", "--dry-run", "--rev-id", "aaaa")
	for _, want := range []string{
		"package versions\n", "\n-- PostgreSQL\n\nCREATE TABLE IF NOT EXISTS", `CREATE TABLE "users"`,
		"\n-- SQLite\n\nCREATE",
		"CREATE TABLE `users`",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	if files, _ := os.ReadDir(w.env.versions()); len(files) != 0 {
		t.Errorf("got the files %v, want none", files)
	}
}

func TestMigrateRefuses(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	w.want("Error: the program names no models\nset Models in its migrations.Environment\n", "migrate")
	w.migrateAndCompile("aaaa", named())
	w.want("Error: Using --sql with --autogenerate does not make any sense\n--dry-run prints the revision and its SQL\n",
		"migrate", "--sql")
	w.want("Error: --rename, --online, --dry-run and --json need a revision made from the models\nadd "+
		"--autogenerate, or use db migrate\n", "revision", "--dry-run")
	w.env.Models = fullyNamed()
	for flags, want := range map[string]string{
		"--head nope":            "Can't locate revision identified by 'nope'",
		"--rev-id a:b":           "Character(s) ':' not allowed in revision identifier 'a:b'",
		"--rename name":          "write users=people",
		"--rename users.nick=x":  "has no column, index or constraint nick",
		"--rename users.name=xy": "xy",
	} {
		if got := w.run(append([]string{"migrate"}, strings.Fields(flags)...)...); strings.Count(got, "\n") != 2 ||
			!strings.Contains(got, want) {
			t.Errorf("db migrate %s: got %s, want two lines with %q", flags, got, want)
		}
	}
	for _, id := range []string{"bbbb", "cccc"} {
		w.env.Revisions.Register(revision.Revision{ID: id, File: id + "_.go", DownRevision: []string{"aaaa"}})
	}
	w.want("Error: Multiple heads are present; please specify the head revision on which the new revision "+
		"should be based, "+
		"or perform a merge.\nthe heads are bbbb, cccc\n", "migrate")
	w.want("Error: Revision aaaa is not a head revision; please specify --splice to create a new branch from "+
		"this revision\n"+
		"it is revised by bbbb, cccc\n", "migrate", "--head", "aaaa")
}

// TestMigrateOnLines checks that a revision of one line of history leaves out what another line creates, and can change
// that only if it depends on the other line.
func TestMigrateOnLines(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	w.migrateAndCompile("aaaa", named())
	type Tag struct{ ID int64 }
	type Note struct {
		ID     int64
		UserID int64
	}
	w.env.Models = append(named(), &Tag{}, &Note{})
	w.want("Generating migrations/versions/tttt_.go ...  done\n", "migrate", "--rev-id", "tttt", "--head", "base",
		"--branch-label", "tags")
	wantBody(t, w.text("tttt"), `m.CreateTable("notes",
	op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
	op.Column("user_id", op.Int(64)),
)

m.CreateTable("tags",
	op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
)
--
m.DropTable("tags")
m.DropTable("notes")
`)
	p := proposal{}
	p.ID, p.Heads, p.Labels = "tttt", []string{"base"}, []string{"tags"}
	w.compile(p)
	w.want("", "migrate", "--head", "tags@head")
	w.wantLog("INFO  [migrations] No changes in schema detected.\n")
	w.env.Models = append(fullyNamed(), &Tag{}, &Note{})
	w.want("Error: the revision needs changes of another line of the history: drop index idx_users_name on users: table "+
		"users does not exist\n"+
		"name it with --depends-on, or build on it with --head\n", "migrate", "--head", "tags@head")
	w.want("Generating migrations/versions/uuuu_.go ...  done\n", "migrate", "--rev-id", "uuuu", "--head", "tags@head",
		"--depends-on", "aaaa")
}

func TestMigrateBesideAnotherHead(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	w.migrateAndCompile("aaaa", named())
	w.env.Revisions.Register(revision.Revision{ID: "bbbb", File: "bbbb_.go", DownRevision: []string{"aaaa"}})
	w.migrate("cccc", fullyNamed(), "--splice", "--head", "aaaa", "--rename", "users.name=full_name")
	if !strings.Contains(w.log.String(), "WARN  [migrations] revision bbbb is a separate head") {
		t.Errorf("it says\n%s", w.log.String())
	}
}
