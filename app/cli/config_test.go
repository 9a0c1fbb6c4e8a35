package cli_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const longKey = "0123456789abcdefghijklmnopqrstuvwxyz"

// TestRefusedSettings starts the server with settings that make no sense. It checks that the error names each of them,
// and shows no secret.
func TestRefusedSettings(t *testing.T) {
	t.Parallel()
	const postgres = "DATABASE_URL=postgres://u:p@localhost/x"
	for name, test := range map[string]struct {
		environ []string
		want    string
	}{
		"debug":          {[]string{"DEBUG=maybe"}, `DEBUG: "maybe" is neither`},
		"log format":     {[]string{"LOG_FORMAT=xml"}, `LOG_FORMAT: "xml" is not auto, text or json`},
		"log level":      {[]string{"LOG_LEVEL=loud"}, `LOG_LEVEL: "loud" is not debug, info, warn or error`},
		"port":           {[]string{"PORT=http"}, `PORT: "http" is not a whole number from 0 to 65535`},
		"port too large": {[]string{"PORT=65536"}, "PORT: "},
		"pool":           {[]string{"DATABASE_POOL_SIZE=0"}, "DATABASE_POOL_SIZE: "},
		"replicas, sqlite": {[]string{"DATABASE_REPLICA_URLS=postgres://localhost/x"},
			"DATABASE_REPLICA_URLS: is for PostgreSQL"},
		"replicas, hosts": {[]string{postgres, "DATABASE_REPLICA_URLS=postgres://a,b/x"},
			"DATABASE_REPLICA_URLS: address 1 names several"},
		"lifetime":       {[]string{"TOKEN_LIFETIME=14d"}, `TOKEN_LIFETIME: "14d" is not a duration`},
		"lifetime, none": {[]string{"TOKEN_LIFETIME=0s"}, "TOKEN_LIFETIME: "},
		"password":       {[]string{"PASSWORD_MIN_LENGTH=-1"}, "PASSWORD_MIN_LENGTH: "},
		"deny common":    {[]string{"PASSWORD_DENY_COMMON=2"}, "PASSWORD_DENY_COMMON: "},
		"login limit":    {[]string{"LIMIT_LOGIN=600"}, `LIMIT_LOGIN: "600" is neither off nor`},
		"register limit": {[]string{"LIMIT_REGISTER=0/1m"}, "LIMIT_REGISTER: "},
		"mail limit":     {[]string{"LIMIT_MAIL=1/1"}, "LIMIT_MAIL: "},
		"invitations":    {[]string{"LIMIT_INVITATION_MAILS=1000"}, "LIMIT_INVITATION_MAILS: "}, // invitedguest
		"mails to one":   {[]string{"LIMIT_MAIL_PER_ADDRESS=5"}, "LIMIT_MAIL_PER_ADDRESS: "},
		"failed logins": {[]string{"LIMIT_FAILED_LOGINS=0"},
			`LIMIT_FAILED_LOGINS: "0" is neither off nor a whole number from 1 to 1000`},
		"retention":     {[]string{"AUDIT_RETENTION=365d"}, "AUDIT_RETENTION: "},
		"a role's name": {[]string{"EVENT_ROLES=speaker,Host"}, `EVENT_ROLES: "Host" is not a role's name`}, // events
		"a role twice":  {[]string{"EVENT_ROLES=admin"}, "EVENT_ROLES: the role admin is listed twice"},     // events
		"a time zone":   {[]string{"TIME_ZONE=Lagos"}, `TIME_ZONE: "Lagos" is not the IANA name of a time zone`},
		"proxy by name": {[]string{"TRUSTED_PROXIES=proxy"},
			`TRUSTED_PROXIES: "proxy" is neither an address nor a network`},
		"proxy, host bits": {[]string{"TRUSTED_PROXIES=10.0.0.0/8,10.1.2.3/8"}, `TRUSTED_PROXIES: "10.1.2.3/8"`},
		"proxy and port":   {[]string{"TRUSTED_PROXIES=10.0.0.1:80"}, "TRUSTED_PROXIES: "},
		"origin, a path": {[]string{"CORS_ORIGINS=https://example.org/"},
			`CORS_ORIGINS: "https://example.org/" is not an origin`},
		"every origin":     {[]string{"CORS_ORIGINS=*,https://example.org"}, "CORS_ORIGINS: * means every origin"},
		"no organisation":  {[]string{"ORGANISATION_FILE=none.json"}, "ORGANISATION_FILE: "},
		"request timeout":  {[]string{"REQUEST_TIMEOUT=10"}, "REQUEST_TIMEOUT: "},
		"shutdown delay":   {[]string{"SHUTDOWN_DELAY=-1s"}, "SHUTDOWN_DELAY: "},
		"shutdown timeout": {[]string{"SHUTDOWN_TIMEOUT=x"}, "SHUTDOWN_TIMEOUT: "},
		"no key":           {[]string{postgres}, "SECRET_KEY: is not set"},
		"short key":        {[]string{postgres, "SECRET_KEY=canary"}, "SECRET_KEY: is shorter than 32 bytes"},
		"filler key":       {[]string{postgres, "SECRET_KEY=__filler__"}, "SECRET_KEY: is shorter"},
		"repeated word":    {[]string{postgres, "SECRET_KEY=changemechangemechangemechangeme"}, "SECRET_KEY: is too regular"},
		"counted up":       {[]string{postgres, "SECRET_KEY=12345678901234567890123456789012"}, "SECRET_KEY: is too regular"},
		"the alphabet":     {[]string{postgres, "SECRET_KEY=abcdefghijklmnopqrstuvwxyzabcdef"}, "SECRET_KEY: is too regular"},
		"an example's": {[]string{postgres, "SECRET_KEY=insert-your-Secret-key-here-please"},
			"SECRET_KEY: contains the word secret"},
		"host, brackets": {[]string{"HOST=[::1]"}, `HOST: "[::1]" is neither`},
		"host and port":  {[]string{"HOST=localhost:80"}, "HOST: "},
		"another database": {[]string{"DATABASE_URL=mysql://u:canary@h/x", "SECRET_KEY=" + longKey},
			"DATABASE_URL: the database address starts with neither"},
		"bad address": {[]string{"DATABASE_URL=postgres://u:canary@h:x/n", "SECRET_KEY=" + longKey},
			"DATABASE_URL: the database address is not"},
		"previous, short": {[]string{"SECRET_KEY=" + longKey, "SECRET_KEY_PREVIOUS=canary"},
			"SECRET_KEY_PREVIOUS: is shorter"},
		"short in debug": {[]string{"DEBUG=1", "SECRET_KEY=canary"}, "SECRET_KEY: is shorter"},
		"mail server":    {[]string{"MAIL_URL=http://u:canary@host"}, "MAIL_URL: is not of the form smtp://"},
		"sender":         {[]string{"MAIL_FROM=Guestlist"}, `MAIL_FROM: "Guestlist" is not an address`},
		"public URL": {[]string{"PUBLIC_URL=guestlist.example.org"},
			`PUBLIC_URL: "guestlist.example.org" is not of the form`},
		"public, a query": {[]string{"PUBLIC_URL=https://example.org/?a=b"}, "PUBLIC_URL: "},
		"public, no host": {[]string{"PUBLIC_URL=https://"}, "PUBLIC_URL: "},
		"client URL": {[]string{"CLIENT_URL=client.example.org"},
			`CLIENT_URL: "client.example.org" is not of the form`},
		"metrics, no port": {[]string{"METRICS_ADDR=localhost"}, `METRICS_ADDR: "localhost" is not an address and a port`},
		"metrics, a URL":   {[]string{"METRICS_ADDR=http://localhost:9100"}, "METRICS_ADDR: "},
		"metrics, a port":  {[]string{"METRICS_ADDR=:70000"}, "METRICS_ADDR: "},
		"profiles nowhere": {[]string{"METRICS_PPROF=True"}, "METRICS_PPROF: is of no use without METRICS_ADDR"},
		"traces, gRPC": {[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://h:4317", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"},
			`OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" is not supported; http/protobuf is`},
		"traces, no URL": {[]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=canary:4318"},
			"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: must have the form http://collector:4318"},
		"traces, headers": {[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://h:4318", "OTEL_EXPORTER_OTLP_HEADERS=canary"},
			"OTEL_EXPORTER_OTLP_HEADERS: is not of the form"},
		"traces, disabled": {[]string{"OTEL_SDK_DISABLED=maybe"}, `OTEL_SDK_DISABLED: "maybe" is neither`},
		"mail, no sender": {[]string{postgres, "SECRET_KEY=" + longKey, "MAIL_URL=smtp://host",
			"PUBLIC_URL=https://example.org"}, "MAIL_FROM: is not set"},
		"mail, no address": {[]string{postgres, "SECRET_KEY=" + longKey, "MAIL_URL=smtp://host", "MAIL_FROM=a@example.org"},
			"PUBLIC_URL: is not set"},
		"two at once": {[]string{"DEBUG=maybe", "PORT=http"}, "\nPORT: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, stderr, code := run(t, t.TempDir(), append([]string{"PORT=0"}, test.environ...), "", "serve")
			if code != 1 || !strings.HasPrefix(stderr, "Error: ") || !strings.Contains(stderr, test.want) {
				t.Errorf("got %d, %s, want %s", code, stderr, test.want)
			}
			if strings.Contains(stderr, "canary") {
				t.Errorf("the error shows a secret: %s", stderr)
			}
		})
	}
}

func TestExampleNamesEverySetting(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../config.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{".env.example", "docs/operations.md"} {
		text, err := os.ReadFile("../../" + file)
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

// TestDefaultsAreDocumented compares the defaults in config.go with those in the table of docs/operations.md.
func TestDefaultsAreDocumented(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../config.go")
	if err != nil {
		t.Fatal(err)
	}
	documented := documentedDefaults(t)
	compared := 0
	for _, line := range regexp.MustCompile(`(\w+)\((?:s, )?"([A-Z_]+)", ([^\n]+)`).
		FindAllStringSubmatch(string(source), -1) {
		name := line[2]
		want, known := documented[name]
		switch {
		case line[1] == "Failf" || line[1] == "StoredKey" || line[1] == "Known": // have no default
			continue
		case !known:
			t.Errorf("the table of settings lacks %s", name)
			continue
		case strings.Contains(want, "HOST:PORT"), strings.Contains(want, "with `DEBUG`"): // derived from other settings
			continue
		case want == "none":
			want = ""
		}
		if got := defaultOf(t, line[3]); got != want {
			if duration, err := time.ParseDuration(want); err != nil || got != strconv.FormatInt(int64(duration), 10) {
				t.Errorf("the default of %s is %s, and docs/operations.md says %s", name, got, want)
			}
		}
		compared++
	}
	if compared < 20 {
		t.Errorf("only %d defaults were found", compared)
	}
}

// TestSettingsReachTheirFields compares the name of each setting with that of the field of app.Config that it sets.
func TestSettingsReachTheirFields(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../config.go")
	if err != nil {
		t.Fatal(err)
	}
	pattern := regexp.MustCompile(`(?:(\w+):\s+|config\.(\w+) = )(?:s|settings)\.\w+\((?:s, )?"([A-Z_]+)"`)
	found := pattern.FindAllStringSubmatch(string(source), -1)
	for _, set := range found {
		if field := set[1] + set[2]; strings.ToUpper(field) != strings.ReplaceAll(set[3], "_", "") {
			t.Errorf("%s sets the field %s, want the one of the same name", set[3], field)
		}
	}
	if len(found) < 20 {
		t.Errorf("only %d settings were found", len(found))
	}
}

// documentedDefaults returns the defaults by the names of the settings, from the table in docs/operations.md.
func documentedDefaults(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := bytes.Cut(text, []byte("\n## Settings\n"))
	section, _, _ = bytes.Cut(section, []byte("\n## "))
	defaults := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`[A-Z_`, ]+`) \\| ([^|]+) \\|").
		FindAllStringSubmatch(string(section), -1) {
		names, values := strings.Split(row[1], ", "), strings.Split(row[2], ", ")
		for i, name := range names {
			defaults[strings.Trim(name, "`")] = strings.Trim(values[min(i, len(values)-1)], "`")
		}
	}
	return defaults
}

// defaultOf evaluates the first argument after a setting's name.
func defaultOf(t *testing.T, arguments string) string {
	t.Helper()
	units := strings.NewReplacer("time.Hour", "3600000000000", "time.Minute", "60000000000", "time.Second", "1000000000",
		"embeddedDB", `"sqlite:///instance/guestlist.db"`)
	arguments = units.Replace(strings.TrimRight(arguments[:strings.LastIndexByte(arguments, ')')], "),"))
	call, err := parser.ParseExpr("f(" + regexp.MustCompile(`^name\b`).ReplaceAllString(arguments, `"guestlist"`) + ")")
	if err != nil {
		t.Fatalf("%s: %v", arguments, err)
	}
	first := call.(*ast.CallExpr).Args[0]
	value, err := types.Eval(token.NewFileSet(), nil, token.NoPos, types.ExprString(first))
	if err != nil {
		t.Fatalf("%s: %v", arguments, err)
	}
	if value.Value.Kind() == constant.String {
		return constant.StringVal(value.Value)
	}
	text := value.Value.ExactString()
	if value.Value.Kind() == constant.Bool {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	return text
}

// TestConfigCommand checks that the config command prints settings from all three sources, hides secrets, and suggests
// the right names for misspelt ones.
func TestConfigCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte("PORT=8000\nLOGIN_LIMIT=canary\nLOG_LEVL=debug\n"),
		0o600); err != nil {
		t.Fatal(err)
	}
	environ := []string{"DATABASE_URL=postgres://ann:canary@db/x", "SECRET_KEY=canary" + longKey, "HOME=/",
		"SHUTDOWN_TIME=canary"}
	stdout, stderr, code := run(t, dir, environ, "", "config")
	for _, want := range []string{
		`(?m)^DATABASE_URL +postgres://ann:xxxxx@db/x +environment$`, `(?m)^SECRET_KEY +\(hidden\) +environment$`,
		`(?m)^SECRET_KEY_PREVIOUS +- +default$`, `(?m)^PORT +8000 +\.env$`, `(?m)^TOKEN_LIFETIME +336h0m0s +default$`,
		`(?m)^LOG_LEVEL +info +default$`, `(?m)^PUBLIC_URL +http://127\.0\.0\.1:8000 +default$`,
	} {
		if code != 0 || !regexp.MustCompile(want).MatchString(stdout) {
			t.Errorf("got %d, want %s in\n%s", code, want, stdout)
		}
	}
	const warnings = "Warning: LOGIN_LIMIT in .env is not a setting; did you mean LIMIT_LOGIN?\n" +
		"Warning: LOG_LEVL in .env is not a setting; did you mean LOG_LEVEL?\n" +
		"Warning: SHUTDOWN_TIME in the environment is not a setting; did you mean SHUTDOWN_TIMEOUT?\n"
	if stderr != warnings || strings.Contains(stdout, "canary") {
		t.Errorf("got\n%s%s\nwant\n%s", stdout, stderr, warnings)
	}
	stdout, _, code = run(t, dir, append(environ, "PORT=x"), "", "config", "--json")
	var list []struct {
		Name   string  `json:"name"`
		Value  *string `json:"value"`
		Source string  `json:"source"`
	}
	if err := json.Unmarshal([]byte(stdout), &list); err != nil || code != 1 || len(list) < 20 {
		t.Errorf("config --json: %d, %v, %s; want %d and a list of %d or more", code, err, stdout, 1, 20)
	}
	if _, err := os.Stat(filepath.Join(dir, "instance")); err == nil {
		t.Error("it created an instance directory")
	}
}

// TestMisspeltSettings checks that a command that opens the database warns of a misspelt name, and that an error that
// may be due to such a name mentions it.
func TestMisspeltSettings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, stderr, code := run(t, dir, []string{"DATABSE_URL=postgres://u:canary@h/x"}, "", "db", "current")
	if want := "DATABSE_URL in the environment is not a setting; did you mean DATABASE_URL?"; code != 0 ||
		!strings.Contains(stderr, want) || strings.Contains(stderr, "canary") {
		t.Errorf("db current: %d, %s; want %d and %q, without %q", code, stderr, 0, want, "canary")
	}
	_, stderr, code = run(t, dir, []string{"DATABASE_URL=postgres://u@h/x", "SECERT_KEY=canary"}, "", "serve")
	if want := "SECERT_KEY in the environment is not a setting; did you mean SECRET_KEY?\n"; code != 1 ||
		!strings.HasSuffix(stderr, want) || strings.Contains(stderr, "canary") {
		t.Errorf("serve: %d, %s; want %d and the end %q, without %q", code, stderr, 1, want, "canary")
	}
}
