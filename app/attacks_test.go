package app_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"hash"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/secrets"
	"guestlist/app/users"
)

// attack is a request that must get the response in the table on every database, and must change nothing. The packages'
// own tests cover what each package refuses by itself (every claim of a token, every form of a body); these are
// well-known attacks, sent through the whole application.
type attack struct {
	name   string
	method string
	path   string
	// of "ann", "admin", "blocked", or "vip", who does not own the registered address, which has a pending role
	token  string
	body   string
	status int
	kind   string // the type of the error; empty if there is none
}

const (
	httpPost, httpGet, httpPut = http.MethodPost, http.MethodGet, http.MethodPut
	user                       = "/api/v1/user"
	login                      = "/api/v1/authenticate"
	list                       = "/api/v1/users"
	huge                       = "9223372036854775808" // 2^63
	sqlText                    = "1%20OR%201%3D1%3B%20DROP%20TABLE%20users--"
	deep                       = 20000
)

func TestAttacks(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	a.RegisterVerified(t, "admin@example.org")
	tokens := attackers(t, a)
	resist(t, a, tokens, slices.Concat(bodyAttacks(), listAttacks(tokens["ann"]), accountAttacks(), linkAttacks()))
}

// attackers registers users in an application that has one account, and returns the tokens of the attackers by name.
func attackers(t *testing.T, a *apptest.App) map[string]string {
	t.Helper()
	ann, admin := a.Register(t, "ann@example.org"), a.RegisterAdmin(t, "root@example.org")
	a.RegisterVerified(t, "only@example.org")
	blocked := a.RegisterAdmin(t, "blocked@example.org")
	if err := a.DB.Model(&users.User{}).Where("id = ?", blocked.ID).UpdateColumn("blocked_at", a.Clock.Now()).
		Error; err != nil {
		t.Fatal(err)
	}
	return map[string]string{"": "", "ann": ann.Token, "admin": admin.Token, "blocked": blocked.Token}
}

// resist makes the attacks, and checks that they get the responses in the table and change no user.
func resist(t *testing.T, a *apptest.App, tokens map[string]string, attacks []attack) {
	t.Helper()
	before := everybody(t, a)
	t.Run("requests", func(t *testing.T) {
		t.Parallel()
		for _, attack := range attacks {
			t.Run(attack.name, func(t *testing.T) {
				t.Parallel()
				response := a.Send(t, apptest.Request{Method: attack.method, Path: attack.path, Token: tokens[attack.token],
					Body: bodyOf(attack)})
				switch {
				case attack.kind != "":
					response.Error(t, attack.status, attack.kind)
				case response.Status != attack.status:
					t.Errorf("got %d %s, want %d", response.Status, response.Body, attack.status)
				}
			})
		}
	})
	t.Cleanup(func() {
		if after := everybody(t, a); after != before {
			t.Errorf("the attacks changed\n%s\ninto\n%s", before, after)
		}
	})
}

func bodyOf(a attack) any {
	if a.body == "" {
		return nil
	}
	return a.body
}

// everybody returns what the database stores about every user, except when they last signed in.
func everybody(t *testing.T, a *apptest.App) string {
	t.Helper()
	var all []users.User
	if err := a.DB.Unscoped().Omit("last_login").Order("id").Find(&all).Error; err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, u := range all {
		fmt.Fprintln(&text, u.ID, u.Email, u.PasswordHash, u.Firstname, u.IsAdmin, u.TokenGeneration, u.VerifiedAt,
			u.PendingEmail, u.BlockedAt,
			u.DeletedAt)
	}
	return text.String()
}

