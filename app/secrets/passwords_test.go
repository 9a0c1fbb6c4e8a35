package secrets_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"

	"guestlist/app/secrets"
)

// verify checks a password without a network.
func verify(ctx context.Context, passwords *secrets.Passwords, hash, password string) (ok, outdated bool, err error) {
	place, err := passwords.Join(netip.Prefix{})
	if err != nil {
		return false, false, err
	}
	return place.Verify(ctx, hash, password)
}

func TestPasswordHash(t *testing.T) {
	t.Parallel()
	passwords := secrets.NewPasswords(2)
	for name, password := range map[string]string{
		"plain": "123456", "empty": "", "unicode": "pässwörd 🔑", "long": strings.Repeat("x", 256), "spaces": " 123456 ",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hash, err := passwords.Hash(t.Context(), netip.Prefix{}, password)
			if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=7168,t=5,p=1$") {
				t.Fatalf("got %s, %v; want an argon2id hash with the current cost", hash, err)
			}
			if ok, outdated, err := verify(t.Context(), passwords, hash, password); !ok || outdated || err != nil {
				t.Errorf("got ok %t, outdated %t, %v; want true, false, no error", ok, outdated, err)
			}
			if ok, _, _ := verify(t.Context(), passwords, hash, password+"x"); ok {
				t.Error("a longer password is accepted")
			}
			if again, _ := passwords.Hash(t.Context(), netip.Prefix{}, password); again == hash {
				t.Error("two hashes of one password are the same, as without a salt")
			}
		})
	}
}

// TestPasswordHashOutdated verifies hashes that each differ from a new one in one parameter.
func TestPasswordHashOutdated(t *testing.T) {
	t.Parallel()
	hash := func(memory, time uint32, threads uint8, salt string) string {
		base64 := base64.RawStdEncoding.EncodeToString
		return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", memory, time, threads, base64([]byte(salt)),
			base64(argon2.IDKey([]byte("123456"), []byte(salt), time, memory, threads, 32)))
	}
	const salt = "0123456789abcdef"
	for name, test := range map[string]struct {
		hash string
		want bool
	}{
		"nothing": {hash(7*1024, 5, 1, salt), false},
		"memory":  {hash(7*1024-8, 5, 1, salt), true},
		"time":    {hash(7*1024, 4, 1, salt), true},
		"threads": {hash(7*1024, 5, 2, salt), true},
		"salt":    {hash(7*1024, 5, 1, salt[1:]), true},
	} {
		ok, outdated, err := verify(t.Context(), secrets.NewPasswords(1), test.hash, "123456")
		if !ok || outdated != test.want || err != nil {
			t.Errorf("%s differs: got ok %t, outdated %t, %v; want true, %t, no error", name, ok, outdated, err, test.want)
		}
	}
}

