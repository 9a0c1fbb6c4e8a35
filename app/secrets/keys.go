package secrets

import (
	"crypto/hkdf"
	"crypto/sha256"
)

// Keys are the program's signing secrets: the current one and, while it is being replaced, the previous one. Each
// purpose has its own keys, so that a signature for one is never valid for another.
type Keys struct{ secrets KeySet }

// KeySet holds keys for one purpose: the first signs, and each of them verifies.
type KeySet [][]byte

// NewKeys returns Keys from a secret of at least 32 bytes. previous is the previous secret, or empty.
func NewKeys(secret, previous []byte) Keys {
	secrets := KeySet{secret}
	if len(previous) > 0 {
		secrets = append(secrets, previous)
	}
	return Keys{secrets}
}

// Tokens returns the keys for access tokens: the secrets themselves, because other programs may verify tokens with
// them.
func (k Keys) Tokens() KeySet { return k.secrets }

// Derive returns the keys for another purpose, 32 bytes each: HKDF with SHA-256 (RFC 5869) and the purpose as info.
func (k Keys) Derive(purpose string) KeySet {
	derived := make(KeySet, len(k.secrets))
	for i, secret := range k.secrets {
		key, err := hkdf.Key(sha256.New, secret, nil, "guestlist: "+purpose, sha256.Size)
		if err != nil {
			panic(err) // only for too great a length, or a secret shorter than the settings allow
		}
		derived[i] = key
	}
	return derived
}
