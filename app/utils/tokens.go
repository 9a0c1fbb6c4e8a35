package utils

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Claims is what a token says: whom it was given to and when. Whether that person still has the power it speaks of, the
// database tells. The times are seconds since 1970.
type Claims struct {
	ID        int64  `json:"id"`
	Email     string `json:"email"`
	IsAdmin   bool   `json:"is_admin"`
	IssuedAt  *int64 `json:"iat"`
	ExpiresAt *int64 `json:"exp"`
}

// Tokens issues and verifies JSON Web Tokens (RFC 7519) signed with HMAC-SHA256 (RFC 7515), following the best current
// practice of RFC 8725: one algorithm, which the token does not choose; an expiry in every token; strict decoding. It is
// safe for concurrent use.
type Tokens struct {
	key      []byte
	lifetime time.Duration
	now      func() time.Time
	parser   *jwt.Parser

	mutex    sync.Mutex
	verified map[string]Claims // what was verified lately, by the token's text: nothing but its age can change
}

// maxVerified is how many tokens are remembered; at some 500 bytes each.
const maxVerified = 4096

// NewTokens returns Tokens that are signed with key, which must hold at least 32 bytes (RFC 7518, 3.2), and expire
// after lifetime.
func NewTokens(key []byte, lifetime time.Duration, now func() time.Time) *Tokens {
	return &Tokens{
		key: key, lifetime: lifetime, now: now, verified: map[string]Claims{},
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
			jwt.WithExpirationRequired(),
			jwt.WithIssuedAt(),
			jwt.WithStrictDecoding(),
			jwt.WithTimeFunc(now),
		),
	}
}

// Issue returns a token for the user.
func (t *Tokens) Issue(id int64, email string, isAdmin bool) (string, error) {
	issued := t.now().Unix()
	expires := issued + int64(t.lifetime/time.Second)
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, Claims{id, email, isAdmin, &issued, &expires})
	text, err := token.SignedString(t.key)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return text, nil
}

// Verify returns what a token says if this server signed it and it has not expired, else an error that is
// ErrNotAuthenticated and holds nothing of the token.
func (t *Tokens) Verify(text string) (Claims, error) {
	if claims, ok := t.recall(text); ok {
		return claims, nil
	}
	claims, err := t.parse(text)
	if err != nil {
		return Claims{}, err
	}
	t.remember(text, claims)
	return claims, nil
}

func (t *Tokens) recall(text string) (Claims, bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	claims, ok := t.verified[text]
	return claims, ok && t.now().Before(time.Unix(*claims.ExpiresAt, 0))
}

func (t *Tokens) remember(text string, claims Claims) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if len(t.verified) >= maxVerified {
		clear(t.verified)
	}
	t.verified[strings.Clone(text)] = claims // not the whole header that text is a part of
}

func (t *Tokens) parse(text string) (Claims, error) {
	if strings.ContainsAny(text, "\r\n") { // base64's decoder skips them even when it is strict
		return Claims{}, fmt.Errorf("%w: the token holds a line break", ErrNotAuthenticated)
	}
	var claims Claims
	_, err := t.parser.ParseWithClaims(text, &claims, func(*jwt.Token) (any, error) { return t.key, nil })
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return Claims{}, fmt.Errorf("%w: the token has expired", ErrNotAuthenticated)
	case err != nil:
		return Claims{}, fmt.Errorf("%w: the token is not valid", ErrNotAuthenticated)
	case claims.ID <= 0 || claims.IssuedAt == nil:
		return Claims{}, fmt.Errorf("%w: the token lacks a claim", ErrNotAuthenticated)
	}
	return claims, nil
}

// The rest is jwt.Claims, for the parser's checks. The times are plain integers because jwt.NumericDate also takes
// fractions and numbers in strings.

// absent is how jwt.Claims says that a claim is not there.
var absent *jwt.NumericDate

// GetExpirationTime implements jwt.Claims.
func (c Claims) GetExpirationTime() (*jwt.NumericDate, error) { return numericDate(c.ExpiresAt) }

// GetIssuedAt implements jwt.Claims.
func (c Claims) GetIssuedAt() (*jwt.NumericDate, error) { return numericDate(c.IssuedAt) }

// GetNotBefore implements jwt.Claims; our tokens have none.
func (Claims) GetNotBefore() (*jwt.NumericDate, error) { return absent, nil }

// GetIssuer implements jwt.Claims; our tokens have none.
func (Claims) GetIssuer() (string, error) { return "", nil }

// GetSubject implements jwt.Claims; the id says it.
func (Claims) GetSubject() (string, error) { return "", nil }

// GetAudience implements jwt.Claims; our tokens have none.
func (Claims) GetAudience() (jwt.ClaimStrings, error) { return nil, nil }

// lastSecond is the end of the year 9999, the last that RFC 3339 can write; what lies behind is a forgery or a mistake.
const lastSecond = 253402300799

func numericDate(seconds *int64) (*jwt.NumericDate, error) {
	if seconds == nil {
		return absent, nil
	}
	if *seconds < 0 || *seconds > lastSecond {
		return nil, jwt.ErrInvalidType
	}
	return jwt.NewNumericDate(time.Unix(*seconds, 0)), nil
}
