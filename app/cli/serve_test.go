package cli_test

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"guestlist/app/database/dbtest"
)

const ann = `{"email":"ann@example.org","password":"123456"}`

// TestServe does what a newcomer does first: start in an empty directory, register, and come back after a restart.
func TestServe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, dir, nil)
	status, answer := s.call(t, http.MethodPost, "/api/v1/user", "", ann)
	token, _ := answer["token"].(string)
	if status != http.StatusCreated || token == "" {
		t.Fatalf("register: %d %v; want %d and a token", status, answer, http.StatusCreated)
	}
	for _, word := range []string{"WARN", "%s"} {
		if early := strings.Join(s.early, "\n"); strings.Contains(early, word) {
			t.Errorf("the log of the first start shows %q:\n%s", word, early)
		}
	}
	if status, answer := s.call(t, http.MethodGet, "/readyz", "", ""); status != http.StatusOK {
		t.Errorf("/readyz: %d %v; want %d", status, answer, http.StatusOK)
	}
	if log := s.stop(t); !strings.Contains(log, "shutting down") {
		t.Errorf("the log shows no graceful shutdown:\n%s", log)
	}
	for name, mode := range map[string]os.FileMode{"": os.ModeDir | 0o700, "secret_key": 0o600, "guestlist.db": 0o600} {
		if info, err := os.Stat(filepath.Join(dir, "instance", name)); err != nil {
			t.Error(err)
		} else if got := info.Mode(); got != mode {
			t.Errorf("instance/%s: got the mode %v, want %v", name, got, mode)
		}
	}

	s = start(t, dir, nil, "serve")
	if status, answer := s.call(t, http.MethodGet, "/api/v1/user", token, ""); status != http.StatusOK ||
		answer["email"] != "ann@example.org" {
		t.Errorf("the token from before the restart: %d %v; want %d and %q", status, answer, http.StatusOK, "ann@example.org")
	}
	s.stop(t)
}

func TestServeUpgrade(t *testing.T) {
	t.Parallel()
	environ := []string{"DATABASE_URL=" + dbtest.URL(t), "SECRET_KEY=0123456789abcdefghijklmnopqrstuvwxyz"}
	dir := t.TempDir()
	s := start(t, dir, environ)
	if !strings.Contains(strings.Join(s.early, "\n"), "MAIL_URL is not set") {
		t.Errorf("the log does not warn that no mail is sent: %q", s.early)
	}
	if status, answer := s.call(t, http.MethodGet, "/readyz", "", ""); status != http.StatusServiceUnavailable ||
		answer["type"] != "SCHEMA_OUTDATED" {
		t.Errorf("without a schema: %d %v; want %d and %q", status, answer, http.StatusServiceUnavailable, "SCHEMA_OUTDATED")
	}
	if status, answer := s.call(t, http.MethodPost, "/api/v1/user", "", ann); status != http.StatusServiceUnavailable ||
		answer["type"] != "SCHEMA_OUTDATED" {
		t.Errorf("register without a schema: %d %v; want %d and %q", status, answer, http.StatusServiceUnavailable,
			"SCHEMA_OUTDATED")
	}
	log := s.stop(t)
	for _, want := range []string{"users", "SCHEMA_OUTDATED"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log does not say what was missing, and lacks %q:\n%s", want, log)
		}
	}
	s = start(t, dir, environ, "serve", "--upgrade")
	if status, answer := s.call(t, http.MethodGet, "/readyz", "", ""); status != http.StatusOK {
		t.Errorf("after the upgrade: %d %v; want %d", status, answer, http.StatusOK)
	}
	if status, answer := s.call(t, http.MethodPost, "/api/v1/user", "", ann); status != http.StatusCreated {
		t.Errorf("register: %d %v; want %d", status, answer, http.StatusCreated)
	}
	s.stop(t)
	if _, err := os.Stat(filepath.Join(dir, "instance")); err == nil {
		t.Error("it created an instance directory although the database and the key are configured")
	}
}

