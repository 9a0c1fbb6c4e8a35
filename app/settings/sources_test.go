package settings_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"guestlist/app/settings"
)

func TestAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := "PORT=8000\nMAIL_URL=smtp://ann:canary@host?tls=off\nHOST=\n"
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	s := read(t, dir, "SECRET_KEY=canary", "DATABASE_URL=postgres://u@h/d?password=canary&sslmode=disable", "DEBUG=1",
		"API_TOKEN=canary",
		"OTHER_URL=u:canary@h", "OTEL_HEADERS=x-key=canary", "BROKEN_URL=postgres://u:12/canary@h/d", "CLIENT_URL= ",
		"SEVERAL_URL=postgres://u:canary@a:1,b,[::1]/d", "REPLICA_URLS=postgres://u:canary@a/d?x=1  postgres://u:canary@b/d",
		"SPACE_URLS=postgres://u:12 canary@a/d")
	s.Number("PORT", 5000, 0, 65535)
	s.Host("HOST", "127.0.0.1")
	s.Flag("DEBUG", false)
	s.Duration("TOKEN_LIFETIME", time.Hour, 0)
	s.Known("SECRET_KEY", "SECRET_KEY_PREVIOUS", "DATABASE_URL", "MAIL_URL", "API_TOKEN", "OTHER_URL", "BROKEN_URL",
		"CLIENT_URL", "OTEL_HEADERS",
		"SEVERAL_URL", "REPLICA_URLS", "SPACE_URLS")
	want := []settings.Setting{
		{"API_TOKEN", "(hidden)", "environment"},
		{"BROKEN_URL", "(hidden)", "environment"},
		{"CLIENT_URL", "", "default"},
		{"DATABASE_URL", "postgres://u@h/d?password=xxxxx&sslmode=disable", "environment"},
		{"DEBUG", "1", "environment"},
		{"HOST", "127.0.0.1", "default"},
		{"MAIL_URL", "smtp://ann:xxxxx@host?tls=off", ".env"},
		{"OTEL_HEADERS", "(hidden)", "environment"},
		{"OTHER_URL", "(hidden)", "environment"},
		{"PORT", "8000", ".env"},
		{"REPLICA_URLS", "postgres://u:xxxxx@a/d?x=1 postgres://u:xxxxx@b/d", "environment"},
		{"SECRET_KEY", "(hidden)", "environment"},
		{"SECRET_KEY_PREVIOUS", "", "default"},
		{"SEVERAL_URL", "postgres://u:xxxxx@a:1,b,[::1]/d", "environment"},
		{"SPACE_URLS", "(hidden)", "environment"},
		{"TOKEN_LIFETIME", "1h0m0s", "default"},
	}
	if got := s.All(); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}

// TestUnknown checks the warning about each name, once in .env and once in the environment.
func TestUnknown(t *testing.T) {
	t.Parallel()
	names := []string{
		"DATABASE_URL", "DATABASE_POOL_SIZE", "DEBUG", "HOST", "PORT", "SECRET_KEY", "SECRET_KEY_PREVIOUS", "MAIL_URL",
		"LOG_LEVEL",
		"LIMIT_LOGIN", "NO_COLOR", "PASSWORD_MIN_LENGTH", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_SERVICE_NAME",
	}
	meant := func(name, place, setting string) string {
		return name + " in " + place + " is not a setting; did you mean " + setting + "?"
	}
	for name, test := range map[string]struct{ file, variable string }{
		"PORT": {},
		"DATABSE_URL": {meant("DATABSE_URL", ".env", "DATABASE_URL"),
			meant("DATABSE_URL", "the environment", "DATABASE_URL")},
		"LOGLEVEL": {meant("LOGLEVEL", ".env", "LOG_LEVEL"), meant("LOGLEVEL", "the environment", "LOG_LEVEL")},
		"PROT":     {meant("PROT", ".env", "PORT"), meant("PROT", "the environment", "PORT")},
		"DEBGU":    {meant("DEBGU", ".env", "DEBUG"), meant("DEBGU", "the environment", "DEBUG")},
		"LIMIT_LOGINS_PER_IP": {meant("LIMIT_LOGINS_PER_IP", ".env", "LIMIT_LOGIN"),
			meant("LIMIT_LOGINS_PER_IP", "the environment", "LIMIT_LOGIN")},
		"SOMETHING":         {"SOMETHING in .env is not a setting", ""},
		"HOME":              {"HOME in .env is not a setting", ""},
		"POSTGRES_PORT":     {},
		"MAIL_SERVICE_HOST": {meant("MAIL_SERVICE_HOST", ".env", "MAIL_URL"), ""},
		"OTEL_SERVICE_NAMES": {meant("OTEL_SERVICE_NAMES", ".env", "OTEL_SERVICE_NAME"),
			meant("OTEL_SERVICE_NAMES", "the environment", "OTEL_SERVICE_NAME")},
		"OTEL_LOGS_EXPORTER": {},
		"NO_PROXY":           {"NO_PROXY in .env is not a setting", ""},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, ".env"), []byte(name+"=canary\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		for place, s := range map[string]*settings.Settings{".env": read(t, dir),
			"the environment": read(t, t.TempDir(), name+"=canary")} {
			s.Known(names...)
			var want []string
			if text := map[string]string{".env": test.file, "the environment": test.variable}[place]; text != "" {
				want = []string{text}
			}
			if got := s.Unknown(); !reflect.DeepEqual(got, want) {
				t.Errorf("%s in %s: got %q, want %q", name, place, got, want)
			}
		}
	}
}
