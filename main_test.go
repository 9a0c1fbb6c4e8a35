package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	netmail "net/mail"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"guestlist/app"
	"guestlist/app/database/dbtest"
	"guestlist/app/limits"
)

// asProgram makes the test binary be the program: the tests below start real processes.
const asProgram = "GUESTLIST_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	switch {
	case filepath.Base(os.Args[0]) == "curl":
		curl(os.Args[1:])
	case os.Getenv(asProgram) != "":
		main()
	default:
		os.Exit(m.Run())
	}
}

// curl does what the README asks of curl, where it is not installed: -s, -H, -d and an address.
func curl(arguments []string) {
	var url, body string
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	for len(arguments) > 0 {
		switch arguments[0] {
		case "-s":
			arguments = arguments[1:]
			continue
		case "-H":
			name, value, _ := strings.Cut(arguments[1], ": ")
			header.Set(name, value)
		case "-d":
			body = arguments[1]
		default:
			url, arguments = arguments[0], arguments[1:]
			continue
		}
		arguments = arguments[2:]
	}
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(os.Stdout, response.Body)
}

// command is the program in dir with the given environment and no other.
func command(t *testing.T, dir string, environ []string, arguments ...string) *exec.Cmd {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), binary, arguments...)
	c.Dir = dir
	c.Env = append([]string{asProgram + "=1"}, environ...)
	return c
}

// server is the program while it serves.
type server struct {
	url   string
	early []string // the log until it listens
	log   *bufio.Scanner
	proc  *exec.Cmd
}

var listening = regexp.MustCompile(`listening on (http://[^" ]+)`)

func start(t *testing.T, dir string, environ []string, arguments ...string) *server {
	t.Helper()
	s := &server{proc: command(t, dir, append(environ, "PORT=0"), arguments...)}
	stderr, err := s.proc.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.proc.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.proc.Process.Kill() })
	for s.log = bufio.NewScanner(stderr); s.log.Scan(); {
		if found := listening.FindStringSubmatch(s.log.Text()); found != nil {
			s.url = found[1]
			return s
		}
		s.early = append(s.early, s.log.Text())
	}
	t.Fatalf("it does not listen:\n%s", strings.Join(s.early, "\n"))
	return nil
}

// stop asks the program to end, and returns the rest of its log.
func (s *server) stop(t *testing.T) string {
	t.Helper()
	if err := s.proc.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	var rest []string
	for s.log.Scan() {
		rest = append(rest, s.log.Text())
	}
	if err := s.proc.Wait(); err != nil {
		t.Errorf("it ended with %v:\n%s", err, strings.Join(rest, "\n"))
	}
	return strings.Join(rest, "\n")
}

func (s *server) call(t *testing.T, method, path, token, body string) (int, map[string]any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}

const ann = `{"email":"ann@example.org","password":"123456"}`

// TestServe is a newcomer's first minutes: start in an empty directory, register, come back after a restart.
func TestServe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, dir, nil)
	status, answer := s.call(t, http.MethodPost, "/api/v1/user", "", ann)
	token, _ := answer["token"].(string)
	if status != http.StatusCreated || token == "" {
		t.Fatalf("register: %d %v", status, answer)
	}
	if early := strings.Join(s.early, "\n"); strings.Contains(early, "WARN") || strings.Contains(early, "%s") {
		t.Errorf("the first start warns:\n%s", early)
	}
	if status, answer := s.call(t, http.MethodGet, "/readyz", "", ""); status != http.StatusOK {
		t.Errorf("/readyz: %d %v", status, answer)
	}
	if log := s.stop(t); !strings.Contains(log, "shutting down") {
		t.Errorf("no graceful end in the log:\n%s", log)
	}
	for name, mode := range map[string]os.FileMode{"": os.ModeDir | 0o700, "secret_key": 0o600, "guestlist.db": 0o600} {
		info, err := os.Stat(filepath.Join(dir, "instance", name))
		if err != nil || info.Mode() != mode {
			t.Errorf("instance/%s: %v, %v", name, info.Mode(), err)
		}
	}

	s = start(t, dir, nil, "serve")
	if status, answer := s.call(t, http.MethodGet, "/api/v1/user", token, ""); status != http.StatusOK || answer["email"] != "ann@example.org" {
		t.Errorf("the token of before the restart: %d %v", status, answer)
	}
	s.stop(t)
}