// TestServeMetrics checks that the metrics are at the address in the log, and that the error about an address in use
// names its setting.
func TestServeMetrics(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir(), []string{"METRICS_ADDR=127.0.0.1:0"})
	found := regexp.MustCompile(`metrics on http://([0-9.:]+)/metrics`).FindStringSubmatch(strings.Join(s.early, "\n"))
	if found == nil {
		t.Fatalf("the log does not say where the metrics are: %q", s.early)
	}
	response, err := http.Get("http://" + found[1] + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("got the status %s, want %d", response.Status, http.StatusOK)
	}
	_, stderr, code := run(t, t.TempDir(), []string{"PORT=0", "METRICS_ADDR=" + found[1]}, "", "serve")
	if want := "Error: METRICS_ADDR: listen tcp " + found[1]; code != 1 || !strings.Contains(stderr, want) {
		t.Errorf("a second server: %d, %s; want %d and %q", code, stderr, 1, want)
	}
	s.stop(t)
}

// TestEndsWhileTheMailServerHangs checks that the program ends while a mail server has accepted a connection and says
// nothing, and that the mail is kept to be sent later.
func TestEndsWhileTheMailServerHangs(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	environ := []string{
		"DATABASE_URL=" + dbtest.URL(t), "DEBUG=1", "SHUTDOWN_TIMEOUT=100ms", "MAIL_URL=smtp://" + listener.Addr().
			String() + "?tls=off",
		"PUBLIC_URL=https://guestlist.example.org", "MAIL_FROM=guestlist@example.org",
	}
	s := start(t, t.TempDir(), environ, "serve", "--upgrade")
	if status, answer := s.call(t, http.MethodPost, "/api/v1/user", "", ann); status != http.StatusCreated {
		t.Fatalf("register: %d %v; want %d", status, answer, http.StatusCreated)
	}
	conn, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	log := s.stop(t) // stop checks that it exits with 0
	if want := "mail: not sent, will retry"; !strings.Contains(log, want) {
		t.Errorf("the mail is lost; the log lacks %q:\n%s", want, log)
	}
	if lost := "mail: given up"; strings.Contains(log, lost) {
		t.Errorf("the mail is lost; the log shows %q:\n%s", lost, log)
	}
}

// TestNoPlaceForTheDatabase puts a file where the directory should be. A directory without write permission fails in
// the same way.
func TestNoPlaceForTheDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "instance"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"db upgrade", "db current", "audit"} {
		_, stderr, code := run(t, dir, nil, "", strings.Fields(command)...)
		const problem, advice = "mkdir instance: ", ", or set DATABASE_URL\n"
		if code != 1 || strings.Count(stderr, "\n") != 2 || !strings.Contains(stderr, problem) ||
			!strings.HasSuffix(stderr, advice) {
			t.Errorf("%s: %d, %s; want %d and two lines with %q and the end %q", command, code, stderr, 1, problem, advice)
		}
	}
}

func TestPortTaken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, dir, nil)
	port := s.url[strings.LastIndexByte(s.url, ':')+1:]
	_, stderr, code := run(t, t.TempDir(), []string{"PORT=" + port}, "")
	const problem, cause = "Error: HOST, PORT: ", "address already in use"
	if code != 1 || !strings.Contains(stderr, problem) || !strings.Contains(stderr, cause) {
		t.Errorf("got %d, %s; want %d, %q and %q", code, stderr, 1, problem, cause)
	}
	s.stop(t)
}

func TestDatabaseURLRefused(t *testing.T) {
	t.Parallel()
	environ := []string{"DATABASE_URL=mysql://u:canary@localhost/x", "SECRET_KEY=" + longKey}
	_, stderr, code := run(t, t.TempDir(), environ, "")
	if want := "Error: DATABASE_URL: "; code != 1 || !strings.HasPrefix(stderr, want) ||
		strings.Contains(stderr, "canary") {
		t.Errorf("got %d, %s; want %d and the start %q, without %q", code, stderr, 1, want, "canary")
	}
}

