package secrets

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/golang-jwt/jwt/v5"
	lru "github.com/hashicorp/golang-lru/v2"
)

// Claims are the contents of a token: its user and its times. Whether the user still has the claimed rights is looked
// up in the database.
type Claims struct {
	ID                  int64
	Email               string
	IsAdmin             bool
	Generation          int64     // the user's token generation at issue; a later one ends the token
	TokenID             string    // unique, at most 64 characters
	IssuedAt, ExpiresAt time.Time // in whole seconds
}

// Tokens issues and verifies JSON Web Tokens (RFC 7519) signed with HMAC-SHA256 (RFC 7515), following the best current
// practice of RFC 8725: one algorithm, which the token does not choose; an expiry in every token; strict decoding. It
// is safe for concurrent use.
type Tokens struct {
	keys             KeySet       // the first signs
	macs             []*sync.Pool // of hash.Hash, one pool for each key: making one takes as long as using it
	verificationKeys jwt.VerificationKeySet
	lifetime         time.Duration
	now              func() time.Time
	parser           *jwt.Parser
	verified         cache
}

// cache maps hashes of tokens to their claims. It is an interface because its implementation is generic: as the type of
// a field, that would be compiled again in every package that imports this one, even indirectly.
type cache interface {
	Get(hash [sha256.Size]byte) (Claims, bool)
	Add(hash [sha256.Size]byte, claims Claims) (evicted bool)
	Len() int
}

// clockSkew is the tolerated difference between servers' clocks, so that other servers accept a new token immediately.
// It does not extend a token's lifetime.
const clockSkew = 10 * time.Second

// maxVerified is the maximum number of cached tokens, at some 300 bytes each.
const maxVerified = 4096

// NewTokens returns Tokens that are signed with keys, which must hold at least 32 bytes each (RFC 7518, 3.2), and
// expire after lifetime.
func NewTokens(keys KeySet, lifetime time.Duration, now func() time.Time) *Tokens {
	verified, err := lru.New[[sha256.Size]byte, Claims](maxVerified)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	t := &Tokens{
		keys: keys, lifetime: lifetime, now: now, verified: verified,
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
			jwt.WithExpirationRequired(),
			jwt.WithStrictDecoding(),
			jwt.WithTimeFunc(now),
		),
	}
	for _, key := range keys {
		t.verificationKeys.Keys = append(t.verificationKeys.Keys, key)
		t.macs = append(t.macs, &sync.Pool{New: func() any { return hmac.New(sha256.New, key) }})
	}
	return t
}

// Issue returns a token with the claims' user, a new id, and times from now.
func (t *Tokens) Issue(claims Claims) (string, error) {
	issued := t.now().Unix()
	expires := issued + int64(t.lifetime/time.Second)
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claimSet{
		ID: claims.ID, Email: claims.Email, IsAdmin: claims.IsAdmin, Generation: claims.Generation, TokenID: newTokenID(),
		IssuedAt: &issued, ExpiresAt: &expires,
	})
	text, err := token.SignedString(t.keys[0])
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return text, nil
}

// newTokenID returns 128 random bits in base64, which makes ids unique: RFC 7519, 4.1.7.
func newTokenID() string {
	var random [tokenIDSize]byte
	_, _ = rand.Read(random[:]) // never fails: https://pkg.go.dev/crypto/rand#Read
	return base64.RawURLEncoding.EncodeToString(random[:])
}

const tokenIDSize = 16 // bytes