func TestServeUpgrade(t *testing.T) {
	t.Parallel()
	environ := []string{"DATABASE_URL=" + dbtest.URL(t), "SECRET_KEY=0123456789abcdefghijklmnopqrstuvwxyz"}
	dir := t.TempDir()
	s := start(t, dir, environ)
	if !strings.Contains(strings.Join(s.early, "\n"), "MAIL_URL is not set") {
		t.Errorf("no warning that nothing sends mails: %q", s.early)
	}
	if status, answer := s.call(t, http.MethodGet, "/readyz", "", ""); status != http.StatusServiceUnavailable || answer["type"] != "SCHEMA_OUTDATED" {
		t.Errorf("without a schema: %d %v", status, answer)
	}
	if status, answer := s.call(t, http.MethodPost, "/api/v1/user", "", ann); status != http.StatusServiceUnavailable || answer["type"] != "SCHEMA_OUTDATED" {
		t.Errorf("register without a schema: %d %v", status, answer)
	}
	if log := s.stop(t); !strings.Contains(log, "users") || !strings.Contains(log, "SCHEMA_OUTDATED") {
		t.Errorf("the log does not say what was missing:\n%s", log)
	}
	s = start(t, dir, environ, "serve", "--upgrade")
	if status, answer := s.call(t, http.MethodGet, "/readyz", "", ""); status != http.StatusOK {
		t.Errorf("after the upgrade: %d %v", status, answer)
	}
	if status, answer := s.call(t, http.MethodPost, "/api/v1/user", "", ann); status != http.StatusCreated {
		t.Errorf("register: %d %v", status, answer)
	}
	s.stop(t)
	if _, err := os.Stat(filepath.Join(dir, "instance")); err == nil {
		t.Error("an instance directory beside a configured database and key")
	}
}

// run runs the program to its end.
func run(t *testing.T, dir string, environ []string, input string, arguments ...string) (stdout, stderr string, code int) {
	t.Helper()
	c := command(t, dir, environ, arguments...)
	var out, problems bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(input), &out, &problems
	if err := c.Run(); err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), problems.String(), c.ProcessState.ExitCode()
}

func TestCreateAdmin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	environ := []string{"DATABASE_URL=" + dbtest.URL(t), "DEBUG=1", "PORT=0"}
	if _, stderr, code := run(t, dir, environ, "123456\n", "users", "create-admin", "root@example.org"); code != 1 || !strings.Contains(stderr, "db upgrade") {
		t.Errorf("without a schema: %d, %s", code, stderr)
	}
	if _, stderr, code := run(t, dir, environ, "", "db", "upgrade"); code != 0 {
		t.Fatalf("db upgrade: %s", stderr)
	}
	stdout, stderr, code := run(t, dir, environ, "123456\nnot read\n", "users", "create-admin", " Root@Example.org")
	if code != 0 || stdout != "Created the administrator root@example.org with id 1.\n" {
		t.Fatalf("%d %s%s", code, stdout, stderr)
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
			t.Errorf("%q: %d, %s", arguments, code, stderr)
		}
	}
	s := start(t, dir, environ)
	status, answer := s.call(t, http.MethodPost, "/api/v1/authenticate", "", `{"email":"root@example.org","password":"123456"}`)
	if status != http.StatusOK || answer["is_admin"] != true {
		t.Errorf("%d %v", status, answer)
	}
	s.stop(t)
	for want, arguments := range map[string][]string{
		"admin_created":       {"--user", "Root@example.org", "--kind", "admin_created", "--since", "1h", "--limit", "1"},
		"signed_in":           {"--user", "1", "--since", "2026-01-31T12:00:00Z"},
		"nobody has":          {"--user", "new@example.org"},
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
		t.Fatal(stderr)
	}
	for _, step := range []struct{ command, want string }{
		{"grant-admin root@example.org", "root@example.org is an administrator already.\n"},
		{"revoke-admin root@example.org", "Error: root@example.org is the last administrator, and without one nobody could create events\nmake somebody else one first: guestlist users grant-admin EMAIL\n"},
		{"grant-admin ann@example.org", "Error: nobody has the address ann@example.org\n"},
		{"grant-admin ann", "Error: the email is not a valid email address\n"},
		{"grant-admin", "Error: grant-admin needs one EMAIL: the address of the user\n"},
		{"create-admin ann@example.org", "Created the administrator ann@example.org with id 2.\n"},
		{"revoke-admin Root@example.org", "root@example.org is no administrator any more.\n"},
		{"revoke-admin root@example.org", "root@example.org is no administrator.\n"},
		{"grant-admin root@example.org", "root@example.org is an administrator now.\n"},
	} {
		stdout, stderr, _ := run(t, dir, nil, "123456\n", append([]string{"users"}, strings.Fields(step.command)...)...)
		if stdout+stderr != step.want {
			t.Errorf("%s: %s%s", step.command, stdout, stderr)
		}
	}
}

