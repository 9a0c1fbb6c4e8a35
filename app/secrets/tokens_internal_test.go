package secrets

import (
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
