package secrets_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"guestlist/app/secrets"
)

var (
	tokenKey = []byte("a key for tests, of more than 32 bytes")
	noon     = time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)
)

func newTokens() *secrets.Tokens {
	return secrets.NewTokens(secrets.KeySet{tokenKey}, time.Hour, func() time.Time { return noon })
}

func TestTokenIssue(t *testing.T) {
	t.Parallel()
	text, err := newTokens().Issue(secrets.Claims{ID: 7, Email: "ann@example.org", IsAdmin: true, Generation: 3})
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(text, ".")
	header, _ := base64.RawURLEncoding.DecodeString(parts[0])
	claims, _ := base64.RawURLEncoding.DecodeString(parts[1])
	if string(header) != `{"alg":"HS256","typ":"JWT"}` {
		t.Errorf("got the header %s, want HS256 and JWT", header)
	}
	want := fmt.Sprintf(`^{"id":7,"email":"ann@example.org","is_admin":true,"gen":3,"jti":"([\w-]{22})","iat":%d,`+
		`"exp":%d}$`, noon.Unix(), noon.Unix()+3600)
	jti := regexp.MustCompile(want).FindStringSubmatch(string(claims))
	if jti == nil {
		t.Errorf("got the claims %s, want %s", claims, want)
	}
	got, err := newTokens().Verify(text)
	if err != nil || got.ID != 7 || got.Email != "ann@example.org" || !got.IsAdmin || got.Generation != 3 || jti != nil &&
		got.TokenID != jti[1] {
		t.Errorf("got %+v, %v; want the issued claims and the id %v", got, err, jti)
	}
}

// sign returns a token with the header and the claims, signed with the right key (RFC 7515).
func sign(header, claims string) string {
	return signEncoded(base64.RawURLEncoding.EncodeToString([]byte(header)) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(claims)))
}