// TestNoPlaceForTheDatabase puts a file where the directory should be; one without the right to write is alike.
func TestNoPlaceForTheDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "instance"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"db upgrade", "db current", "audit"} {
		_, stderr, code := run(t, dir, nil, "", strings.Fields(command)...)
		if code != 1 || strings.Count(stderr, "\n") != 2 || !strings.Contains(stderr, "mkdir instance: ") || !strings.HasSuffix(stderr, ", or set DATABASE_URL\n") {
			t.Errorf("%s: %d, %s", command, code, stderr)
		}
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	stdout, _, code := run(t, t.TempDir(), nil, "", "routes")
	if code != 0 || !strings.Contains(stdout, "users.Register              POST    /api/v1/user                       anyone          LIMIT_REGISTER\n") {
		t.Errorf("%d\n%s", code, stdout)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if stdout, _, code := run(t, t.TempDir(), nil, "", "version"); code != 0 || !strings.HasPrefix(stdout, "guestlist ") {
		t.Errorf("%d %s", code, stdout)
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if stdout, _, code := run(t, t.TempDir(), nil, "", "completion", shell); code != 0 || !strings.Contains(stdout, "guestlist") {
			t.Errorf("%s: %d", shell, code)
		}
	}
}

func TestUnknownCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, arguments := range [][]string{{"serv"}, {"users", "create"}, {"--port", "1"}, {"users", "create-admin", "--name"}} {
		_, stderr, code := run(t, dir, nil, "", arguments...)
		if code != 1 || !strings.HasPrefix(stderr, "Error: unknown ") || strings.Count(stderr, "\n") != 2 {
			t.Errorf("%v: %d, %s", arguments, code, stderr)
		}
	}
	for mistyped, meant := range map[string]string{"rotues": "routes", "guests imprt": "import", "users craete-admin": "create-admin"} {
		if _, stderr, _ := run(t, dir, nil, "", strings.Fields(mistyped)...); !strings.HasSuffix(stderr, "did you mean "+meant+"?\n") {
			t.Errorf("%s: %s", mistyped, stderr)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "instance")); err == nil {
		t.Error("a mistyped command made an instance directory")
	}
}

func TestHealthcheck(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, dir, nil)
	port := s.url[strings.LastIndexByte(s.url, ':')+1:]
	if _, stderr, code := run(t, dir, []string{"PORT=" + port}, "", "healthcheck"); code != 0 {
		t.Errorf("%d, %s", code, stderr)
	}
	s.stop(t)
	if _, _, code := run(t, dir, []string{"PORT=" + port}, "", "healthcheck"); code != 1 {
		t.Errorf("a server that is gone is healthy: %d", code)
	}
}

