package secrets

import (
	"errors"
	"testing"
	"time"
)

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
		t.Errorf("%d tokens are cached, want %d", got, maxVerified)
	}
}

// TestTokensKeepNoRefusedOnes checks that refused tokens do not take the place of valid ones in the cache.
func TestTokensKeepNoRefusedOnes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)
	key := []byte("a key for tests, of more than 32 bytes")
	tokens := NewTokens(KeySet{key}, time.Hour, func() time.Time { return now })
	text, err := tokens.Issue(Claims{ID: 7})
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	if _, err := tokens.Verify(text); !errors.Is(err, ErrInvalidToken) {
		t.Errorf("an expired token: got %v, want %v", err, ErrInvalidToken)
	}
	if got := tokens.verified.Len(); got != 0 {
		t.Errorf("after an expired token: got %d cached tokens, want 0", got)
	}
}
