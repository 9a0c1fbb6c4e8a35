package cli_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"guestlist/app/database/dbtest"
)

func TestCreateAdmin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	environ := []string{"DATABASE_URL=" + dbtest.URL(t), "DEBUG=1", "PORT=0"}
	if _, stderr, code := run(t, dir, environ, "123456\n", "users", "create-admin", "root@example.org"); code != 1 ||
		!strings.Contains(stderr, "db upgrade") {
		t.Errorf("without a schema: %d, %s; want %d and %q", code, stderr, 1, "db upgrade")
	}
	if _, stderr, code := run(t, dir, environ, "", "db", "upgrade"); code != 0 {
		t.Fatalf("db upgrade: %d, %s; want %d", code, stderr, 0)
	}
	stdout, stderr, code := run(t, dir, environ, "123456\nnot read\n", "users", "create-admin", " Root@Example.org")
	if want := "Created the administrator root@example.org with id 1.\n"; code != 0 || stdout != want {
		t.Fatalf("create-admin: %d, %s%s; want %d, %s", code, stdout, stderr, 0, want)
	}
	for want, arguments := range map[string][2]string{
		"users grant-admin root@example.org\n":                   {"root@example.org", "123456"},
		"Error: the email is not a valid email address\n":        {"root", "123456"},
		"Error: the password must have at least 6 characters\n":  {"new@example.org", "12345"},
		"Error: the password is required\n":                      {"new@example.org", ""},
		"Error: create-admin needs one EMAIL":                    {},
		"Error: the email is not a valid email address\n" + "\n": {"\n", "123456"},
	} {
		command := []string{"users", "create-admin", arguments[0]}
		if arguments == [2]string{} {
			command = command[:2]
		}
		_, stderr, code := run(t, dir, environ, arguments[1], command...)
		if code != 1 || !strings.Contains(stderr, strings.TrimSpace(want)) {
			t.Errorf("%q: %d, %s; want %d and %q", arguments, code, stderr, 1, strings.TrimSpace(want))
		}
	}
	s := start(t, dir, environ)
	status, answer := s.call(t, http.MethodPost, "/api/v1/authenticate", "",
		`{"email":"root@example.org","password":"123456"}`)
	if status != http.StatusOK || answer["is_admin"] != true {
		t.Errorf("sign in: %d %v; want %d and is_admin true", status, answer, http.StatusOK)
	}
	s.stop(t)
	for want, arguments := range map[string][]string{
		"admin_created":       {"--user", "Root@example.org", "--kind", "admin_created", "--since", "1h", "--limit", "1"},
		"signed_in":           {"--user", "1", "--since", "2026-01-31T12:00:00Z"},
		"no account has":      {"--user", "new@example.org"},
		"neither an id":       {"--user", "new"},
		"the kinds are":       {"--kind", "x"},
		"neither a time":      {"--since", "yesterday"},
		"--limit: -1":         {"--limit", "-1"},
		"db upgrade\" for \"": {"db upgrade"},
	} {
		stdout, stderr, _ := run(t, dir, environ, "", append([]string{"audit"}, arguments...)...)
		if !strings.Contains(stdout+stderr, want) {
			t.Errorf("audit %q: %s%s", arguments, stdout, stderr)
		}
	}
}