func TestPortTaken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, dir, nil)
	port := s.url[strings.LastIndexByte(s.url, ':')+1:]
	_, stderr, code := run(t, t.TempDir(), []string{"PORT=" + port}, "")
	if code != 1 || !strings.Contains(stderr, "Error: HOST, PORT: ") || !strings.Contains(stderr, "address already in use") {
		t.Errorf("%d, %s", code, stderr)
	}
	s.stop(t)
}

const longKey = "0123456789abcdefghijklmnopqrstuvwxyz"

func TestLoadConfigDefaults(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config, err := loadConfig(dir, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(filepath.Join(dir, "instance", "secret_key"))
	if err != nil || string(config.SecretKey) != strings.TrimSpace(string(key)) || len(config.SecretKey) < 32 {
		t.Errorf("the key %q is not the kept one, %v", config.SecretKey, err)
	}
	again, err := loadConfig(dir, nil, true)
	if err != nil || !bytes.Equal(again.SecretKey, config.SecretKey) {
		t.Errorf("another key the second time, %v", err)
	}
	config.SecretKey, again.SecretKey = nil, nil
	want := app.Config{
		DatabaseURL: "sqlite:///instance/guestlist.db", DatabasePoolSize: 10, Host: "127.0.0.1", Port: 5000,
		TokenLifetime: 14 * 24 * time.Hour, PasswordMinLength: 6, CodeLifetime: 24 * time.Hour, LimitLogin: limits.Rate{Count: 600, Per: time.Minute},
		LimitRegister: limits.Rate{Count: 300, Per: time.Minute}, LimitMail: limits.Rate{Count: 60, Per: time.Minute}, LimitMailPerAddress: limits.Rate{Count: 5, Per: time.Hour},
		LimitFailedLogins: 5, AuditRetention: 365 * 24 * time.Hour, RequestTimeout: 10 * time.Second, ShutdownTimeout: 30 * time.Second,
		PublicURL: "http://127.0.0.1:5000", MailFrom: netmail.Address{Name: "Guestlist", Address: "guestlist@localhost.localdomain"},
	}
	if !reflect.DeepEqual(config, want) {
		t.Errorf("got  %+v\nwant %+v", config, want)
	}
}

func TestLoadConfigSources(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := "# a comment\nPORT=8000\nexport DEBUG=yes\nHOST='0.0.0.0'\nPASSWORD_MIN_LENGTH=\"8\"\nTOKEN_LIFETIME=\nPOSTGRES_PASSWORD=other\n"
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := loadConfig(dir, []string{"PORT=9000", "HOST=", "SECRET_KEY=" + longKey, "SECRET_KEY_PREVIOUS=" + longKey + "!", "A.B=c", "=odd", "debug=maybe", "REQUEST_TIMEOUT=1m30s"}, true)
	if err != nil {
		t.Fatal(err)
	}
	if config.Port != 9000 || !config.Debug || config.Host != "0.0.0.0" || config.PasswordMinLength != 8 ||
		config.TokenLifetime != 14*24*time.Hour || config.RequestTimeout != 90*time.Second || string(config.SecretKey) != longKey ||
		string(config.SecretKeyPrevious) != longKey+"!" {
		t.Errorf("got %+v", config)
	}
}

func TestLoadConfigFlags(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"True": true, "true": true, "1": true, "yes": true, "YES": true, "on": true,
		"False": false, "0": false, "no": false, "off": false, "": false,
	} {
		config, err := loadConfig(t.TempDir(), []string{"DEBUG=" + text}, true)
		if err != nil || config.Debug != want {
			t.Errorf("%q: %v, %v", text, config.Debug, err)
		}
	}
}