// tokenID returns the id by which a token is revoked: its own if it is of newTokenID's form, else the token's hash.
func tokenID(own, text string) string {
	random, err := base64.RawURLEncoding.Strict().DecodeString(own)
	if err == nil && len(random) == tokenIDSize && len(own) == base64.RawURLEncoding.EncodedLen(tokenIDSize) {
		return own
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// ErrInvalidToken is returned for a string that is not a valid token.
var ErrInvalidToken = errors.New("invalid token")

// errNotSigned is the error of most refused tokens. It is made once.
var errNotSigned = fmt.Errorf("%w: the token is not valid", ErrInvalidToken)

// Verify returns the claims of a token that was signed with the keys and has not expired. Otherwise it fails with
// ErrInvalidToken; the error contains no part of the token.
func (t *Tokens) Verify(text string) (Claims, error) {
	whole := []byte(text)
	sum := sha256.Sum256(whole)
	if claims, ok := t.verified.Get(sum); ok && t.now().Before(claims.ExpiresAt) {
		return claims, nil
	}
	if !t.signed(whole) { // checked before parsing, which takes longer
		return Claims{}, errNotSigned
	}
	claims, err := t.parse(text)
	if err == nil {
		t.verified.Add(sum, claims)
	}
	return claims, err
}

func (t *Tokens) parse(text string) (Claims, error) {
	if strings.ContainsAny(text, "\r\n") { // base64's decoder skips them even when it is strict
		return Claims{}, fmt.Errorf("%w: the token contains a line break", ErrInvalidToken)
	}
	var claims claimSet
	_, err := t.parser.ParseWithClaims(text, &claims, func(*jwt.Token) (any, error) { return t.verificationKeys, nil })
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return Claims{}, fmt.Errorf("%w: the token has expired", ErrInvalidToken)
	case err != nil:
		return Claims{}, fmt.Errorf("%w: the token is not valid", ErrInvalidToken)
	case !unambiguous(text):
		return Claims{}, fmt.Errorf("%w: the token has a member twice", ErrInvalidToken)
	case claims.ID <= 0 || claims.IssuedAt == nil:
		return Claims{}, fmt.Errorf("%w: the token lacks a claim", ErrInvalidToken)
	case *claims.IssuedAt > t.now().Add(clockSkew).Unix():
		return Claims{}, fmt.Errorf("%w: the token is from the future", ErrInvalidToken)
	}
	return Claims{
		ID: claims.ID, Email: claims.Email, IsAdmin: claims.IsAdmin,
		Generation: claims.Generation, TokenID: tokenID(claims.TokenID, text),
		IssuedAt: time.Unix(*claims.IssuedAt, 0), ExpiresAt: time.Unix(*claims.ExpiresAt, 0),
	}, nil
}

// signed reports whether the last part of a token is a signature of the rest with one of the keys.
func (t *Tokens) signed(text []byte) bool {
	end := bytes.LastIndexByte(text, '.')
	if end < 0 || len(text)-end-1 != base64.RawURLEncoding.EncodedLen(sha256.Size) {
		return false
	}
	var signature [sha256.Size]byte
	if _, err := base64.RawURLEncoding.Strict().Decode(signature[:], text[end+1:]); err != nil {
		return false
	}
	return slices.ContainsFunc(t.macs, func(pool *sync.Pool) bool {
		mac := pool.Get().(hash.Hash) //nolint:forcetypeassert,errcheck // see macs
		defer pool.Put(mac)
		mac.Reset()
		_, _ = mac.Write(text[:end]) // never fails
		return hmac.Equal(mac.Sum(nil), signature[:])
	})
}

// unambiguous reports whether the header and the claims of a token have no duplicate members (RFC 7519, 4), ignoring
// case as the parser does, which takes the last of several.
func unambiguous(text string) bool {
	parts := strings.Split(text, ".")
	for _, part := range parts[:2] {
		data, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil {
			return false
		}
		var members map[string]jsontext.Value
		if err := json.Unmarshal(data, &members); err != nil { // rejects duplicate names
			return false
		}
		names := map[string]bool{}
		for name := range members {
			names[strings.ToLower(name)] = true
		}
		if len(names) < len(members) {
			return false
		}
	}
	return true
}

// claimSet is the JSON form of Claims. The times, in seconds since 1970, are plain integers because jwt.NumericDate
// also accepts fractions and numbers in strings. It implements jwt.Claims, for the parser's checks.
type claimSet struct {
	ID         int64  `json:"id"`
	Email      string `json:"email"`
	IsAdmin    bool   `json:"is_admin"`
	Generation int64  `json:"gen,omitempty"`
	TokenID    string `json:"jti,omitempty"`
	IssuedAt   *int64 `json:"iat"`
	ExpiresAt  *int64 `json:"exp"`
	NotBefore  *int64 `json:"nbf,omitempty"` // never issued, but respected
}

// absent is jwt.Claims's value for an absent claim.
var absent *jwt.NumericDate

// GetExpirationTime implements jwt.Claims.
func (c claimSet) GetExpirationTime() (*jwt.NumericDate, error) { return numericDate(c.ExpiresAt) }

// GetIssuedAt implements jwt.Claims.
func (c claimSet) GetIssuedAt() (*jwt.NumericDate, error) { return numericDate(c.IssuedAt) }

// GetNotBefore implements jwt.Claims.
func (c claimSet) GetNotBefore() (*jwt.NumericDate, error) { return numericDate(c.NotBefore) }

// GetIssuer implements jwt.Claims; our tokens have none.
func (claimSet) GetIssuer() (string, error) { return "", nil }

// GetSubject implements jwt.Claims; the id claim takes its place.
func (claimSet) GetSubject() (string, error) { return "", nil }

// GetAudience implements jwt.Claims; our tokens have none.
func (claimSet) GetAudience() (jwt.ClaimStrings, error) { return nil, nil }

// lastSecond is the end of the year 9999, the last that RFC 3339 can represent; anything later is a forgery or a
// mistake.
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