func TestGrantAndRevokeAdmin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, stderr, code := run(t, dir, nil, "123456\n", "users", "create-admin", "root@example.org"); code != 0 {
		t.Fatalf("create-admin: %d, %s; want %d", code, stderr, 0)
	}
	for _, step := range []struct{ command, want string }{
		{"grant-admin root@example.org", "root@example.org is already an administrator.\n"},
		{"revoke-admin root@example.org", "Error: root@example.org is the last administrator of the system\nmake someone " +
			"else one first, at a verified address: guestlist users grant-admin EMAIL\n"},
		{"grant-admin ann@example.org", "Error: no account has the address ann@example.org\n"},
		{"grant-admin ann", "Error: the email is not a valid email address\n"},
		{"grant-admin", "Error: grant-admin needs one EMAIL: the address of the user\n"},
		{"create-admin ann@example.org", "Created the administrator ann@example.org with id 2.\n"},
		{"revoke-admin Root@example.org", "root@example.org is no longer an administrator.\n"},
		{"revoke-admin root@example.org", "root@example.org is not an administrator.\n"},
		{"delete ann@example.org", "Error: ann@example.org is the last administrator of the system\nmake someone else " +
			"one first, at a verified address: guestlist users grant-admin EMAIL\n"},
		{"grant-admin root@example.org", "root@example.org is an administrator now.\n"},
		{"delete Ann@example.org", "Deleted the account of ann@example.org.\n"},
		{"delete ann@example.org", "Error: no account has the address ann@example.org\n"},
		{"delete ann", "Error: the email is not a valid email address\n"},
		{"delete", "Error: delete needs one EMAIL: the address of the user\n"},
		{"erase root@example.org", "Error: root@example.org is the last administrator of the system\nmake someone else " +
			"one first, at a verified address: guestlist users grant-admin EMAIL\n"},
		{"erase ann@example.org", "Erased 1 account of ann@example.org.\n"},
		{"erase ann@example.org", "Error: no account has the address ann@example.org\n"},
		{"export ann@example.org", "Error: no account has the address ann@example.org\n"},
		{"create-admin ann@example.org", "Created the administrator ann@example.org with id 3.\n"},
		{"erase Ann@example.org", "Erased 1 account of ann@example.org.\n"},
		{"erase ann", "Error: the email is not a valid email address\n"},
		{"erase", "Error: erase needs one EMAIL: the address of the person\n"},
	} {
		stdout, stderr, _ := run(t, dir, nil, "123456\n", append([]string{"users"}, strings.Fields(step.command)...)...)
		if stdout+stderr != step.want {
			t.Errorf("%s: got %s%s, want %s", step.command, stdout, stderr, step.want)
		}
	}
}

