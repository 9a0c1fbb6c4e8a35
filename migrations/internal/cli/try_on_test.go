package cli

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"testing"

	"guestlist/migrations/internal/dbtest"
)

// server is a PostgreSQL database with a role that owns nothing yet, to see what a trial leaves behind.
type server struct {
	testProject *testProject
	role        string
	url         string
}

// newServer creates a role with attributes, such as CREATEDB, and with grants on the database of its testProject.
func newServer(t *testing.T, attributes string, grants ...string) *server {
	t.Helper()
	if !dbtest.Postgres() {
		t.Skip(dbtest.ServerVariable + " names no server")
	}
	s := &server{testProject: newTestProject(t), role: "trial_" + strings.ToLower(rand.Text())}
	var name string
	if err := s.testProject.db.Raw("SELECT current_database()").Scan(&name).Error; err != nil {
		t.Fatal(err)
	}
	s.exec(t, "CREATE ROLE "+s.role+" LOGIN PASSWORD 'secret' "+attributes)
	for _, grant := range grants {
		s.exec(t, strings.ReplaceAll(grant, "DB", name)+" TO "+s.role)
	}
	t.Cleanup(func() {
		s.exec(t, "DROP OWNED BY "+s.role)
		s.exec(t, "DROP ROLE "+s.role)
	})
	address, err := url.Parse(dbtest.Server(t, name))
	if err != nil {
		t.Fatal(err)
	}
	address.User = url.UserPassword(s.role, "secret")
	s.url = address.String()
	return s
}

func (s *server) exec(t *testing.T, statement string) {
	t.Helper()
	if err := s.testProject.db.WithContext(context.Background()).Exec(statement).Error; err != nil {
		t.Fatal(err)
	}
}

// wantNothingLeft checks that the role owns nothing.
func (s *server) wantNothingLeft(t *testing.T) {
	t.Helper()
	var left int
	err := s.testProject.db.Raw(`SELECT (SELECT count(*) FROM pg_database WHERE datdba = r.oid) +
		(SELECT count(*) FROM pg_namespace WHERE nspowner = r.oid) + (SELECT count(*) FROM pg_class WHERE relowner = r.oid)
		FROM pg_roles r WHERE rolname = ?`, s.role).Scan(&left).Error
	if err != nil || left > 0 {
		t.Errorf("the trial left %d things behind, %v; want none, no error", left, err)
	}
}

// mayTry has the two kinds of roles that can run a trial.
var mayTry = map[string]struct {
	attributes string
	grants     []string
}{
	"a database of its own": {"CREATEDB", nil},
	"a schema of its own":   {"", []string{"GRANT CREATE ON DATABASE DB"}},
}

func TestDraftIsTriedOnPostgreSQL(t *testing.T) {
	t.Parallel()
	type User struct {
		ID   int64
		Name string `gorm:"size:20;not null;index"`
		Age  int    `gorm:"type:int;check:age = 1::int"` // SQLite cannot parse it
	}
	type Bad struct {
		ID   int64
		Name string `gorm:"size:20;check:upper(name) = 1"` // PostgreSQL cannot compare text with a number
	}
	for name, role := range mayTry {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, role.attributes, role.grants...)
			w := s.testProject
			w.env.TryOn = func() string { return s.url }
			w.migrateAndCompile("aaaa", named())
			if strings.Contains(w.log.String(), "WARN") {
				t.Errorf("the log warns of a table:\n%s", w.log.String())
			}
			s.wantNothingLeft(t)
			w.env.Models = []any{&User{}}
			w.run("migrate", "--dry-run")
			log := w.log.String()
			if n := strings.Count(log, "WARN"); n != 2 {
				t.Errorf("got %d warnings, want 2:\n%s", n, log)
			}
			for _, want := range []string{"on PostgreSQL, add check", "not tried, as SQLite does not support"} {
				if !strings.Contains(log, want) {
					t.Errorf("the log lacks %q:\n%s", want, log)
				}
			}
			w.env.TryOn = nil
			w.env.Models = []any{&Bad{}}
			out := w.run("migrate", "--rev-id", "cccc", "--try-on", s.url)
			if !strings.Contains(out+w.log.String(), "PostgreSQL") {
				t.Errorf("a revision that PostgreSQL refuses is written:\n%s%s", out, w.log.String())
			}
			s.wantNothingLeft(t)
		})
	}
}