func bodyAttacks() []attack {
	padded := func(size int) string { // a sign-in of size bytes
		const wrong = `{"email":"ann@example.org","password":"wrong","x":""}`
		return strings.Replace(wrong, `"x":"`, `"x":"`+strings.Repeat("x", size-len(wrong)), 1)
	}
	nested := func(open, end string) string {
		return `{"email":"ann@example.org","password":"wrong","x":` + strings.Repeat(open, deep) + "0" +
			strings.Repeat(end, deep) + `}`
	}
	return []attack{
		{"deep lists", httpPost, login, "", nested("[", "]"), 400, "INVALID_JSON"},
		{"deep objects", httpPost, login, "", nested(`{"a":`, "}"), 400, "INVALID_JSON"},
		{"deep and never closed", httpPost, login, "", `{"x":` + strings.Repeat("[", deep), 400, "INVALID_JSON"},
		{"1 MiB", httpPost, login, "", padded(1 << 20), 401, "INVALID_CREDENTIALS"},
		{"1 MiB and a byte", httpPost, login, "", padded(1<<20 + 1), 413, "BODY_TOO_LARGE"},
		{"password in two spellings", httpPost, login, "", `{"email":"ann@example.org","password":"123456","Password":"x"}`,
			400, "DUPLICATE_KEY"},
		{"address twice", httpPost, login, "", `{"email":"admin@example.org","email":"ann@example.org","password":"123456"}`,
			400, "DUPLICATE_KEY"},
		{"an object for a password", httpPost, login, "", `{"email":"ann@example.org","password":{"$ne":""}}`, 400,
			"VALIDATION_FAILED"},
		{"SQL for an address", httpPost, login, "", `{"email":"' OR 1=1 --@example.org","password":"' OR '1'='1"}`, 401,
			"INVALID_CREDENTIALS"},
		{"wildcards for an address", httpPost, login, "", `{"email":"%@example.org","password":"123456"}`, 401,
			"INVALID_CREDENTIALS"},
		{"Cyrillic a", httpPost, login, "", `{"email":"\u0430nn@example.org","password":"123456"}`, 401,
			"INVALID_CREDENTIALS"},
		{"Cyrillic domain", httpPost, login, "", `{"email":"ann@ex\u0430mple.org","password":"123456"}`, 401,
			"INVALID_CREDENTIALS"},
		{"a taken address, full-width a", httpPost, user, "", `{"email":"\uff41nn@example.org","password":"123456"}`, 409,
			"EMAIL_IN_USE"},
		{"a taken address, full-width capitals", httpPost, user, "", `{"email":"\uff21NN@example.org","password":"123456"}`,
			409, "EMAIL_IN_USE"},
		{"a taken address, dotless i", httpPost, user, "", `{"email":"adm\u0131n@example.org","password":"123456"}`, 409,
			"EMAIL_IN_USE"},
		{"zero-width space", httpPost, login, "", `{"email":"ann\u200b@example.org","password":"123456"}`, 401,
			"INVALID_CREDENTIALS"},
		{"U+0000 in an address", httpPost, login, "", `{"email":"ann@example.org\u0000","password":"123456"}`, 400,
			"INVALID_TEXT"},
		{"a taken address, script g", httpPost, user, "", `{"email":"ann@example.or\u210a","password":"123456"}`, 409,
			"EMAIL_IN_USE"},
		{"a reset for a look-alike", httpPost, "/api/v1/password-reset/request", "",
			`{"email":"\u0430nn@example.org"}`, 201, ""},
		{"a made-up code", httpPost, "/api/v1/password-reset/confirm", "",
			`{"code":"' OR used_at IS NULL --","password":"123456"}`, 400, "RESET_PASSWORD_CODE_NOT_VALID"},
		{"no code", httpGet, "/api/v1/verify-email", "", "", 400, "EMAIL_VERIFY_CODE_NOT_VALID"},
		{"wildcards for a code", httpGet, "/api/v1/verify-email?token=%25", "", "", 400, "EMAIL_VERIFY_CODE_NOT_VALID"},
		{"names with a header", httpPut, user, "ann", `{"firstname":"Ann\r\nBcc: eve@example.org"}`, 400,
			"VALIDATION_FAILED"},
		{"names with a lone CR", httpPut, user, "ann", `{"firstname":"Ann\rBcc: eve@example.org"}`, 400, "VALIDATION_FAILED"},
		{"names with U+0085", httpPut, user, "ann", `{"firstname":"Ann\u0085Bcc: eve@example.org"}`, 400,
			"VALIDATION_FAILED"},
		{"names with U+2028", httpPut, user, "ann", `{"firstname":"Ann\u2028Bcc: eve@example.org"}`, 400,
			"VALIDATION_FAILED"},
		{"names without end", httpPut, user, "ann", `{"firstname":"` + strings.Repeat("Ann ", 1000) + `"}`, 400,
			"VALIDATION_FAILED"},
		{"power by a change", httpPut, user, "ann",
			`{"id":2,"is_admin":true,"IsAdmin":true,"role":"admin","roles":[{"event_id":1,"role":"admin"}]}`, 200, ""},
		{"power in another case", httpPut, user, "ann", `{"is_admin":true,"Is_Admin":true}`, 400, "DUPLICATE_KEY"},
		{"a hash by a change", httpPut, user, "ann",
			`{"password_hash":"","token_generation":-1,` +
				`"verified_at":"2026-01-01T00:00:00Z","deleted_at":null,"search_key":"eA=="}`, 200, ""},
		{"a change of another", httpPut, user + "?id=2", "ann", `{"id":2}`, 200, ""},
		{"two addresses", httpPost, login + "?email=admin@example.org", "", `{"email":"ann@example.org","password":"123456"}`,
			400, "VALIDATION_FAILED"},
		{"an address twice in the query", httpPost, login + "?email=a@example.org&email=ann@example.org", "",
			`{"password":"123456"}`, 400, "VALIDATION_FAILED"},
		{"an address in another case", httpPost, login + "?Email=admin@example.org", "",
			`{"email":"ann@example.org","password":"123456"}`, 400, "VALIDATION_FAILED"},
		{"U+0000 in the query", httpPost, login + "?email=ann@example.org%00", "", `{"password":"123456"}`, 400,
			"VALIDATION_FAILED"},
		{"power by the query", httpPut, user + "?is_admin=true&id=2", "ann", `{}`, 200, ""},
	}
}