func TestLoadConfigLimits(t *testing.T) {
	t.Parallel()
	config, err := loadConfig(t.TempDir(), []string{
		"LIMIT_LOGIN=off", "LIMIT_REGISTER=5/1h", "LIMIT_FAILED_LOGINS=OFF", "TRUSTED_PROXIES=10.0.0.1, 192.168.0.0/16,fd00::/8,", "AUDIT_RETENTION=0",
		"EVENT_ROLES=speaker, host,",
	}, true)
	if err != nil {
		t.Fatal(err)
	}
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.1/32"), netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fd00::/8")}
	if config.LimitLogin.Count != 0 || config.LimitRegister != (limits.Rate{Count: 5, Per: time.Hour}) ||
		config.LimitFailedLogins != 0 || config.AuditRetention != 0 || !reflect.DeepEqual(config.EventRoles, []string{"speaker", "host"}) || !reflect.DeepEqual(config.TrustedProxies, proxies) {
		t.Errorf("got %+v", config)
	}
}

func TestLoadConfigRefuses(t *testing.T) {
	t.Parallel()
	const postgres = "DATABASE_URL=postgres://u:p@localhost/x"
	for name, test := range map[string]struct {
		environ []string
		want    string
	}{
		"debug":            {[]string{"DEBUG=maybe"}, `DEBUG: "maybe" is neither`},
		"port":             {[]string{"PORT=http"}, `PORT: "http" is not a whole number from 0 to 65535`},
		"port too large":   {[]string{"PORT=65536"}, "PORT: "},
		"pool":             {[]string{"DATABASE_POOL_SIZE=0"}, "DATABASE_POOL_SIZE: "},
		"lifetime":         {[]string{"TOKEN_LIFETIME=14d"}, `TOKEN_LIFETIME: "14d" is not a duration`},
		"lifetime, none":   {[]string{"TOKEN_LIFETIME=0s"}, "TOKEN_LIFETIME: "},
		"password":         {[]string{"PASSWORD_MIN_LENGTH=-1"}, "PASSWORD_MIN_LENGTH: "},
		"deny common":      {[]string{"PASSWORD_DENY_COMMON=2"}, "PASSWORD_DENY_COMMON: "},
		"login limit":      {[]string{"LIMIT_LOGIN=600"}, `LIMIT_LOGIN: "600" is neither off nor`},
		"register limit":   {[]string{"LIMIT_REGISTER=0/1m"}, "LIMIT_REGISTER: "},
		"mail limit":       {[]string{"LIMIT_MAIL=1/1"}, "LIMIT_MAIL: "},
		"mails to one":     {[]string{"LIMIT_MAIL_PER_ADDRESS=5"}, "LIMIT_MAIL_PER_ADDRESS: "},
		"failed logins":    {[]string{"LIMIT_FAILED_LOGINS=0"}, `LIMIT_FAILED_LOGINS: "0" is neither off nor a whole number from 1 to 1000`},
		"retention":        {[]string{"AUDIT_RETENTION=365d"}, "AUDIT_RETENTION: "},
		"a role's name":    {[]string{"EVENT_ROLES=speaker,Host"}, `EVENT_ROLES: "Host" is not a role's name`},
		"a role twice":     {[]string{"EVENT_ROLES=admin"}, "EVENT_ROLES: the role admin stands there twice"},
		"proxy by name":    {[]string{"TRUSTED_PROXIES=proxy"}, `TRUSTED_PROXIES: "proxy" is neither an address nor a network`},
		"proxy, host bits": {[]string{"TRUSTED_PROXIES=10.0.0.0/8,10.1.2.3/8"}, `TRUSTED_PROXIES: "10.1.2.3/8"`},
		"proxy and port":   {[]string{"TRUSTED_PROXIES=10.0.0.1:80"}, "TRUSTED_PROXIES: "},
		"request timeout":  {[]string{"REQUEST_TIMEOUT=10"}, "REQUEST_TIMEOUT: "},
		"shutdown delay":   {[]string{"SHUTDOWN_DELAY=-1s"}, "SHUTDOWN_DELAY: "},
		"shutdown timeout": {[]string{"SHUTDOWN_TIMEOUT=x"}, "SHUTDOWN_TIMEOUT: "},
		"no key":           {[]string{postgres}, "SECRET_KEY: is not set"},
		"short key":        {[]string{postgres, "SECRET_KEY=canary"}, "SECRET_KEY: is shorter than 32 bytes"},
		"filler key":       {[]string{postgres, "SECRET_KEY=__filler__"}, "SECRET_KEY: is shorter"},
		"repeated word":    {[]string{postgres, "SECRET_KEY=changemechangemechangemechangeme"}, "SECRET_KEY: is too regular"},
		"counted up":       {[]string{postgres, "SECRET_KEY=12345678901234567890123456789012"}, "SECRET_KEY: is too regular"},
		"the alphabet":     {[]string{postgres, "SECRET_KEY=abcdefghijklmnopqrstuvwxyzabcdef"}, "SECRET_KEY: is too regular"},
		"an example's":     {[]string{postgres, "SECRET_KEY=insert-your-Secret-key-here-please"}, "SECRET_KEY: holds the word secret"},
		"host, brackets":   {[]string{"HOST=[::1]"}, `HOST: "[::1]" is neither`},
		"host and port":    {[]string{"HOST=localhost:80"}, "HOST: "},
		"another database": {[]string{"DATABASE_URL=mysql://u:canary@h/x", "SECRET_KEY=" + longKey}, "DATABASE_URL: the database address starts with neither"},
		"bad address":      {[]string{"DATABASE_URL=postgres://u:canary@h:x/n", "SECRET_KEY=" + longKey}, "DATABASE_URL: the database address is not"},
		"previous, short":  {[]string{"SECRET_KEY=" + longKey, "SECRET_KEY_PREVIOUS=canary"}, "SECRET_KEY_PREVIOUS: is shorter"},
		"short in debug":   {[]string{"DEBUG=1", "SECRET_KEY=canary"}, "SECRET_KEY: is shorter"},
		"mail server":      {[]string{"MAIL_URL=http://u:canary@host"}, "MAIL_URL: is not of the form smtp://"},
		"sender":           {[]string{"MAIL_FROM=Guestlist"}, `MAIL_FROM: "Guestlist" is not an address`},
		"public URL":       {[]string{"PUBLIC_URL=guestlist.example.org"}, `PUBLIC_URL: "guestlist.example.org" is not of the form`},
		"public, a query":  {[]string{"PUBLIC_URL=https://example.org/?a=b"}, "PUBLIC_URL: "},
		"public, no host":  {[]string{"PUBLIC_URL=https://"}, "PUBLIC_URL: "},
		"mail, no sender":  {[]string{postgres, "SECRET_KEY=" + longKey, "MAIL_URL=smtp://host", "PUBLIC_URL=https://example.org"}, "MAIL_FROM: is not set"},
		"mail, no address": {[]string{postgres, "SECRET_KEY=" + longKey, "MAIL_URL=smtp://host", "MAIL_FROM=a@example.org"}, "PUBLIC_URL: is not set"},
		"two at once":      {[]string{"DEBUG=maybe", "PORT=http"}, "\nPORT: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := loadConfig(t.TempDir(), test.environ, true)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "canary") {
				t.Errorf("the error shows the key: %v", err)
			}
		})
	}
}

