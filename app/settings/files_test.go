package settings_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guestlist/app/settings"
)

// TestFiles reads secrets from files named by settings, as orchestrators pass them.
func TestFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{"key": longKey + "\n", "database": " sqlite:///canary.db\n",
		"empty": "\n", "huge": strings.Repeat("canary", 1<<20)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := read(t, dir, "SECRET_KEY_FILE="+filepath.Join(dir, "key"), "DATABASE_URL_FILE=database", "PORT_FILE=key")
	if got := string(s.RequiredKey("SECRET_KEY")); got != longKey {
		t.Errorf("the key is %q, want %q", got, longKey)
	}
	if got, want := s.Text("DATABASE_URL", "sqlite:///x.db"), "sqlite:///canary.db"; got != want {
		t.Errorf("the address, from a path beside .env, is %q, want %q", got, want)
	}
	if got := s.Number("PORT", 5000, 0, 65535); got != 5000 {
		t.Errorf("a setting that is not secret was read from a file: got %d, want 5000", got)
	}
	sources := map[string]string{}
	for _, setting := range s.All() {
		sources[setting.Name] = setting.Source
	}
	want := map[string]string{"SECRET_KEY": "SECRET_KEY_FILE", "DATABASE_URL": "DATABASE_URL_FILE", "PORT": "default"}
	for name, source := range want {
		if sources[name] != source {
			t.Errorf("%s comes from %q, want %q", name, sources[name], source)
		}
	}
	if err := s.Err(); err != nil {
		t.Error(err)
	}
	warnings := strings.Join(s.Unknown(), "\n")
	for _, name := range []string{"SECRET_KEY_FILE", "DATABASE_URL_FILE"} {
		if strings.Contains(warnings, name) {
			t.Errorf("got a warning about %s: %s", name, warnings)
		}
	}

	for want, environ := range map[string][]string{
		"SECRET_KEY_FILE: is set, and so is SECRET_KEY: ": {"SECRET_KEY_FILE=key", "SECRET_KEY=" + longKey},
		"SECRET_KEY_FILE: ": {"SECRET_KEY_FILE=nowhere"},
		"SECRET_KEY_FILE: " + filepath.Join(dir, "empty") +
			" is empty": {"SECRET_KEY_FILE=empty"},
		"SECRET_KEY_FILE: cannot be read: " + filepath.Join(dir, "huge") +
			" is larger than 65536 bytes": {"SECRET_KEY_FILE=huge"},
		"SECRET_KEY: is shorter than": {"SECRET_KEY_FILE=database"},
	} {
		s := read(t, dir, environ...)
		s.Key("SECRET_KEY")
		s.Key("SECRET_KEY") // reports its error only once
		err := s.Err()
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: got %v, want %s", environ, err, want)
		}
	}
}

// TestFilesOfOthers checks that a command that needs no key does not open its file.
func TestFilesOfOthers(t *testing.T) {
	t.Parallel()
	s := read(t, t.TempDir(), "SECRET_KEY_FILE=nowhere")
	s.Known("SECRET_KEY")
	if all := s.All(); s.Err() != nil || len(all) != 1 ||
		all[0] != (settings.Setting{Name: "SECRET_KEY", Value: "(hidden)", Source: "SECRET_KEY_FILE"}) {
		t.Errorf("got %v, %v; want SECRET_KEY, hidden, from SECRET_KEY_FILE", s.All(), s.Err())
	}
}
