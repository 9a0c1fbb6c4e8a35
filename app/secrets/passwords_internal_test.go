package secrets

import (
	"errors"
	"testing"
	"time"
)

func TestPasswordsTurnAwayWhoFindsTheQueueFull(t *testing.T) {
	t.Parallel()
	const processors = 3
	passwords := NewPasswords(processors)
	if cap(passwords.running) != processors {
		t.Errorf("%d hashes run at once on %d processors", cap(passwords.running), processors)
	}
	for range processors + 64 {
		passwords.admitted <- struct{}{}
	}
	if _, err := passwords.Hash(t.Context(), "123456"); !errors.Is(err, ErrBusy) {
		t.Errorf("Hash: %v", err)
	}
	if _, _, err := passwords.Verify(t.Context(), "", "123456"); !errors.Is(err, ErrBusy) {
		t.Errorf("Verify: %v", err)
	}
	<-passwords.admitted
	if _, err := passwords.Hash(t.Context(), "123456"); err != nil {
		t.Errorf("with a place free: %v", err)
	}
	if len(passwords.admitted) != processors+63 || len(passwords.running) != 0 {
		t.Errorf("%d places and %d processors taken", len(passwords.admitted), len(passwords.running))
	}
}

func TestTokensKeepABoundedNumber(t *testing.T) {
	t.Parallel()
	tokens := NewTokens(KeySet{[]byte("a key for tests, of more than 32 bytes")}, time.Hour, time.Now)
	for id := range int64(maxVerified + 100) {
		text, err := tokens.Issue(Claims{ID: id + 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tokens.Verify(text); err != nil {
			t.Fatal(err)
		}
	}
	if got := tokens.verified.Len(); got != maxVerified {
		t.Errorf("%d tokens are kept, want %d", got, maxVerified)
	}
}
