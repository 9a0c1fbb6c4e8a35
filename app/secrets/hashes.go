package secrets

import "regexp"

// maxHash is the maximum length of a stored hash in bytes.
const maxHash = 255

// bcryptHash matches a bcrypt hash, but not $2x$, whose implementation had a bug that changed the password's bytes
// (https://www.openwall.com/lists/announce/2011/07/17/1).
var bcryptHash = regexp.MustCompile(`^\$2[aby]?\$[0-9]{2}\$[./A-Za-z0-9]{53}$`)

// KnownHash reports whether Verify can check passwords against a hash from another program: bcrypt or argon2id, up to
// the maximum costs.
func KnownHash(hash string) bool {
	if len(hash) > maxHash {
		return false
	}
	if _, ok := parseArgon(hash); ok {
		return true
	}
	return bcryptHash.MatchString(hash) && isBcrypt(hash)
}
