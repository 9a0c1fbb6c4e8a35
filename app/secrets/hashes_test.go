package secrets_test

import (
	"encoding/base64"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"guestlist/app/secrets"
)

func TestKnownHash(t *testing.T) {
	t.Parallel()
	made, err := secrets.NewPasswords(1).Hash(t.Context(), netip.Prefix{}, "123456")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := bcrypt.GenerateFromPassword([]byte("123456"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	crypted := string(raw)
	salt := base64.RawStdEncoding.EncodeToString(make([]byte, 200))
	for hash, want := range map[string]bool{
		made:    true,
		crypted: true,
		strings.Replace(crypted, "$2a$", "$2b$", 1): true,
		strings.Replace(crypted, "$2a$", "$2y$", 1): true,
		strings.Replace(crypted, "$2a$", "$2x$", 1): false,
		strings.Replace(crypted, "$04$", "$31$", 1): false, // would take days
		crypted[:59]:                           false,
		crypted + ".":                          false,
		"b'" + crypted + "'":                   false,
		crypted[:40] + "\u00e9" + crypted[42:]: false,
		"":                                     false,
		"123456":                               false,
		"$2":                                   false,
		strings.Replace(made, "argon2id", "argon2i", 1):  false,
		strings.Replace(made, "m=7168", "m=4194304", 1):  false,
		strings.Replace(made, "$v=19$", "$v=16$", 1):     false,
		strings.Replace(made, ",p=1$", ",p=1$"+salt, 1):  false, // longer than the column
		"pbkdf2:sha256:260000$abcdefgh$0123456789abcdef": false,
		"$argon2id$v=19$m=7168,t=5,p=1$c2FsdHNhbHQ$a2V5": false,
	} {
		if got := secrets.KnownHash(hash); got != want {
			t.Errorf("%q: got %v, want %v", hash, got, want)
		}
	}
}