// signEncoded is sign for text that is the encoded header and claims.
func signEncoded(text string) string {
	mac := hmac.New(sha256.New, tokenKey)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

const plainHeader = `{"alg":"HS256","typ":"JWT"}`

func claims(changes map[string]any) string {
	all := map[string]any{"id": 7, "email": "ann@example.org", "is_admin": false, "iat": noon.Unix(),
		"exp": noon.Unix() + 60}
	for name, value := range changes {
		if all[name] = value; value == nil {
			delete(all, name)
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func TestTokenVerifyRefuses(t *testing.T) {
	t.Parallel()
	good := sign(plainHeader, claims(nil))
	if _, err := newTokens().Verify(good); err != nil {
		t.Fatalf("the token that the others are made from is refused: %v", err)
	}
	signed := func(method jwt.SigningMethod, key any) string {
		text, err := jwt.NewWithClaims(method, jwt.MapClaims{"id": 7, "iat": noon.Unix(), "exp": noon.Unix() + 60}).
			SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	parts := strings.Split(good, ".")
	last := good[len(good)-1]
	for name, token := range map[string]string{
		"empty":               "",
		"two parts":           parts[0] + "." + parts[1],
		"four parts":          good + ".x",
		"none":                signed(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType),
		"none, no signature":  base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"None"}`)) + "." + parts[1] + ".",
		"NONE, our signature": sign(`{"alg":"NONE"}`, claims(nil)),
		"no algorithm":        sign(`{}`, claims(nil)),
		"algorithm a number":  sign(`{"alg":256}`, claims(nil)),
		"hs256":               sign(`{"alg":"hs256"}`, claims(nil)),
		"HS384":               signed(jwt.SigningMethodHS384, tokenKey),
		"HS512":               signed(jwt.SigningMethodHS512, tokenKey),
		"RS256":               sign(`{"alg":"RS256"}`, claims(nil)),
		"another key":         signed(jwt.SigningMethodHS256, []byte("another key, also longer than 32 bytes")),
		"an empty key":        signed(jwt.SigningMethodHS256, []byte{}),
		"no signature":        parts[0] + "." + parts[1] + ".",
		"cut signature":       good[:len(good)-2],
		"padded":              good + "=",
		"malleated last bits": good[:len(good)-1] + string(malleated(last)),
		"line break":          good + "\n",
		"signed line break":   signEncoded(parts[0] + "." + parts[1][:8] + "\n" + parts[1][8:]),
		"other claims": parts[0] + "." +
			base64.RawURLEncoding.EncodeToString([]byte(claims(map[string]any{"id": 1}))) + "." + parts[2],
		"expired":           sign(plainHeader, claims(map[string]any{"exp": noon.Unix() - 1})),
		"expires now":       sign(plainHeader, claims(map[string]any{"exp": noon.Unix()})),
		"no exp":            sign(plainHeader, claims(map[string]any{"exp": nil})),
		"exp 0":             sign(plainHeader, claims(map[string]any{"exp": 0})),
		"exp negative":      sign(plainHeader, claims(map[string]any{"exp": -1})),
		"exp a string":      sign(plainHeader, claims(map[string]any{"exp": fmt.Sprint(noon.Unix() + 60)})),
		"exp a fraction":    sign(plainHeader, claims(map[string]any{"exp": float64(noon.Unix()) + 60.5})),
		"exp huge":          sign(plainHeader, claims(map[string]any{"exp": int64(1) << 62})),
		"exp beyond int64":  sign(plainHeader, claims(map[string]any{"exp": 1e30})),
		"nbf in the future": sign(plainHeader, claims(map[string]any{"nbf": noon.Unix() + 30})),
		"iat in the future": sign(plainHeader, claims(map[string]any{"iat": noon.Unix() + 30})),
		"no iat":            sign(plainHeader, claims(map[string]any{"iat": nil})),
		"iat a string":      sign(plainHeader, claims(map[string]any{"iat": "0"})),
		"no id":             sign(plainHeader, claims(map[string]any{"id": nil})),
		"id 0":              sign(plainHeader, claims(map[string]any{"id": 0})),
		"id negative":       sign(plainHeader, claims(map[string]any{"id": -7})),
		"id a string":       sign(plainHeader, claims(map[string]any{"id": "7"})),
		"id a fraction":     sign(plainHeader, claims(map[string]any{"id": 7.5})),
		"is_admin a string": sign(plainHeader, claims(map[string]any{"is_admin": "true"})),
		"claims a list":     sign(plainHeader, `[]`),
		"trailing claims":   sign(plainHeader, claims(nil)+"{}"),
		"header with kid":   sign(`{"alg":"none","kid":"../../dev/null"}`, claims(nil)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := newTokens().Verify(token)
			if !errors.Is(err, secrets.ErrInvalidToken) {
				t.Fatalf("got %+v, %v; want ErrInvalidToken", got, err)
			}
			if got != (secrets.Claims{}) {
				t.Errorf("a refused token: got the claims %+v, want none", got)
			}
			if len(token) > 10 && strings.Contains(err.Error(), token[:10]) {
				t.Errorf("the error shows the token: %v", err)
			}
		})
	}
}

// malleated returns a base64url character that differs from last only in the bits that a signature of 32 bytes leaves
// unused: a lenient decoder reads the same signature.
func malleated(last byte) byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, last)^1]
}

func TestTokenVerifyAllowsClocksToDiffer(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int64]bool{0: true, 10: true, 11: false} {
		_, err := newTokens().Verify(sign(plainHeader, claims(map[string]any{"iat": noon.Unix() + seconds})))
		if (err == nil) != want {
			t.Errorf("issued %d seconds ahead: got %v, want it to be valid: %t", seconds, err, want)
		}
	}
}

// TestTokenTimeLimits tries the first and the last time that a token may have, and times just beyond them: RFC 3339
// ends with the year 9999.
func TestTokenTimeLimits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		claim   string
		seconds int64
		want    bool
	}{
		{"exp", 253402300799, true}, {"exp", 253402300800, false}, {"nbf", 0, true}, {"nbf", -1, false}, {"iat", 0, true},
	} {
		got, err := newTokens().Verify(sign(plainHeader, claims(map[string]any{test.claim: test.seconds})))
		if (err == nil) != test.want {
			t.Errorf("%s %d: got %+v, %v, want it to be valid: %t", test.claim, test.seconds, got, err, test.want)
		}
	}
}

// TestTokenVerifyAgain verifies a token twice, and again after it has expired.
func TestTokenVerifyAgain(t *testing.T) {
	t.Parallel()
	now := noon
	tokens := secrets.NewTokens(secrets.KeySet{tokenKey}, time.Hour, func() time.Time { return now })
	text, err := tokens.Issue(secrets.Claims{ID: 7, Email: "ann@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		after time.Duration
		good  bool
	}{{0, true}, {time.Hour - 1, true}, {time.Hour, false}} {
		now = noon.Add(step.after)
		if claims, err := tokens.Verify(text); (err == nil) != step.good || step.good && claims.ID != 7 {
			t.Errorf("after %v: got %+v, %v, want it to be good: %v", step.after, claims, err, step.good)
		}
	}
}

// BenchmarkTokenVerify verifies tokens in turn. Its sub-benchmarks are named after their number of tokens, which may be
// smaller or greater than that of cached ones.
func BenchmarkTokenVerify(b *testing.B) {
	for _, count := range []int{1, 4000, 8192} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			b.ReportAllocs()
			tokens := newTokens()
			issued := make([]string, count)
			for i := range issued {
				var err error
				if issued[i], err = tokens.Issue(secrets.Claims{ID: int64(i + 1), Email: "ann@example.org"}); err != nil {
					b.Fatal(err)
				}
			}
			for i := 0; b.Loop(); i++ {
				id := int64(i%count + 1)
				if claims, err := tokens.Verify(issued[i%count]); err != nil || claims.ID != id {
					b.Fatalf("got %+v, %v; want the ID %d, no error", claims, err, id)
				}
			}
		})
	}
}

// TestTokenRotation checks that a token signed with the previous key is valid, and that one signed with the key of
// another purpose is not.
func TestTokenRotation(t *testing.T) {
	t.Parallel()
	keys := secrets.NewKeys([]byte("the next key, also of more than 32 bytes"), tokenKey)
	now := func() time.Time { return noon }
	rotated := secrets.NewTokens(keys.Tokens(), time.Hour, now)
	old := sign(plainHeader, claims(nil))
	if _, err := rotated.Verify(old); err != nil {
		t.Errorf("signed with the previous key: got %v, want no error", err)
	}
	fresh, err := rotated.Issue(secrets.Claims{ID: 7})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rotated.Verify(fresh); err != nil {
		t.Errorf("signed with the new key: got %v, want no error", err)
	}
	if _, err := newTokens().Verify(fresh); !errors.Is(err, secrets.ErrInvalidToken) {
		t.Errorf("verified with the previous key alone: got %v, want ErrInvalidToken", err)
	}
	foreign, err := secrets.NewTokens(keys.Derive("cursor"), time.Hour, now).Issue(secrets.Claims{ID: 7})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rotated.Verify(foreign); !errors.Is(err, secrets.ErrInvalidToken) {
		t.Errorf("signed with the key of another purpose: got %v, want ErrInvalidToken", err)
	}
}

// TestTokenID checks that a token's ID is its jti if that has the form of this program's, and otherwise a hash of the
// token, so that stored IDs have a bounded length.
func TestTokenID(t *testing.T) {
	t.Parallel()
	const ours = "AAECAwQFBgcICQoLDA0ODw"
	seen := map[string]bool{}
	for _, jti := range []any{ours, nil, "", "x", ours + "A", ours[:21] + "x", ours[:10] + "\n" + ours[10:],
		ours[:20] + "\n\n", strings.Repeat("A", 5000), "a\x00b"} {
		got, err := newTokens().Verify(sign(plainHeader, claims(map[string]any{"jti": jti})))
		if err != nil || (got.TokenID == ours) != (jti == ours) || got.TokenID != ours && len(got.TokenID) != 64 ||
			seen[got.TokenID] && jti != "" {
			t.Errorf("%q: got the ID %q, %v; want the jti if it has our form, otherwise a new hash", jti, got.TokenID, err)
		}
		seen[got.TokenID] = true
	}
	if _, err := newTokens().Verify(sign(plainHeader, claims(map[string]any{"jti": 5}))); err == nil {
		t.Error("a number is accepted as jti")
	}
	if _, err := newTokens().Verify(sign(plainHeader, claims(map[string]any{"gen": "1"}))); err == nil {
		t.Error("a string is accepted as gen")
	}
}

// FuzzToken checks that only a signed token is valid.
func FuzzToken(f *testing.F) {
	good := sign(plainHeader, claims(nil))
	parts := strings.Split(good, ".")
	for _, text := range []string{good, "", "..", good + "=", parts[0] + "." + parts[1] + ".", parts[2] + "." + parts[1] +
		"." + parts[0], "Bearer " + good} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := newTokens().Verify(text); err == nil && text != good {
			t.Errorf("%q was accepted as %+v", text, got)
		} else if err != nil && !errors.Is(err, secrets.ErrInvalidToken) {
			t.Errorf("got the error %v, want ErrInvalidToken", err)
		}
	})
}

// FuzzTokenVerify signs arbitrary headers and claims: a valid signature alone does not make a valid token.
func FuzzTokenVerify(f *testing.F) {
	f.Add(plainHeader, claims(nil))
	f.Add(`{"alg":"none"}`, claims(nil))
	f.Add(`{"alg":"HS256","alg":"none"}`, claims(map[string]any{"exp": 1e30}))
	f.Add(plainHeader, claims(map[string]any{"exp": "1", "iat": -1, "id": 1.5}))
	f.Add(plainHeader, `{"id":7,"ID":8,"iat":0,"exp":253402300799}`)
	f.Fuzz(func(t *testing.T, header, body string) {
		got, err := newTokens().Verify(sign(header, body))
		if err == nil && (got.ID <= 0 || !got.ExpiresAt.After(noon) || got.IssuedAt.After(noon.Add(10*time.Second))) {
			t.Errorf("%s %s was accepted as %+v, want an ID, expiry after %s, and issue before", header, body, got, noon)
		}
	})
}