func listAttacks(token string) []attack {
	attacks := []attack{
		{"no power", httpGet, list, "ann", "", 403, "FORBIDDEN"},
		{"no power, by a parameter", httpGet, list + "?is_admin=true", "ann", "", 403, "FORBIDDEN"},
		{"no power, by a method", "X-GET", list, "ann", "", 405, "METHOD_NOT_ALLOWED"},
		{"an id behind the path", httpGet, user + "/2", "admin", "", 404, "NOT_FOUND"},
		{"dots in the path", httpGet, "/api/v1/x/../users", "admin", "", 404, "NOT_FOUND"},
		{"a slash at the end", httpGet, list + "/", "admin", "", 404, "NOT_FOUND"},
		{"another's data, by a path", httpGet, user + "/2/export", "ann", "", 404, "NOT_FOUND"},
		{"another's data, by a method", httpPost, user + "/export", "ann", `{"id":2}`, 405, "METHOD_NOT_ALLOWED"},
		{"the data of nobody", httpGet, user + "/export?id=1", "", "", 401, "UNAUTHORIZED"},
		{"search with wildcards", httpGet, list + "?q=%25", "admin", "", 200, ""},
		{"search with SQL", httpGet, list + "?q=" + sqlText, "admin", "", 200, ""},
		{"a list in SQL", httpGet, "/api/v1/content/countries?language=" + sqlText, "", "", 400, "VALIDATION_FAILED"},
		{"a list in a path", httpGet, "/api/v1/content/..%2forganisation", "", "", 404, "NOT_FOUND"},
	}
	for _, value := range []string{"abc", "0", "-1", "1e3", "0x10", huge, sqlText, "", "%00"} {
		attacks = append(attacks, attack{"limit " + value, httpGet, list + "?limit=" + value, "admin", "", 400,
			"VALIDATION_FAILED"})
	}
	for _, value := range []string{"password_hash", "is_admin", "id;", "id%20DESC", "-", "id,email", "(SELECT%201)",
		sqlText, "ID"} {
		attacks = append(attacks, attack{"sort " + value, httpGet, list + "?sort=" + value, "admin", "", 400,
			"VALIDATION_FAILED"})
	}
	plain := base64.RawURLEncoding.EncodeToString([]byte(`{"id":1}`))
	for _, value := range []string{"abc", "0", huge, sqlText, plain, url.QueryEscape(token), strings.Repeat("A", 30)} {
		attacks = append(attacks, attack{"cursor " + value, httpGet, list + "?cursor=" + value, "admin", "", 400,
			"VALIDATION_FAILED"})
	}
	return attacks
}

