package secrets_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"guestlist/app/secrets"
)

// TestTokenMembersTwice checks that tokens are refused, although signed with the right key, if they name a member
// twice, which parsers read differently.
func TestTokenMembersTwice(t *testing.T) {
	t.Parallel()
	again := func(member string) string { return strings.TrimSuffix(claims(nil), "}") + "," + member + "}" }
	for name, token := range map[string]string{
		"a claim twice":           sign(plainHeader, again(`"id":8`)),
		"a claim in another case": sign(plainHeader, again(`"ID":8`)),
		"an unknown claim twice":  sign(plainHeader, again(`"x":1,"X":2`)),
		"the algorithm twice":     sign(`{"alg":"HS256","alg":"HS256"}`, claims(nil)),
		"the type in two cases":   sign(`{"alg":"HS256","typ":"JWT","TYP":"JWT"}`, claims(nil)),
	} {
		got, err := newTokens().Verify(token)
		if !errors.Is(err, secrets.ErrInvalidToken) || got != (secrets.Claims{}) {
			t.Errorf("%s: got %+v, %v, want %v", name, got, err, secrets.ErrInvalidToken)
		}
	}
	if got, err := newTokens().Verify(sign(plainHeader, again(`"x":1`))); err != nil || got.ID != 7 {
		t.Errorf("an unknown claim: got %+v, %v, want the claims of id 7", got, err)
	}
}

func TestTokenTimesAreWholeSeconds(t *testing.T) {
	t.Parallel()
	now := noon.Add(time.Second - 1)
	tokens := secrets.NewTokens(secrets.KeySet{tokenKey}, 1500*time.Millisecond, func() time.Time { return now })
	text, err := tokens.Issue(secrets.Claims{ID: 7})
	if err != nil {
		t.Fatal(err)
	}
	now = noon
	got, err := tokens.Verify(text)
	if want := noon.Add(time.Second); err != nil || !got.IssuedAt.Equal(noon) || !got.ExpiresAt.Equal(want) {
		t.Errorf("got %v to %v, %v, want %v to %v", got.IssuedAt, got.ExpiresAt, err, noon, want)
	}
}

// TestPasswordsAreNotRightUnlessChecked checks that a password does not count as right if the wait for a processor ends
// before it is checked.
func TestPasswordsAreNotRightUnlessChecked(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ok, outdated, err := verify(ctx, secrets.NewPasswords(0), reference, "password")
	if ok || outdated || !errors.Is(err, secrets.ErrBusy) {
		t.Errorf("got ok %t, outdated %t, %v, want false, false, %v", ok, outdated, err, secrets.ErrBusy)
	}
}

// TestPasswordsQueueIsBounded joins the queue until it is full, each time from a new network, so that no place has to
// make way.
func TestPasswordsQueueIsBounded(t *testing.T) {
	t.Parallel()
	passwords := secrets.NewPasswords(0)
	const most = 64
	for i := range most + 1 {
		network := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(i), 0}), 24)
		place, err := passwords.Join(network)
		if err == nil {
			defer place.Leave()
		}
		if refused := errors.Is(err, secrets.ErrBusy); refused != (i == most) {
			t.Errorf("place %d: got %v, want ErrBusy for the one after %d and no other", i+1, err, most)
		}
	}
}

// TestKnownHashCosts tries the limits of the costs and lengths that a stored hash may have, and values just beyond
// them.
func TestKnownHashCosts(t *testing.T) {
	t.Parallel()
	const bcryptRest = "Fw0mH3HQsuidunlFrsGjReyZYg8kZ4ZnncawMgcFlDN6A/flp98dC"
	argon := func(memory, time, salt, key int) string {
		zeros := func(n int) string { return base64.RawStdEncoding.EncodeToString(make([]byte, n)) }
		return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=1$%s$%s", memory, time, zeros(salt), zeros(key))
	}
	for _, test := range []struct {
		name, hash string
		want       bool
	}{
		{"most memory", argon(256*1024, 2, 16, 32), true},
		{"more memory", argon(256*1024+1, 2, 16, 32), false},
		{"least memory", argon(1, 2, 16, 32), true},
		{"no memory", argon(0, 2, 16, 32), false},
		{"most time", argon(19456, 16, 16, 32), true},
		{"more time", argon(19456, 17, 16, 32), false},
		{"least time", argon(19456, 1, 16, 32), true},
		{"no time", argon(19456, 0, 16, 32), false},
		{"shortest salt", argon(19456, 2, 8, 32), true},
		{"a shorter salt", argon(19456, 2, 7, 32), false},
		{"a shorter key", argon(19456, 2, 16, 31), false},
		{"a longer key", argon(19456, 2, 16, 33), false},
		{"a salt that is not base64", strings.Replace(argon(19456, 2, 16, 32), "A$", "!$", 1), false},
		{"a key that is not base64", strings.TrimSuffix(argon(19456, 2, 16, 32), "A") + "!", false},
		{"associated data", strings.Replace(argon(19456, 2, 16, 32), "p=1$", "p=1,data=AA$", 1), false},
		{"more threads than a byte counts", strings.Replace(argon(19456, 2, 16, 32), "p=1$", "p=256$", 1), false},
		{"bcrypt's greatest cost", "$2b$14$" + bcryptRest, true},
		{"a greater cost of bcrypt's", "$2b$15$" + bcryptRest, false},
		{"an older version of bcrypt's", "$1b$12$" + bcryptRest, false},
		{"255 bytes", longHash(t, 255), true},
		{"256 bytes", longHash(t, 256), false},
	} {
		if got := secrets.KnownHash(test.hash); got != test.want {
			t.Errorf("%s: got %t, want %t: %s", test.name, got, test.want, test.hash)
		}
	}
}

// longHash returns an argon2id hash of length bytes, with as long a salt as that takes.
func longHash(t *testing.T, length int) string {
	t.Helper()
	for _, cost := range []string{"m=1024,t=2,p=1", "m=10240,t=2,p=1", "m=102400,t=2,p=1"} {
		for salt := range 200 {
			hash := "$argon2id$v=19$" + cost + "$" + base64.RawStdEncoding.EncodeToString(make([]byte, salt)) + "$" +
				base64.RawStdEncoding.EncodeToString(make([]byte, 32))
			if len(hash) == length {
				return hash
			}
		}
	}
	t.Fatalf("no hash of %d bytes", length)
	return ""
}

// TestShareProcessors is not parallel, since it changes GOMAXPROCS for the whole process.
func TestShareProcessors(t *testing.T) { //nolint:paralleltest // see above
	before := runtime.GOMAXPROCS(3)
	defer runtime.GOMAXPROCS(before)
	if got := secrets.ShareProcessors(); got != 3 {
		t.Errorf("processors: got %d, want 3", got)
	}
	if got := runtime.GOMAXPROCS(0); got != 6 {
		t.Errorf("GOMAXPROCS: got %d, want 6", got)
	}
}

// TestCursorLengths decodes cursors that are about as long as a signature.
func TestCursorLengths(t *testing.T) {
	t.Parallel()
	cursors := secrets.NewCursors(secrets.KeySet{[]byte("key")})
	for _, length := range []int{0, 1, 15, 16, 17} {
		var position int
		err := cursors.Decode("list", base64.RawURLEncoding.EncodeToString(make([]byte, length)), &position)
		if !errors.Is(err, secrets.ErrInvalidCursor) {
			t.Errorf("%d bytes: got %v, want %v", length, err, secrets.ErrInvalidCursor)
		}
	}
	if text, err := cursors.Encode("list", make(chan int)); err == nil {
		t.Errorf("a position that is not JSON: got %q, want an error", text)
	}
}
