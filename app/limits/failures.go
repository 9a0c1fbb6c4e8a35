package limits

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"
)

// LoginFailures is what is known of an account and a network from which it was tried, or of the account and all
// networks together. The account need not exist.
type LoginFailures struct {
	ID      string `gorm:"primaryKey;size:64"`                // failuresID: nobody can read addresses from it
	Account string `gorm:"size:64;not null;default:'';index"` // the ID of the row of the account and all networks
	// attempts that failed, and those whose password is being checked
	Failures   int        `gorm:"not null"`
	OpenAt     time.Time  `gorm:"not null"` // when the next attempt is let in
	ForgetAt   time.Time  `gorm:"not null"` // when the failures no longer count
	KnownUntil *time.Time // until when the network counts as one that the owner comes from
	ExpiresAt  time.Time  `gorm:"not null;index"` // when the row says nothing any more
}

// How failures are answered. What a row remembers lasts longer than the longest delay, so that waiting it out is not a
// fresh start.
const (
	firstDelay   = time.Second
	longestDelay = 15 * time.Minute
	forgetAfter  = time.Hour
	knownFor     = 30 * 24 * time.Hour
	everywhere   = 20 // times as many failures are free over all networks together
)

// delay is how long the next attempt has to wait after that many failures, of which the first few are free: not at all,
// then a second, and twice as long after each further one.
func delay(failures, free int) time.Duration {
	if failures < free {
		return 0
	}
	result := firstDelay
	for range failures - free {
		if result *= 2; result >= longestDelay {
			return longestDelay
		}
	}
	return result
}

// anyNetwork stands for all networks together.
var anyNetwork netip.Prefix

// failuresID names the row of an account, which is any text that stands for one, and a network.
func failuresID(account string, network netip.Prefix) string {
	hash := sha256.Sum256([]byte(network.String() + " " + account))
	return hex.EncodeToString(hash[:])
}