// linkAttacks returns attacks on the pages that mailed links lead to, and on an account's address and password. The
// tests in head_test.go open mailed links as scanners and browsers do, and with HEAD; the tests of users cover attempts
// to take over an address.
func linkAttacks() []attack {
	const verify, resend, mallory = "/api/v1/verify-email?token=",
		"/api/v1/resend-verification-email?email=ann@example.org", "mallory@example.org"
	return []attack{
		{"a link without a code by HEAD", http.MethodHead, verify, "", "", 303, ""},
		{"a made-up link by HEAD", http.MethodHead, verify + "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "", "", 303, ""},
		{"mail by HEAD", http.MethodHead, resend, "", "", 201, ""},
		{"a made-up link", httpGet, "/verify-email/ABCDEFGHIJKLMNOPQRSTUVWXYZ", "", "", 404, ""},
		{"a script for a link", httpGet, "/verify-email/%3Cscript%3E", "", "", 404, ""},
		{"SQL for a link", httpGet, "/undo-email/" + sqlText, "", "", 404, ""},
		{"a made-up link, confirmed", httpPost, "/verify-email/ABCDEFGHIJKLMNOPQRSTUVWXYZ", "",
			`{"action":"confirm"}`, 404, ""},
		{"a made-up link, disowned", httpPost, "/verify-email/ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ann",
			`{"action":"disown"}`, 404, ""},
		{"a made-up link, undone", httpPost, "/undo-email/ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ann",
			`{"action":"confirm"}`, 404, ""},
		{"a made-up link for a password", httpPost, "/reset-password/ABCDEFGHIJKLMNOPQRSTUVWXYZ",
			"", `{"password":"123456"}`, 404, ""},
		{"a script for an address", httpGet, "/reset-password?email=%22%3E%3Cscript%3E", "", "", 200, ""},
		{"a new password for a token", httpPut, user, "ann", `{"password":"another"}`, 401, "INVALID_CREDENTIALS"},
		{"a guessed password for a new one", httpPut, user, "ann", `{"password":"another","current_password":"1234567"}`, 401,
			"INVALID_CREDENTIALS"},
		{"no password for a new one", httpPut, user, "ann", `{"password":"another","current_password":null}`, 401,
			"INVALID_CREDENTIALS"},
		{"an address and a guessed password", httpPut, user, "ann", `{"email":"` + mallory +
			`","password":"another","current_password":"x"}`, 401, "INVALID_CREDENTIALS"},
		{"another's address", httpPut, user, "ann", `{"email":"admin@example.org"}`, 409, "EMAIL_IN_USE"},
		{"a pending address by hand", httpPut, user, "ann", `{"pending_email":"` + mallory + `"}`, 200, ""},
		{"a change without a token", httpPut, user, "", `{"email":"` + mallory + `"}`, 401, "UNAUTHORIZED"},
	}
}

// TestMassAssignment checks that registering ignores the members of a user that a client may not set.
func TestMassAssignment(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	a.Register(t, "ann@example.org")
	const body = `{"email":"eve@example.org","password":"123456","id":1,"is_admin":true,"IsAdmin":true,"admin":"1",
		"password_hash":"x","verified_at":"2026-01-01T00:00:00Z","token_generation":7,"created_at":"1970-01-01T00:00:00Z",
		"deleted_at":"2026-01-01T00:00:00Z","roles":["admin"]}`
	for name, request := range map[string]apptest.Request{
		"json": {Body: body},
		"form": {Body: "email=bob@example.org&password=123456&id=1&is_admin=true&verified_at=2026-01-01",
			Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}},
	} {
		request.Method, request.Path = httpPost, user+"?is_admin=true"
		var got apptest.User
		a.Send(t, request).Decode(t, http.StatusCreated, &got)
		var stored users.User
		if err := a.DB.Take(&stored, got.ID).Error; err != nil {
			t.Fatal(err)
		}
		if got.ID == 1 || stored.IsAdmin || stored.VerifiedAt != nil || stored.TokenGeneration != 0 ||
			!stored.CreatedAt.Equal(a.Clock.Now()) {
			t.Errorf("%s: stored %+v, want a new account, not verified, without rights, made at %v", name, stored,
				a.Clock.Now())
		}
	}
}

