package settings_test

import (
	netmail "net/mail"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/app/settings"
)

const longKey = "0123456789abcdefghijklmnopqrstuvwxyz"

func read(t *testing.T, dir string, environ ...string) *settings.Settings {
	t.Helper()
	s, err := settings.Read(dir, environ)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSources(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := "# a comment\nPORT=8000\nexport " +
		"DEBUG=yes\nHOST='0.0.0.0'\nPASSWORD_MIN_LENGTH=\"8\"\nTOKEN_LIFETIME=\nPOSTGRES_PASSWORD=other\n"
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	s := read(t, dir, "PORT=9000", "HOST=", "SECRET_KEY="+longKey, "A.B=c", "=odd", "debug=maybe", "REQUEST_TIMEOUT=1m30s")
	for name, test := range map[string][2]any{
		"the environment comes first":    {s.Number("PORT", 5000, 0, 65535), 9000},
		"export":                         {s.Flag("DEBUG", false), true},
		"an empty value counts as none":  {s.Host("HOST", "127.0.0.1"), "0.0.0.0"},
		"quotes":                         {s.Number("PASSWORD_MIN_LENGTH", 6, 1, 128), 8},
		"an empty value in the file too": {s.Duration("TOKEN_LIFETIME", time.Hour, time.Minute), time.Hour},
		"a duration":                     {s.Duration("REQUEST_TIMEOUT", time.Second, 0), 90 * time.Second},
		"a key":                          {string(s.RequiredKey("SECRET_KEY")), longKey},
		"a key that may be missing":      {string(s.Key("SECRET_KEY")), longKey},
		"a key that is missing":          {string(s.Key("SECRET_KEY_PREVIOUS")), ""},
		"not set":                        {s.Text("MAIL_URL", "standard"), "standard"},
	} {
		if test[0] != test[1] {
			t.Errorf("%s: got %v, want %v", name, test[0], test[1])
		}
	}
	if err := s.Err(); err != nil {
		t.Error(err)
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"True": true, "true": true, "1": true, "yes": true, "YES": true, "on": true,
		"False": false, "0": false, "no": false, "off": false, "": false,
	} {
		s := read(t, t.TempDir(), "DEBUG="+text)
		if got := s.Flag("DEBUG", false); got != want || s.Err() != nil {
			t.Errorf("%q: got %t, %v; want %t, no error", text, got, s.Err(), want)
		}
	}
}

func TestListsAndLimits(t *testing.T) {
	t.Parallel()
	s := read(t, t.TempDir(), "LIMIT=OFF", "OTHER=7", "TRUSTED_PROXIES=10.0.0.1, 192.168.0.0/16,fd00::/8,",
		"ROLES=speaker, host,")
	networks := []netip.Prefix{
		netip.MustParsePrefix("10.0.0.1/32"), netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fd00::/8"),
	}
	if got := s.Networks("TRUSTED_PROXIES"); !reflect.DeepEqual(got, networks) {
		t.Errorf("networks: got %v, want %v", got, networks)
	}
	if got, want := s.List("ROLES"), []string{"speaker", "host"}; !reflect.DeepEqual(got, want) {
		t.Errorf("a list: got %q, want %q", got, want)
	}
	if off, seven := s.Limit("LIMIT", 5, 1000), s.Limit("OTHER", 5, 1000); off != 0 || seven != 7 || s.Err() != nil {
		t.Errorf("limits: got %d and %d, %v; want 0 and 7, no error", off, seven, s.Err())
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"http://localhost:5000": settings.LocalURL("0.0.0.0", 5000), "http://[::1]:80": settings.LocalURL("::1", 80),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	s := read(t, t.TempDir(), "A=https://example.org/", "B=https://example.org/guestlist/",
		"FROM= Gäste <Guests@Example.org>")
	if a, b := s.PublicURL("A", ""), s.PublicURL("B", ""); a != "https://example.org" ||
		b != "https://example.org/guestlist" {
		t.Errorf("got %s and %s, want both without a trailing slash", a, b)
	}
	if got := s.Sender("FROM", ""); got != (netmail.Address{Name: "Gäste", Address: "guests@example.org"}) ||
		s.Err() != nil {
		t.Errorf("got %v, %v; want Gäste <guests@example.org>", got, s.Err())
	}
}

// TestDamagedFiles checks that an error about a file that cannot be used names the file or its setting, and quotes
// nothing of it.
func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		file, content string
		mode          os.FileMode
		want          string
	}{
		".env":      {".env", "SECRET_KEY canary\n", 0o600, ".env: "},
		"empty key": {"instance/secret_key", "", 0o600, "SECRET_KEY: "},
		"open key":  {"instance/secret_key", longKey, 0o644, "SECRET_KEY: is not set, and the one stored"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.mode != 0o600 && runtime.GOOS == "windows" {
				t.Skip("files have no modes")
			}
			dir := t.TempDir()
			path := filepath.Join(dir, test.file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(test.content), test.mode); err != nil {
				t.Fatal(err)
			}
			s, err := settings.Read(dir, nil)
			if err == nil {
				s.StoredKey("SECRET_KEY", filepath.Join(dir, "instance"))
				err = s.Err()
			}
			if err == nil || !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "canary") {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestStoredKey(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "instance")
	first := read(t, t.TempDir()).StoredKey("SECRET_KEY", dir)
	kept, err := os.ReadFile(filepath.Join(dir, "secret_key"))
	if err != nil || string(first) != strings.TrimSpace(string(kept)) || len(first) < 32 {
		t.Errorf("got the key %q and stored %q, %v; want the same, of at least 32 bytes", first, kept, err)
	}
	if again := read(t, t.TempDir()).StoredKey("SECRET_KEY", dir); string(again) != string(first) {
		t.Errorf("the second time: got the key %q, want %q", again, first)
	}
}

func TestDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".env"), 0o700); err != nil {
		t.Fatal(err)
	}
	want := ".env: cannot be read: is a directory"
	if runtime.GOOS == "windows" { // its errors differ
		want = ".env: cannot be read: "
	}
	if _, err := settings.Read(dir, nil); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want an error that begins with %q", err, want)
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                        nil,
		"https://app.example.org": {"https://app.example.org"},
		"http://localhost:8080 , HTTPS://App.Example.ORG,": {"http://localhost:8080",
			"https://app.example.org"},
		"https://app.example.org:443,http://a.example.org:80,https://b.example.org:80": {"https://app.example.org",
			"http://a.example.org", "https://b.example.org:80"},
		"http://[::1]:8080,http://127.0.0.1,https://xn--bcher-kva.example": {"http://[::1]:8080",
			"http://127.0.0.1", "https://xn--bcher-kva.example"},
		"*": {"*"},
	} {
		s := read(t, t.TempDir(), "CORS_ORIGINS="+text)
		if got := s.Origins("CORS_ORIGINS"); !slices.Equal(got, want) || s.Err() != nil {
			t.Errorf("%s: got %v, want %v: %v", text, got, want, s.Err())
		}
	}
	for _, text := range []string{
		"app.example.org", "https://", "https://app.example.org/", "https://app.example.org/path", "https://app.example.org?",
		"https://app.example.org#",
		"https://*.example.org", "https://user@app.example.org", "ftp://app.example.org", "null", "https://app.example.org:0",
		"https://app.example.org:x",
		"https://app.example.org:65536", "https://bücher.example", "https://a b", "//app.example.org",
		"*,https://app.example.org", "https:app.example.org",
	} {
		s := read(t, t.TempDir(), "CORS_ORIGINS=http://localhost:8080,"+text)
		s.Origins("CORS_ORIGINS")
		if err := s.Err(); err == nil || !strings.HasPrefix(err.Error(), "CORS_ORIGINS: ") {
			t.Errorf("%s: got %v, want an error of CORS_ORIGINS", text, err)
		}
	}
}