// TestTrialOnPostgreSQLHasRows checks that a trial finds what fails only if there are rows.
func TestTrialOnPostgreSQLHasRows(t *testing.T) {
	t.Parallel()
	type User struct {
		ID   int64
		Size int `gorm:"not null;default:(abs(0));check:size > 0"`
	}
	for name, role := range mayTry {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, role.attributes, role.grants...)
			w := s.testProject
			w.migrateAndCompile("aaaa", named())
			w.env.Models = []any{&User{}}
			out := w.run("migrate", "--rev-id", "bbbb", "--try-on", s.url, "--dry-run", "--json")
			for _, got := range []string{out, w.log.String()} {
				if !strings.Contains(got, "on PostgreSQL, it works only on empty tables; with a row in each, it fails: upgrade: ") {
					t.Errorf("the output does not mention the rows:\n%s", got)
				}
			}
			s.wantNothingLeft(t)
		})
	}
}

func TestServersThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	w.env.Models = named()
	w.env.TryOn = func() string { return "postgres://nobody:secret@127.0.0.1:1/nothing" }
	w.run("migrate", "--dry-run")
	log := w.log.String()
	lines := strings.Split(strings.TrimSpace(log), "\n")
	last, want := lines[len(lines)-1], "WARN  [migrations] not tried on PostgreSQL: "
	if !strings.HasPrefix(last, want) {
		t.Errorf("the last line is %q, want it to begin with %q", last, want)
	}
	if strings.Contains(log, "secret") {
		t.Errorf("the log shows the password:\n%s", log)
	}
	out := w.run("migrate", "--dry-run", "--try-on", "postgres://nobody:secret@127.0.0.1:1/nothing")
	want = "Error: not tried on PostgreSQL: "
	if hint := "\nname a server"; !strings.HasPrefix(out, want) || !strings.Contains(out, hint) {
		t.Errorf("it prints\n%s\nwant %q at the start and %q in it", out, want, hint)
	}
	w.env.TryOn = func() string { return "sqlite:///app.db" }
	w.want("Error: --try-on takes the URL of a PostgreSQL server\nas in --try-on "+
		"postgres://user:password@localhost:5432/postgres\n",
		"migrate", "--try-on", "sqlite:///app.db")
}

func TestRoleThatMayCreateNothing(t *testing.T) {
	t.Parallel()
	s := newServer(t, "")
	s.testProject.env.TryOn = func() string { return s.url }
	s.testProject.migrate("aaaa", named())
	const want = "WARN  [migrations] not tried on PostgreSQL: the role may create neither databases nor schemas\n"
	if !strings.HasSuffix(s.testProject.log.String(), want) {
		t.Errorf("it says\n%s", s.testProject.log.String())
	}
}

// TestServersThatRefuseATrial uses servers on which nothing can be created: one with a role whose transactions are
// read-only, as all are on a standby, and one that refuses to create a schema, but only when it is tried.
func TestServersThatRefuseATrial(t *testing.T) {
	t.Parallel()
	const hint = "\nname a server that accepts writes, and a role that may create databases or schemas; without " +
		"--try-on, the" +
		" revision is tried in memory only\n"
	for name, test := range map[string]struct{ refuse, want string }{
		"read-only": {
			"ALTER ROLE ROLE SET default_transaction_read_only = on",
			"not tried on PostgreSQL: the server is read-only, like a standby, or the role's transactions are",
		},
		"refusing": {
			"CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no % here', tg_tag; END $$;" +
				" CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE SCHEMA', 'DROP SCHEMA') EXECUTE " +
				"FUNCTION refuse()",
			"not tried on PostgreSQL: ERROR: no CREATE SCHEMA here (SQLSTATE P0001)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, "", "GRANT CREATE ON DATABASE DB")
			s.exec(t, strings.ReplaceAll(test.refuse, "ROLE ROLE", "ROLE "+s.role))
			w := s.testProject
			w.env.Models = named()
			w.want("Error: "+test.want+hint, "migrate", "--try-on", s.url)
			w.env.TryOn = func() string { return s.url }
			w.migrate("aaaa", named())
			if !strings.HasSuffix(w.log.String(), "WARN  [migrations] "+test.want+"\n") {
				t.Errorf("it says\n%s", w.log.String())
			}
		})
	}
}
