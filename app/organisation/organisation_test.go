package organisation_test

import (
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/organisation"
)

const whole = `{
  "id": 3, "name": "Friends & Co", "system_name": "Parties",
  "small_logo": "small.png", "large_logo": "large.png", "icon_logo": "https://example.org/icon.png",
  "domain": "parties.example.org", "url": "https://example.org", "email_from": "Parties@Example.org",
  "system_url": "https://parties.example.org",
  "privacy_policy": "PrivacyPolicy.pdf",
  "languages": [{"code": "fr", "description": "Français"}, {"code": "pt-BR", "description": "Português"}],
  "iso_currency_code": "ZAR"
}`

func defaults() organisation.Organisation {
	return organisation.Default("Guestlist", "https://guestlist.example.org:8443", "guestlist@example.org")
}

// read writes the text to a file and reads that file.
func read(t *testing.T, text string) (organisation.Organisation, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "organisation.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return organisation.ReadFile(path, defaults())
}

func TestReadFile(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text   string
		change func(*organisation.Organisation)
	}{
		"nothing": {`{}`, func(*organisation.Organisation) {}},
		"a name":  {`{"name": "Amis de la fête"}`, func(o *organisation.Organisation) { o.Name = "Amis de la fête" }},
		"a policy": {`{"privacy_policy": "https://example.org/privacy?v=1"}`,
			func(o *organisation.Organisation) { o.PrivacyPolicy = "https://example.org/privacy?v=1" }},
		"no logos": {`{"small_logo": "", "large_logo": "", "icon_logo": ""}`,
			func(o *organisation.Organisation) { o.SmallLogo, o.LargeLogo, o.IconLogo = "", "", "" }},
		"fewer languages": {`{"languages": [{"code": "de", "description": "Deutsch"}]}`, func(o *organisation.Organisation) {
			o.Languages = []organisation.Language{{Code: "de", Description: "Deutsch"}}
		}},
		"no languages yet": {`{"languages": null}`, func(*organisation.Organisation) {}},
		"all": {whole, func(o *organisation.Organisation) {
			*o = organisation.Organisation{
				ID: 3, Name: "Friends & Co", SystemName: "Parties", SmallLogo: "small.png", LargeLogo: "large.png",
				IconLogo: "https://example.org/icon.png",
				Domain:   "parties.example.org", URL: "https://example.org", EmailFrom: "parties@example.org",
				SystemURL:     "https://parties.example.org",
				PrivacyPolicy: "PrivacyPolicy.pdf", Currency: "ZAR",
				Languages: []organisation.Language{{Code: "fr", Description: "Français"},
					{Code: "pt-BR", Description: "Português"}},
			}
		}},
	} {
		want := defaults()
		test.change(&want)
		if got, err := read(t, test.text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v: %v", name, got, want, err)
		}
	}
	if o, want := defaults(), "guestlist.example.org"; o.Domain != want || o.HasPolicy() {
		t.Errorf("the default: got %+v, want the domain %s and no policy", o, want)
	}
}

func TestReadFileRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``:                           "is not JSON",
		`{"name": "x"`:               "is not JSON",
		"{\n\"name\": \"x\",\n?}":    "line 3: is not JSON",
		`[]`:                         "the file: must be an object",
		`{} {}`:                      "is not JSON",
		`{"nme": "x"}`:               "nme: is not a known member",
		`{"Name": "x"}`:              "Name: is not a known member",
		`{"name": 1}`:                "name: must be a string",
		`{"name": "a", "name": "b"}`: "name: occurs twice",
		`{"name": " "}`:              "name: must not be empty",
		`{"name": "a\nb"}`:           "name: must have no control characters",
		`{"name": null}`:             "name: must not be empty",
		`{"system_name": "` + strings.Repeat("x", 101) + `"}`: "system_name: must have at most 100 characters",
		`{"id": 0}`:                                 "id: must be a whole number from 1",
		`{"id": "1"}`:                               "id: must be a whole number",
		`{"small_logo": "a\u0000"}`:                 "small_logo: must have no control characters",
		`{"domain": "https://x"}`:                   "domain: must be a host name",
		`{"url": "example.org"}`:                    "url: must be a URL",
		`{"url": "javascript:x"}`:                   "url: must be a URL",
		`{"system_url": ""}`:                        "system_url: must be a URL",
		`{"email_from": "x"}`:                       "email_from: ",
		`{"privacy_policy": "javascript:alert(1)"}`: "privacy_policy: must be a URL",
		`{"privacy_policy": "//example.net/x"}`:     "privacy_policy: must be a URL",
		`{"privacy_policy": "a b"}`:                 "privacy_policy: must be a URL",
		`{"languages": []}`:                         "languages: must list 1 to 20 languages",
		`{"languages": "en"}`:                       "languages: must be a list",
		`{"languages": ["en"]}`:                     "languages[0]: must be an object",
		`{"languages": [{"code": "en", "description": "English"}, ` +
			`{"code": "e_n", "description": "x"}]}`: "languages[1].code: must be a language tag",
		`{"languages": [{"code": "en", "description": "English"}, ` +
			`{"code": "en", "description": "x"}]}`: "languages[1].code: is listed twice",
		`{"languages": [{"code": "en", "description": "English"}, ` +
			`{"code": "fr", "name": "x"}]}`: "languages[1].name: is not a known member",
		`{"languages": [{"code": "en", "description": ""}]}`: "languages[0].description: must not be empty",
		`{"iso_currency_code": "usd"}`:                       "iso_currency_code: must be the code of a currency",
		`{"iso_currency_code": "ZZZ"}`:                       "iso_currency_code: must be the code of a currency",
	} {
		_, err := read(t, text)
		if err == nil || !strings.HasPrefix(err.Error(), "organisation.json: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	if _, err := read(t, `{"name": "", "url": ""}`); err == nil || strings.Count(err.Error(), "organisation.json: ") != 2 {
		t.Errorf("got %v, want two errors", err)
	}
	const missing = "none.json: cannot be read"
	if _, err := organisation.ReadFile(filepath.Join(t.TempDir(), "none.json"), defaults()); err == nil ||
		!strings.Contains(err.Error(), missing) {
		t.Errorf("no file: got %v, want %s", err, missing)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	o, err := read(t, whole)
	if err != nil {
		t.Fatal(err)
	}
	a := apptest.New(t, func(c *app.Config) { c.Organisation = o })
	var got organisation.Organisation
	response := a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/organisation"})
	response.Decode(t, http.StatusOK, &got)
	if !reflect.DeepEqual(got, o) {
		t.Errorf("got %s, want %+v", response.Body, o)
	}
	for _, member := range []string{
		"id", "name", "system_name", "small_logo", "large_logo", "icon_logo", "domain", "url", "email_from", "system_url",
		"privacy_policy", "languages", "iso_currency_code",
	} {
		if !strings.Contains(response.Body, `"`+member+`":`) {
			t.Errorf("%s has no %s", response.Body, member)
		}
	}
}

// TestMailsAreSigned checks that mails end with the name of the organisation.
func TestMailsAreSigned(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, func(c *app.Config) { c.Organisation.Name = "Friends & <Co>" })
	a.Register(t, "ann@example.org")
	mails := a.Mails(t)
	if len(mails) != 1 {
		t.Fatalf("mailed %v, want one mail", mails)
	}
	for _, m := range mails {
		if text, want := m.Content.Text, "\n-- \nFriends & <Co>\n"; !strings.HasSuffix(text, want) {
			t.Errorf("got the text\n%s\nwant it to end with %q", text, want)
		}
		if html, want := m.Content.HTML, ">Friends &amp; &lt;Co&gt;</bdi></p>"; !strings.Contains(html, want) {
			t.Errorf("the HTML lacks %s:\n%s", want, html)
		}
	}
}

func TestPagesNameTheOrganisation(t *testing.T) {
	t.Parallel()
	a := apptest.New(t, func(c *app.Config) { c.Organisation.Name = "Friends & <Co>" })
	for _, path := range []string{
		"/reset-password", "/verify-email/nonsense", "/undo-email/nonsense",
		"/invitation/nonsense", // invitedguest
	} {
		page := a.Send(t, apptest.Request{Method: http.MethodGet, Path: path}).Body
		if !strings.Contains(page, ">Friends &amp; &lt;Co&gt;</bdi></footer>") {
			t.Error(path, page)
		}
	}
}