func TestManageUsers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	environ := []string{"DATABASE_URL=" + dbtest.URL(t), "DEBUG=1", "PORT=0"}
	if _, stderr, code := run(t, dir, environ, "", "db", "upgrade"); code != 0 {
		t.Fatalf("db upgrade: %d, %s; want %d", code, stderr, 0)
	}
	if _, stderr, code := run(t, dir, environ, "123456\n", "users", "create-admin", "root@example.org"); code != 0 {
		t.Fatalf("create-admin: %d, %s; want %d", code, stderr, 0)
	}
	s := start(t, dir, environ)
	if status, answer := s.call(t, http.MethodPost, "/api/v1/user", "",
		`{"email":"ann@example.org","password":"123456","firstname":"Ann"}`); status != http.StatusCreated {
		t.Fatalf("register: %d %v; want %d", status, answer, http.StatusCreated)
	}
	const heading = `^ID  Email  .*Created\n--  -----.*\n`
	for _, step := range []struct{ command, want string }{
		{"list", heading +
			`1   root@example\.org  -     yes .*\n2   ann@example\.org   Ann   -      -           -        20\S+  20\S+\n$`},
		{"list --limit 1", heading + `1 .*\n$`},
		{"list --q ANN", heading + `2 .*\n$`},
		{"list --unverified", heading + `2 .*\n$`},
		{"list --blocked", heading + `$`},
		{"list --blocked --json", `^\[\]\n$`},
		{"list --unverified --json",
			`^\[\n\{"id":2,"email":"ann@example.org",.*"verified_at":null,"blocked_at":null,.*\}\n\]\n$`},
		{"list --limit -1", "^Error: --limit: -1 is negative\n$"},
		{"list x", "^Error: unknown command"},
		{"verify Ann@example.org", `^ann@example\.org is verified now\.\n$`},
		{"verify ann@example.org", `^ann@example\.org is already verified\.\n$`},
		{"unblock ann@example.org", `^ann@example\.org is not blocked\.\n$`},
		{"block ann@example.org", `^ann@example\.org is blocked now\.\n$`},
		{"block ann@example.org", `^ann@example\.org is already blocked\.\n$`},
		{"list --blocked", heading + `2   ann@example\.org  Ann   -      20\S+  20\S+ .*\n$`},
		{"show ann@example.org", `^Id +2\nEmail +ann@example\.org\nName +Ann\nTitle +-\n(.*\n)+Blocked +20\S+Z\n(.*\n)+$`},
		{"show 2", `^Id +2\n(.*\n)+$`},
		{"show 7", `^Error: no account has the id 7\n$`},
		{"show bob@example.org", `^Error: no account has the address bob@example\.org\n$`},
		{"show bob", `^Error: the email is not a valid email address\n$`},
		{"show", `^Error: show needs one EMAIL or ID: the address or the id of the user\n$`},
		{"unblock ann@example.org", `^ann@example\.org is no longer blocked\.\n$`},
		{"block root@example.org",
			`^Error: root@example\.org is the last administrator of the system\n` +
				`make someone else one first, at a verified address: `},
		{"block bob@example.org", `^Error: no account has the address bob@example\.org\n$`},
		{"block 2", `^Error: the email is not a valid email address\n$`},
		{"block", `^Error: block needs one EMAIL: the address of the user\n$`},
	} {
		stdout, stderr, _ := run(t, dir, environ, "", append([]string{"users"}, strings.Fields(step.command)...)...)
		if !regexp.MustCompile(step.want).MatchString(stdout + stderr) {
			t.Errorf("%s: %s%s, want %s", step.command, stdout, stderr, step.want)
		}
	}
	s.stop(t)
	stdout, _, _ := run(t, dir, environ, "", "audit", "--user", "ann@example.org", "--since", "1h")
	if !regexp.MustCompile(`(?s)email_verified +2 +- +cli .*\bblocked +2 +- +cli .*unblocked +2 +- +cli `).
		MatchString(stdout) {
		t.Errorf("audit: %s", stdout)
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, stderr, code := run(t, dir, nil, "123456\n", "users", "create-admin", "root@example.org"); code != 0 {
		t.Fatalf("create-admin: %d, %s; want %d", code, stderr, 0)
	}
	stdout, stderr, code := run(t, dir, nil, "", "users", "export", "Root@example.org")
	var document struct {
		Account        map[string]any   `json:"account"`
		SecurityEvents []map[string]any `json:"security_events"`
	}
	if err := json.Unmarshal([]byte(stdout), &document); err != nil || code != 0 {
		t.Fatalf("export: %d, %v: %s%s; want %d and an object", code, err, stdout, stderr, 0)
	}
	if document.Account["email"] != "root@example.org" || document.Account["is_admin"] != true ||
		len(document.SecurityEvents) != 1 {
		t.Errorf("got %s, want email %s, is_admin true and one event", stdout, "root@example.org")
	}
	if stdout, _, _ := run(t, dir, nil, "", "audit", "--kind", "exported"); !strings.Contains(stdout,
		"exported  1     -      cli") {
		t.Errorf("the security events are\n%s", stdout)
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	stdout, _, code := run(t, t.TempDir(), nil, "", "routes")
	row := regexp.MustCompile(`(?m)^users\.Register +POST +/api/v1/user +anyone +LIMIT_REGISTER$`)
	if code != 0 || !row.MatchString(stdout) {
		t.Errorf("got %d and\n%s\nwant a row that matches %s", code, stdout, row)
	}
}

// TestOpenAPI checks that the openapi command prints the document that the server serves.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	environ := []string{"PASSWORD_MIN_LENGTH=9", "EVENT_ROLES=speaker"}
	s := start(t, dir, environ)
	response, err := http.Get(s.url + "/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	served, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	s.stop(t)
	for _, on := range []string{"API_DOCS=True", "API_DOCS=False"} {
		stdout, stderr, code := run(t, dir, append(environ, on), "", "openapi")
		if code != 0 || stdout != string(served) {
			t.Errorf("%s: %d, %s: it prints %d bytes, and %d are served; want %d and the same", on, code, stderr, len(stdout),
				len(served), 0)
		}
		if want := `{"openapi":"3.1.0"`; !strings.HasPrefix(stdout, want) {
			t.Errorf("%s: the document begins with %.40q, want %q", on, stdout, want)
		}
		limits := []string{`"minLength":9`, "`LIMIT_LOGIN`, here 600/1m"}
		limits = append(limits, `"reviewer","speaker"`) // events
		for _, limit := range limits {
			if !strings.Contains(stdout, limit) {
				t.Errorf("the document lacks %s", limit)
			}
		}
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if stdout, stderr, code := run(t, t.TempDir(), nil, "", "completion", shell); code != 0 ||
			!strings.Contains(stdout, "guestlist") {
			t.Errorf("%s: %d, %s%s; want %d and %q", shell, code, stdout, stderr, 0, "guestlist")
		}
	}
}

func TestUnknownCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, arguments := range [][]string{{"serv"}, {"users", "create"}, {"--port", "1"},
		{"users", "create-admin", "--name"}} {
		_, stderr, code := run(t, dir, nil, "", arguments...)
		if code != 1 || !strings.HasPrefix(stderr, "Error: unknown ") || strings.Count(stderr, "\n") != 2 {
			t.Errorf("%v: %d, %s; want %d and two lines that begin with %q", arguments, code, stderr, 1, "Error: unknown ")
		}
	}
	for mistyped, meant := range map[string]string{"rotues": "routes", "users imprt": "import",
		"users craete-admin": "create-admin"} {
		if _, stderr, _ := run(t, dir, nil, "", strings.Fields(mistyped)...); !strings.HasSuffix(stderr,
			"did you mean "+meant+"?\n") {
			t.Errorf("%s: %s", mistyped, stderr)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "instance")); err == nil {
		t.Error("a mistyped command created an instance directory")
	}
}

