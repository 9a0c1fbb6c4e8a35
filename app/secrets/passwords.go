package secrets

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/text/unicode/norm"

	"guestlist/app/turns"
)

// saltLength is the length of a new hash's salt in bytes.
const saltLength = 16

// The maximum cost of a stored hash, so that a damaged row cannot exhaust the server's memory.
const (
	maxArgonMemory = 256 * 1024 // KiB
	maxArgonTime   = 16
	maxBcryptCost  = 14
)

// waitingHashes is how many passwords may wait for a processor. At some 30 ms each, the last waits a second on two
// processors.
const waitingHashes = 64

// ShareProcessors doubles GOMAXPROCS and returns its former value, which is how many passwords should be hashed at
// once. Otherwise, while every processor computes a hash, Go's scheduler makes all other requests wait for the 10 ms of
// a hash's time slice; with twice as many, the operating system shares the processors without that wait. A server calls
// it once, before NewPasswords.
func ShareProcessors() int {
	processors := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(2 * processors)
	return processors
}

// Passwords hashes and checks passwords: argon2id in PHC form; it also checks bcrypt hashes from Flask-Bcrypt. A hash
// takes 7 MiB and a processor for a while, so only as many run at once as there are processors, and only a bounded
// number waits; further callers get ErrBusy immediately. Client networks share both fairly: see turns.Queue. Passwords
// is safe for concurrent use.
//
// An outdated hash (bcrypt, or argon2id at another cost) takes its own time, which reveals an account that has not
// signed in since it was imported or since the cost was changed; avoiding that would make every failure as slow.
type Passwords struct {
	queue    *turns.Queue
	argon    argon
	computed atomic.Int64
}

// NewPasswords returns a Passwords that computes up to processors hashes at once.
func NewPasswords(processors int) *Passwords {
	return &Passwords{queue: turns.NewQueue(processors, waitingHashes)}
}

// Computed returns the number of hashes computed so far.
func (p *Passwords) Computed() int64 { return p.computed.Load() }

// Stats returns the statistics of the queue for the processors.
func (p *Passwords) Stats() turns.Stats { return p.queue.Stats() }

// ErrBusy is returned when too many passwords wait to be hashed.
var ErrBusy = errors.New("too many passwords wait to be hashed")

// Place is a place in the queue for hashing one password. The caller must call Leave.
type Place struct {
	*turns.Place

	passwords *Passwords
}

// Join takes a place for a password from a network; the zero Prefix means no network. It fails with ErrBusy when too
// many others wait. An unused place does not delay others.
func (p *Passwords) Join(network netip.Prefix) (*Place, error) {
	place, err := p.queue.Join(network)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return &Place{place, p}, nil
}

// Normalise returns a password in Unicode normalisation form C, so that it does not depend on the keyboard: NIST SP
// 800-63B, 5.1.1.2.
func Normalise(password string) string { return norm.NFC.String(password) }

// Hash returns a new hash of password in its normal form. network is the client's. It fails with ErrBusy when too many
// others wait, or when ctx ends.
func (p *Passwords) Hash(ctx context.Context, network netip.Prefix, password string) (string, error) {
	leave, err := p.queue.Enter(ctx, network)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBusy, err)
	}
	defer leave()
	password = Normalise(password)
	salt := make([]byte, saltLength)
	_, _ = rand.Read(salt) // never fails: https://pkg.go.dev/crypto/rand#Read
	h := argonHash{memory: argonMemory, time: argonTime, threads: argonThreads, salt: salt}
	h.key = p.derive(h, password)
	return h.String(), nil
}

// Verify reports whether password matches hash, and if so, whether hash is outdated and should be replaced by a new
// one. Unless the hash is outdated, the cost of a wrong password depends on password alone: an empty hash (for an
// unknown user) or a damaged one takes as long and never matches. A password that is not in its normal form costs two
// hashes, since older hashes are of passwords as typed. Verify consumes the place. It fails with ErrBusy if the place
// was given to another network, or when ctx ends.
func (p *Place) Verify(ctx context.Context, hash, password string) (ok, outdated bool, err error) {
	defer p.Leave()
	if err := p.Wait(ctx); err != nil {
		return false, false, fmt.Errorf("%w: %w", ErrBusy, err)
	}
	normal := Normalise(password)
	if ok, outdated = p.passwords.compare(hash, normal); ok || normal == password {
		return ok, outdated, nil
	}
	ok, _ = p.passwords.compare(hash, password)
	return ok, true, nil
}

// compare is Verify for a password without normalisation.
func (p *Passwords) compare(hash, password string) (ok, outdated bool) {
	if isBcrypt(hash) {
		// Flask-Bcrypt and this function both see the first 72 bytes of a password; the new hash sees all of it.
		p.computed.Add(1)
		return bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil, true
	}
	stored, valid := parseArgon(hash)
	if !valid {
		stored = argonHash{memory: argonMemory, time: argonTime, threads: argonThreads, salt: make([]byte, saltLength)}
	}
	key := p.derive(stored, password)
	ok = valid && subtle.ConstantTimeCompare(key, stored.key) == 1
	return ok, stored.outdated()
}

// derive computes the argon2id key.
func (p *Passwords) derive(h argonHash, password string) []byte {
	p.computed.Add(1)
	if h.current() {
		return p.argon.key([]byte(password), h.salt)
	}
	return argon2.IDKey([]byte(password), h.salt, h.time, h.memory, h.threads, keyLength)
}

// argonHash is an argon2id hash: PHC string format, $argon2id$v=19$m=…,t=…,p=…$salt$key.
type argonHash struct {
	memory, time uint32
	threads      uint8
	salt, key    []byte
}

func (h argonHash) outdated() bool { return !h.current() || len(h.salt) != saltLength }

// current reports whether h has the cost of a new hash.
func (h argonHash) current() bool {
	return h.memory == argonMemory && h.time == argonTime && h.threads == argonThreads
}

func (h argonHash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$%s$%s$%s", argon2.Version, h.cost(),
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.key))
}

// argonCost is the format of a hash's cost.
const argonCost = "m=%d,t=%d,p=%d"

func (h argonHash) cost() string { return fmt.Sprintf(argonCost, h.memory, h.time, h.threads) }

func parseArgon(text string) (h argonHash, ok bool) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, false
	}
	_, _ = fmt.Sscanf(parts[3], argonCost, &h.memory, &h.time, &h.threads) // ignores what follows
	if parts[3] != h.cost() {
		return h, false
	}
	var saltErr, keyErr error
	h.salt, saltErr = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	h.key, keyErr = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	ok = saltErr == nil && keyErr == nil && len(h.salt) >= 8 && len(h.key) == keyLength &&
		0 < h.memory && h.memory <= maxArgonMemory && 0 < h.time && h.time <= maxArgonTime && h.threads > 0
	return h, ok
}

// isBcrypt reports whether hash is a bcrypt hash ($2b$12$…) with a cost of at most maxBcryptCost.
func isBcrypt(hash string) bool {
	if !strings.HasPrefix(hash, "$2") {
		return false
	}
	cost, err := bcrypt.Cost([]byte(hash))
	return err == nil && cost <= maxBcryptCost
}
