package secrets

import (
	"crypto/hkdf"
	"crypto/sha256"
)

// Keys are the secrets that everything the program signs rests on: the one in use, and while it is being replaced the
// one before. Each purpose has keys of its own, so that what was signed for one never passes for another.
type Keys struct{ secrets KeySet }

// KeySet holds keys for one purpose: the first signs, and each of them verifies.
type KeySet [][]byte

// NewKeys returns Keys from a secret of at least 32 bytes. previous is the one before, or empty.
func NewKeys(secret, previous []byte) Keys {
	secrets := KeySet{secret}
	if len(previous) > 0 {
		secrets = append(secrets, previous)
	}
	return Keys{secrets}
}

// Tokens returns the keys for access tokens: the secrets themselves, which others may have been given to verify them.
func (k Keys) Tokens() KeySet { return k.secrets }

// Derive returns the keys for another purpose, of 32 bytes each: HKDF with SHA-256 (RFC 5869), the purpose as its info.
func (k Keys) Derive(purpose string) KeySet {
	derived := make(KeySet, len(k.secrets))
	for i, secret := range k.secrets {
		key, err := hkdf.Key(sha256.New, secret, nil, "guestlist: "+purpose, sha256.Size)
		if err != nil {
			panic(err) // only of a length that is too great, or of a secret shorter than the settings allow
		}
		derived[i] = key
	}
	return derived
}