// TestVersion asks for the version in three ways.
func TestVersion(t *testing.T) {
	t.Parallel()
	for _, argument := range []string{"version", "--version", "-v"} {
		stdout, stderr, code := run(t, t.TempDir(), nil, "", argument)
		want := "guestlist built without a commit go1."
		if code != 0 || stderr != "" || !strings.HasPrefix(stdout, want) {
			t.Errorf("%s: %d, %s%s; want %d and no more than %q", argument, code, stdout, stderr, 0, want)
		}
	}
}

// TestReadingMakesNoDatabase checks that commands that only read create no database, neither the embedded one nor a
// file that DATABASE_URL names.
func TestReadingMakesNoDatabase(t *testing.T) {
	t.Parallel()
	for _, environ := range [][]string{nil, {"DATABASE_URL=sqlite:///other.db"}} {
		dir := t.TempDir()
		for arguments, want := range map[string]string{
			"current": "", "current -v": "Current revision(s) for sqlite:///", "history -i": ",", "show current": "",
			"check":   "not applied",
			"diagram": "erDiagram", "diagram current:head": ":::added {", "diagram -o /dev/stdout --format svg": "</svg>",
			"history --graph --format svg": "</svg>",
		} {
			stdout, stderr, code := run(t, dir, environ, "", append([]string{"db"}, strings.Fields(arguments)...)...)
			if !strings.Contains(stdout+stderr, want) || code != 0 && arguments != "check" {
				t.Errorf("%s: %d, %s%s; want %q, and %d unless it is check", arguments, code, stdout, stderr, want, 0)
			}
			if strings.Contains(stdout+stderr, ":memory:") {
				t.Errorf("%s: it shows %q: %s%s", arguments, ":memory:", stdout, stderr)
			}
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
			t.Errorf("%q: left %v, %v; want nothing, no error", environ, entries, err)
		}
	}
}

// TestJSON checks what commands print with --json.
func TestJSON(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, stderr, code := run(t, dir, nil, "123456\n", "users", "create-admin", "root@example.org"); code != 0 {
		t.Fatalf("create-admin: %d, %s; want %d", code, stderr, 0)
	}
	for arguments, want := range map[string]string{
		"routes --json":                      `"path": "/healthz"`,
		"audit --json":                       `"kind": "admin_created"`,
		"audit --json --kind registered":     `[]`,
		"users list --json":                  `"email":"root@example.org"`,
		"users show root@example.org --json": `"roles": []`,
	} {
		stdout, stderr, code := run(t, dir, nil, "", strings.Fields(arguments)...)
		var value any
		if err := json.Unmarshal([]byte(stdout), &value); code != 0 || err != nil || !strings.Contains(stdout, want) {
			t.Errorf("%s: %d, %v, %s%s; want %d and JSON with %s", arguments, code, err, stdout, stderr, 0, want)
		}
	}
}