func TestLoadConfigMail(t *testing.T) {
	t.Parallel()
	for public, environ := range map[string][]string{
		"http://localhost:5000":         {"HOST=0.0.0.0"},
		"http://[::1]:80":               {"HOST=::1", "PORT=80"},
		"https://example.org":           {"PUBLIC_URL=https://example.org/"},
		"https://example.org/guestlist": {"PUBLIC_URL=https://example.org/guestlist/"},
	} {
		config, err := loadConfig(t.TempDir(), append(environ, "MAIL_URL=smtp://mailpit:1025", "MAIL_FROM= Gäste <Guests@Example.org>"), true)
		if err != nil || config.PublicURL != public || config.MailURL != "smtp://mailpit:1025" ||
			config.MailFrom != (netmail.Address{Name: "Gäste", Address: "guests@example.org"}) {
			t.Errorf("%v: %+v, %v", environ, config, err)
		}
	}
}

func TestTransport(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config app.Config
		want   string
	}{
		"server":      {app.Config{MailURL: "smtp://mailpit:1025", Debug: true}, "*mail.SMTP"},
		"embedded":    {app.Config{DatabaseURL: embeddedDB}, "*mail.Files"},
		"development": {app.Config{DatabaseURL: "postgres://db", Debug: true}, "*mail.Files"},
		"production":  {app.Config{DatabaseURL: "postgres://db"}, "<nil>"},
	} {
		w := &world{config: test.config, log: slog.New(slog.DiscardHandler)}
		transport, err := (&program{dir: t.TempDir()}).transport(w)
		if got := fmt.Sprintf("%T", transport); err != nil || got != test.want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

func TestLoadConfigDamagedFiles(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, content, want string }{
		".env":      {".env", "SECRET_KEY canary\n", ".env: "},
		"empty key": {"instance/secret_key", "", "SECRET_KEY: "},
		"open key":  {"instance/secret_key", longKey, "SECRET_KEY: is not set, and the one kept"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, test.file)), 0o700); err != nil {
				t.Fatal(err)
			}
			mode := os.FileMode(0o600)
			if name == "open key" {
				mode = 0o644
			}
			if err := os.WriteFile(filepath.Join(dir, test.file), []byte(test.content), mode); err != nil {
				t.Fatal(err)
			}
			if _, err := loadConfig(dir, nil, true); err == nil || !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "canary") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestLoadConfigDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".env"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := loadConfig(dir, nil, false); err == nil || err.Error() != ".env: cannot be read: is a directory" {
		t.Errorf("got %v", err)
	}
}

