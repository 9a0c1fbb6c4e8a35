package secrets

import (
	"bytes"
	"math/rand/v2"
	"sync"
	"testing"

	"golang.org/x/crypto/argon2"
)

// TestArgon compares keys with those of argon2.IDKey, while several goroutines share the memory.
func TestArgon(t *testing.T) {
	t.Parallel()
	var a argon
	var group sync.WaitGroup
	for i := range uint64(4) {
		group.Go(func() {
			random := rand.New(rand.NewPCG(20, i))
			for range 4 {
				password, salt := make([]byte, random.IntN(200)), make([]byte, 8+random.IntN(24))
				for _, b := range [][]byte{password, salt} {
					for j := range b {
						b[j] = byte(random.Uint32())
					}
				}
				want := argon2.IDKey(password, salt, argonTime, argonMemory, argonThreads, keyLength)
				if got := a.key(password, salt); !bytes.Equal(got, want) {
					t.Errorf("password %x, salt %x: got %x, want %x", password, salt, got, want)
				}
			}
		})
	}
	group.Wait()
}

// TestArgonWipesMemory checks that the memory of a hash is wiped, since what was left would change the next key.
func TestArgonWipesMemory(t *testing.T) {
	t.Parallel()
	var a argon
	blocks := a.take()
	a.give(blocks)
	a.key([]byte("123456"), make([]byte, saltLength))
	if a.take() != blocks || *blocks != (argonBlocks{}) {
		t.Error("the memory is not used again, or not wiped")
	}
}
