package secrets

import (
	"encoding/binary"
	"sync"
	_ "unsafe" // for go:linkname
	"weak"

	_ "golang.org/x/crypto/argon2" // whose functions are linked
	"golang.org/x/crypto/blake2b"
)

// The cost of a new hash. OWASP's Password Storage Cheat Sheet recommends five costs of argon2id as equally strong,
// from 46 MiB in one pass to 7 MiB in five passes. The one with the least memory is the fastest when every processor
// computes a hash, since they share a cache.
const (
	argonMemory  = 7 * 1024 // KiB
	argonTime    = 5        // passes
	argonThreads = 1
	keyLength    = 32
)

// argonMode is argon2id in the hash: RFC 9106, 3.1.
const argonMode = 2

// argonBlock is a KiB of the memory that a hash fills.
type argonBlock [128]uint64

type argonBlocks [argonMemory]argonBlock

// argon computes hashes. It keeps the memory of finished hashes for later ones until the garbage collector next runs.
// argon2.IDKey instead allocates memory for each hash: while many people sign in, that takes a fifth more time, and a
// third more memory (BenchmarkSignIn and BenchmarkSize in app/loadtest). https://github.com/golang/go/issues/36634
// proposes a function that reuses memory.
type argon struct {
	mutex sync.Mutex
	free  []weak.Pointer[argonBlocks] // weak, so that idle memory is freed
}

// key is argon2.IDKey with the cost of a new hash.
func (a *argon) key(password, salt []byte) []byte {
	blocks := a.take() // given back only when it is all zero: not if a function below panics
	seed := initHash(password, salt, nil, nil, argonTime, argonMemory, argonThreads, keyLength, argonMode)
	var first [1024]byte
	for i := range blocks[:2] { // the first two blocks: RFC 9106, 3.2, steps 3 and 4
		binary.LittleEndian.PutUint32(seed[blake2b.Size:], uint32(i))
		blake2bHash(first[:], seed[:])
		for j := range blocks[i] {
			blocks[i][j] = binary.LittleEndian.Uint64(first[8*j:])
		}
	}
	processBlocks(blocks[:], argonTime, argonMemory, argonThreads, argonMode)
	key := extractKey(blocks[:], argonMemory, argonThreads, keyLength)
	clear(seed[:])
	clear(first[:])
	clear(blocks[:]) // processBlocks combines the blocks with what they contain
	a.give(blocks)
	return key
}

func (a *argon) take() *argonBlocks {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for len(a.free) > 0 {
		last := len(a.free) - 1
		blocks := a.free[last].Value()
		a.free = a.free[:last]
		if blocks != nil {
			return blocks
		}
	}
	return new(argonBlocks)
}

func (a *argon) give(blocks *argonBlocks) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.free = append(a.free, weak.Make(blocks))
}

// The steps of argon2.IDKey, which x/crypto does not export. If an upgrade changes them, the program does not link, or
// TestArgon fails; argon2.IDKey can then replace key.

//go:linkname initHash golang.org/x/crypto/argon2.initHash
func initHash(
	password, salt, key, data []byte, time, memory, threads, keyLength uint32, mode int,
) [blake2b.Size + 8]byte

//go:linkname blake2bHash golang.org/x/crypto/argon2.blake2bHash
func blake2bHash(out, in []byte)

//go:linkname processBlocks golang.org/x/crypto/argon2.processBlocks
func processBlocks(blocks []argonBlock, time, memory, threads uint32, mode int)

//go:linkname extractKey golang.org/x/crypto/argon2.extractKey
func extractKey(blocks []argonBlock, memory, threads, keyLength uint32) []byte
