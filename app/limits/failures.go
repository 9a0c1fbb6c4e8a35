package limits

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"
)

// LoginFailures counts failed sign-ins to an account from one network, or from all networks together. The account need
// not exist.
type LoginFailures struct {
	ID      string `gorm:"primaryKey;size:64"`                // failuresID, a hash that hides the address
	Account string `gorm:"size:64;not null;default:'';index"` // the ID of the account's row for all networks
	// failed attempts, and those whose password is being checked
	Failures   int        `gorm:"not null"`
	OpenAt     time.Time  `gorm:"not null"` // when the next attempt is allowed
	ForgetAt   time.Time  `gorm:"not null"` // when the failures no longer count
	KnownUntil *time.Time // when the network stops being known as the owner's
	ExpiresAt  time.Time  `gorm:"not null;index"` // when the row has no effect any more
}

// The delays after failures. A row outlives the longest delay, so that waiting it out is not a fresh start.
const (
	firstDelay   = time.Second
	longestDelay = 15 * time.Minute
	forgetAfter  = time.Hour
	knownFor     = 30 * 24 * time.Hour
	globalFactor = 20 // the free failures over all networks, as a multiple of those per network
)

// delay returns how long the next attempt has to wait after a number of failures: 0 for fewer than free, then a second,
// and twice as long after each further failure, up to longestDelay.
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

// anyNetwork is the network of the row that counts the failures from all networks.
var anyNetwork netip.Prefix

// failuresID returns the ID of the row for an account, which may be any string, and a network.
func failuresID(account string, network netip.Prefix) string {
	hash := sha256.Sum256([]byte(network.String() + " " + account))
	return hex.EncodeToString(hash[:])
}