// TestPasswordNormalised checks passwords with composed and decomposed letters.
func TestPasswordNormalised(t *testing.T) {
	t.Parallel()
	passwords := secrets.NewPasswords(2)
	const composed, decomposed = "p\u00e4ssw\u00f6rd", "pa\u0308sswo\u0308rd"
	asTyped := "$argon2id$v=19$m=7168,t=5,p=1$" + base64.RawStdEncoding.EncodeToString([]byte("0123456789abcdef")) + "$" +
		base64.RawStdEncoding.EncodeToString(argon2.IDKey([]byte(decomposed), []byte("0123456789abcdef"), 5, 7*1024, 1, 32))
	slow, err := bcrypt.GenerateFromPassword([]byte(decomposed), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	hashes := map[string]string{"before": asTyped, "bcrypt": string(slow)}
	for name, password := range map[string]string{"composed": composed, "decomposed": decomposed} {
		if hashes[name], err = passwords.Hash(t.Context(), netip.Prefix{}, password); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		hash, password string
		ok, outdated   bool
		cost           int64 // in hashes
	}{
		"composed twice":              {hashes["composed"], composed, true, false, 1},
		"decomposed when signing in":  {hashes["composed"], decomposed, true, false, 1},
		"decomposed when registering": {hashes["decomposed"], composed, true, false, 1},
		"decomposed twice":            {hashes["decomposed"], decomposed, true, false, 1},
		"stored before":               {hashes["before"], decomposed, true, true, 2},
		"stored before, with bcrypt":  {hashes["bcrypt"], decomposed, true, true, 2},
		"stored before, another":      {hashes["before"], composed, false, false, 1},
		"wrong":                       {hashes["composed"], composed + "x", false, false, 1},
		"wrong, no user":              {"", composed + "x", false, false, 1},
		"wrong, decomposed":           {hashes["composed"], decomposed + "x", false, true, 2},
		"wrong, decomposed, no user":  {"", decomposed + "x", false, true, 2},
	} {
		before := passwords.Computed()
		ok, outdated, err := verify(t.Context(), passwords, test.hash, test.password)
		if cost := passwords.Computed() - before; ok != test.ok || outdated != test.outdated || cost != test.cost ||
			err != nil {
			t.Errorf("%s: got ok %t, outdated %t, %d hashes, %v; want %t, %t, %d, no error", name, ok, outdated, cost, err,
				test.ok, test.outdated, test.cost)
		}
	}
}

// reference is the output of the reference implementation's argon2 command for "password" with the salt "somesalt".
const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"

func TestPasswordVerifyOtherCost(t *testing.T) {
	t.Parallel()
	ok, outdated, err := verify(t.Context(), secrets.NewPasswords(1), reference, "password")
	if !ok || !outdated || err != nil {
		t.Errorf("got ok %t, outdated %t, %v; want true, true, no error", ok, outdated, err)
	}
}

func TestPasswordVerifyDamaged(t *testing.T) {
	t.Parallel()
	passwords := secrets.NewPasswords(2)
	right, err := bcrypt.GenerateFromPassword([]byte("password"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	for name, hash := range map[string]string{
		"empty":         "",
		"plain text":    "123456",
		"cut":           reference[:40],
		"no key":        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$",
		"argon2i":       strings.Replace(reference, "argon2id", "argon2i", 1),
		"version":       strings.Replace(reference, "v=19", "v=16", 1),
		"no cost":       strings.Replace(reference, "t=2", "t=0", 1),
		"no threads":    strings.Replace(reference, "p=1", "p=0", 1),
		"all memory":    strings.Replace(reference, "m=65536", "m=4294967295", 1),
		"all time":      strings.Replace(reference, "t=2", "t=4294967295", 1),
		"not base64":    strings.Replace(reference, "c29t", "c2!t", 1),
		"bcrypt, old":   strings.Replace(string(right), "$2a$", "$1a$", 1),
		"bcrypt, cut":   "$2b$12$Fw0mH3HQsuidun",
		"bcrypt, years": "$2b$31$Fw0mH3HQsuidunlFrsGjReyZYg8kZ4ZnncawMgcFlDN6A/flp98dC",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if ok, _, err := verify(t.Context(), passwords, hash, "password"); ok || err != nil {
				t.Errorf("got ok %t, %v; want false, no error", ok, err)
			}
		})
	}
}

func TestPasswordsWaitNoLongerThanTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	passwords := secrets.NewPasswords(0) // no processor: every caller waits
	if _, err := passwords.Hash(ctx, netip.Prefix{}, "123456"); !errors.Is(err, secrets.ErrBusy) {
		t.Errorf("Hash: got %v, want ErrBusy", err)
	}
	if _, _, err := verify(ctx, passwords, "", "123456"); !errors.Is(err, secrets.ErrBusy) {
		t.Errorf("Verify: got %v, want ErrBusy", err)
	}
}

// BenchmarkPlace compares Hash, which takes a place in an empty queue, with argon2.IDKey, in turns.
func BenchmarkPlace(b *testing.B) {
	passwords := secrets.NewPasswords(2)
	salt := []byte("0123456789abcdef")
	var spent, yardstick time.Duration
	for b.Loop() {
		begin := time.Now()
		if _, err := passwords.Hash(b.Context(), netip.MustParsePrefix("203.0.113.9/32"), "123456"); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		argon2.IDKey([]byte("123456"), salt, 5, 7*1024, 1, 32)
		spent, yardstick = spent+middle.Sub(begin), yardstick+time.Since(middle)
	}
	b.ReportMetric(float64(yardstick.Nanoseconds())/float64(b.N), "yardstick-ns/op")
	b.ReportMetric(100*yardstick.Seconds()/spent.Seconds(), "%yardstick")
}