func TestHealthcheck(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, dir, nil)
	port := s.url[strings.LastIndexByte(s.url, ':')+1:]
	if _, stderr, code := run(t, dir, []string{"PORT=" + port}, "", "healthcheck"); code != 0 {
		t.Errorf("healthcheck: %d, %s; want %d", code, stderr, 0)
	}
	s.stop(t)
	if _, stderr, code := run(t, dir, []string{"PORT=" + port}, "", "healthcheck"); code != 1 {
		t.Errorf("healthcheck of a stopped server: %d, %s; want %d", code, stderr, 1)
	}
}

// TestFirstLines checks what the log tells a newcomer at the first start, and that it does not mention create-admin
// once there is an administrator.
func TestFirstLines(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, dir, []string{"LOG_FORMAT=text"})
	made := regexp.MustCompile(
		`^\d\d:\d\d:\d\d\.\d{3} INF made the schema revision=\w+ revisions=\d+ duration_ms=[\d.]+$`)
	if len(s.early) != 1 || !made.MatchString(s.early[0]) {
		t.Errorf("before it listens, got\n%s\nwant\n%s", strings.Join(s.early, "\n"), made)
	}
	if status, answer := s.call(t, http.MethodPost, "/api/v1/user", "", ann); status != http.StatusCreated {
		t.Fatalf("register: %d %v; want %d", status, answer, http.StatusCreated)
	}
	first := s.until(t, "/verify-email/") + s.stop(t) // the request's line may be the later one
	for _, want := range []string{
		"\n  Open           " + s.url + "\n", "\n  Database       instance/guestlist.db\n", " users create-admin ",
		"README.md; the API: " + s.url + "/docs; ",
		".eml\n  " + s.url + "/verify-email/", " duration_ms=",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("it does not say %q:\n%s", want, first)
		}
	}

	if _, stderr, code := run(t, dir, nil, "a good password\n", "users", "create-admin", "root@example.org"); code != 0 {
		t.Fatalf("create-admin: %d, %s; want %d", code, stderr, 0)
	}
	s = start(t, dir, []string{"LOG_FORMAT=text"})
	if rest := s.stop(t); strings.Contains(rest, "create-admin") || len(s.early) > 0 {
		t.Errorf("the second start says:\n%q\n%s\nwant nothing before it listens, and then no %q", s.early, rest,
			"create-admin")
	}
}

// TestServeWithoutRedis sets the address of a Redis server that does not exist. It checks that requests are served
// nevertheless, and that the log mentions the problem once, without the password.
func TestServeWithoutRedis(t *testing.T) {
	t.Parallel()
	environ := []string{"REDIS_URL=unix://user:canary@" + filepath.ToSlash(filepath.Join(t.TempDir(), "none.sock"))}
	s := start(t, t.TempDir(), environ)
	early := strings.Join(s.early, "\n")
	for range 3 {
		if status, answer := s.call(t, http.MethodPost, "/api/v1/authenticate", "", ann); status != http.StatusUnauthorized {
			t.Errorf("sign in: %d %v; want %d", status, answer, http.StatusUnauthorized)
		}
	}
	if status, answer := s.call(t, http.MethodPost, "/api/v1/user", "", ann); status != http.StatusCreated {
		t.Errorf("register: %d %v; want %d", status, answer, http.StatusCreated)
	}
	log := early + s.stop(t)
	first, all := strings.Count(early, "REDIS_URL: each instance counts"), strings.Count(log, "REDIS_URL: each")
	if first != 1 || all != 1 {
		t.Errorf("got the warning %d times before it listens and %d times in all, want %d and %d:\n%s", first, all, 1, 1,
			log)
	}
	if strings.Contains(log, "canary") {
		t.Errorf("the log shows %q:\n%s", "canary", log)
	}
	_, stderr, code := run(t, t.TempDir(), []string{"PORT=0", "REDIS_URL=canary"}, "", "serve")
	if want := "REDIS_URL: is not of the form redis://"; code != 1 || !strings.Contains(stderr, want) ||
		strings.Contains(stderr, "canary") {
		t.Errorf("with a wrong address: %d, %s; want %d and %q, without %q", code, stderr, 1, want, "canary")
	}
}