func TestDatabaseURLRefused(t *testing.T) {
	t.Parallel()
	environ := []string{"DATABASE_URL=mysql://u:canary@localhost/x", "SECRET_KEY=" + longKey}
	_, stderr, code := run(t, t.TempDir(), environ, "")
	if code != 1 || !strings.HasPrefix(stderr, "Error: DATABASE_URL: ") || strings.Contains(stderr, "canary") {
		t.Errorf("%d, %s", code, stderr)
	}
}

func TestExampleNamesEverySetting(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("config.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{".env.example", "README.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, setting := range regexp.MustCompile(`s\.\w+\("([A-Z_]+)"`).FindAllSubmatch(source, -1) {
			if !bytes.Contains(text, setting[1]) {
				t.Errorf("%s does not name %s", file, setting[1])
			}
		}
	}
}

// TestReadme does what the README's console blocks say, in their order, in an empty directory, and compares what they
// print; … stands for anything, and on a line of its own for any lines. The server runs on another port, and the program is the one under test.
func TestReadme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s := start(t, dir, nil)
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	here := strings.NewReplacer("http://127.0.0.1:5000", s.url, "go run .", binary)
	var script strings.Builder
	var want []string
	for _, block := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				script.WriteString(here.Replace(command) + "echo\n") // an answer has no line break at its end
			} else if line == "…\n" {
				want = append(want, "(?s:.*)")
			} else {
				want = append(want, strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSuffix(line, "\n")), "…", ".*"))
			}
		}
	}
	shell := exec.CommandContext(t.Context(), "sh", "-ec", script.String())
	path := os.Getenv("PATH")
	if _, err := exec.LookPath("curl"); err != nil {
		tools := t.TempDir()
		if err := os.Symlink(binary, filepath.Join(tools, "curl")); err != nil {
			t.Fatal(err)
		}
		path = tools + ":" + path
	}
	shell.Dir, shell.Env = dir, []string{asProgram + "=1", "PATH=" + path} // no settings of whoever runs the tests
	output, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	got := regexp.MustCompile(`\n+`).ReplaceAllString(string(output), "\n")
	if !regexp.MustCompile("^" + strings.Join(want, "\n") + "\n$").MatchString(got) {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	s.stop(t)
}