// TestForgedTokens checks that the application refuses tokens that it did not issue, and texts that it did not issue as
// tokens.
func TestForgedTokens(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	ann := a.Register(t, "ann@example.org")
	parts := strings.Split(ann.Token, ".")
	secret := a.Config.SecretKey
	keys := secrets.NewKeys(secret, nil)
	now := a.Clock.Now().Unix()
	claims := func(id int64, email string) string {
		return fmt.Sprintf(`{"id":%d,"email":%q,"is_admin":true,"iat":%d,"exp":%d}`, id, email, now, now+60)
	}
	own := claims(ann.ID, ann.Email)
	cursor, err := secrets.NewCursors(keys.Derive("cursor")).Encode("users", map[string]int64{"id": 1})
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, a, signed(sha256.New, secret, `{"alg":"HS256"}`, own)); got.Status != http.StatusOK {
		t.Fatalf("the token that the others are made from: got %d %s, want %d", got.Status, got.Body, http.StatusOK)
	}
	forged := map[string]string{
		"HS384":                 signed(sha512.New384, secret, `{"alg":"HS384"}`, own),
		"HS512":                 signed(sha512.New, secret, `{"alg":"HS512"}`, own),
		"HS256 that says RS256": signed(sha256.New, secret, `{"alg":"RS256"}`, own),
		"a list of algorithms":  signed(sha256.New, secret, `{"alg":["HS256","none"]}`, own),
		"algorithm twice":       signed(sha256.New, []byte("x"), `{"alg":"none","alg":"HS256"}`, own),
		"kid of an empty file":  signed(sha256.New, nil, `{"alg":"HS256","kid":"../../../dev/null"}`, own),
		"kid with SQL":          signed(sha256.New, []byte("x"), `{"alg":"HS256","kid":"' UNION SELECT 'x"}`, own),
		"jku of the attacker": signed(sha256.New, []byte("x"),
			`{"alg":"HS256","jku":"https://eve.example.org/keys"}`, own),
		"a key of its own":       signed(sha256.New, []byte("x"), `{"alg":"HS256","jwk":{"kty":"oct","k":"eA"}}`, own),
		"a key for cursors":      signed(sha256.New, keys.Derive("cursor")[0], `{"alg":"HS256"}`, own),
		"a key for nothing":      signed(sha256.New, keys.Derive("")[0], `{"alg":"HS256"}`, own),
		"a cursor":               cursor,
		"a header twice":         signed(sha256.New, secret, `{"alg":"HS256","alg":"HS256"}`, own),
		"an id twice":            signed(sha256.New, secret, `{"alg":"HS256"}`, strings.Replace(own, "{", `{"id":2,`, 1)),
		"an id in two spellings": signed(sha256.New, secret, `{"alg":"HS256"}`, strings.Replace(own, "{", `{"ID":2,`, 1)),
		"an end twice":           signed(sha256.New, secret, `{"alg":"HS256"}`, strings.Replace(own, "{", `{"exp":1,`, 1)),
		"something else twice": signed(sha256.New, secret, `{"alg":"HS256"}`,
			strings.Replace(own, "{", `{"x":1,"x":1,`, 1)),
		"another's address": signed(sha256.New, secret, `{"alg":"HS256"}`, claims(ann.ID, "admin@example.org")),
		"an unknown id":     signed(sha256.New, secret, `{"alg":"HS256"}`, claims(1<<62, ann.Email)),
		"a later generation": signed(sha256.New, secret, `{"alg":"HS256"}`,
			strings.Replace(own, "{", `{"gen":9223372036854775807,`, 1)),
		"encrypted":               "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA",
		"of more than 16 KiB":     parts[0] + "." + strings.Repeat("A", 16<<10) + "." + parts[2],
		"another's signature":     parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2])),
		"claims beside signature": parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(own)) + "." + parts[2],
	}
	for _, none := range []string{"none", "None", "NONE", "nOnE", "", " none", "none\\u0000"} {
		header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"` + none + `"}`))
		forged["alg "+none] = header + "." + base64.RawURLEncoding.EncodeToString([]byte(own)) + "."
		forged["signed alg "+none] = signed(sha256.New, secret, `{"alg":"`+none+`"}`, own)
	}
	for name, token := range forged {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read(t, a, token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
		})
	}
}

// TestCodesAndTokensAreNotEachOther checks that a code or token for one purpose is refused for any other.
func TestCodesAndTokensAreNotEachOther(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	ann := a.Register(t, "ann@example.org")
	a.Send(t, apptest.Request{Method: httpPost, Path: "/api/v1/password-reset/request",
		Body: `{"email":"ann@example.org"}`})
	for _, m := range a.Mails(t) {
		code := apptest.Code(t, m)
		read(t, a, code).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
		for _, secret := range []string{code, ann.Token} {
			if m.Kind == "verify_email" || secret == ann.Token {
				a.Send(t, apptest.Request{Method: httpPost, Path: "/api/v1/password-reset/confirm",
					Body: map[string]string{"code": secret, "password": "another"}}).
					Error(t, http.StatusBadRequest, "RESET_PASSWORD_CODE_NOT_VALID")
			}
			if m.Kind == "password_reset" || secret == ann.Token {
				a.Send(t, apptest.Request{Method: httpGet, Path: "/api/v1/verify-email?token=" + secret}).
					Error(t, http.StatusBadRequest, "EMAIL_VERIFY_CODE_NOT_VALID")
			}
		}
	}
}

// signed returns a token, built as RFC 7515 describes, with any header and claims.
func signed(sum func() hash.Hash, key []byte, header, claims string) string {
	text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(claims))
	mac := hmac.New(sum, key)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func read(t *testing.T, a *apptest.App, token string) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{Method: httpGet, Path: user, Token: token})
}
