package settings

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	keyFile         = "secret_key"
	minKey          = 32 // bytes: RFC 7518, 3.2
	minKeyDiversity = 8  // distinct bytes: even 32 random hexadecimal digits have more
	keyAdvice       = "set it to at least 32 random bytes, such as the output of: openssl rand -hex 32"
)

// Key returns a secret key of at least 32 bytes, or nil if it is not set.
func (s *Settings) Key(name string) []byte {
	key := s.Text(name, "")
	if key == "" {
		return nil
	}
	return s.checkedKey(name, key)
}

// RequiredKey is Key for a key that must be set.
func (s *Settings) RequiredKey(name string) []byte {
	if s.Text(name, "") == "" {
		s.Failf(name, "is not set; %s", keyAdvice)
	}
	return s.Key(name)
}

// StoredKey is Key with a default: a random key, generated once and stored in the directory.
func (s *Settings) StoredKey(name, directory string) []byte {
	if s.Text(name, "") != "" {
		return s.Key(name)
	}
	stored, err := storedKey(directory)
	if err != nil {
		s.Failf(name, "%v", err)
		return nil
	}
	return s.checkedKey(name, stored)
}

func (s *Settings) checkedKey(name, key string) []byte {
	if problem := weakness(key); problem != "" {
		s.Failf(name, "%s; %s", problem, keyAdvice)
	}
	return []byte(key)
}

// weakness returns why a key is guessable, or "": it is too short, has few distinct bytes, repeats itself, or contains
// a word from an example.
func weakness(key string) string {
	different := map[byte]bool{}
	for _, b := range []byte(key) {
		different[b] = true
	}
	switch {
	case len(key) < minKey:
		return fmt.Sprintf("is shorter than %d bytes", minKey)
	case len(different) < minKeyDiversity || repeats(key):
		return "is too regular to be secret"
	}
	for _, word := range []string{"secret", "changeme", "change-me", "change_me", "password", "filler", "example"} {
		if strings.Contains(strings.ToLower(key), word) {
			return fmt.Sprintf("contains the word %s and is not random", word)
		}
	}
	return ""
}

// repeats reports whether text, shifted by some bytes, matches itself for more bytes than by chance.
func repeats(text string) bool {
	const chance = 6
	for period := 1; period+chance <= len(text); period++ {
		if strings.HasPrefix(text, text[period:]) {
			return true
		}
	}
	return false
}

// storedKey returns the key in the directory, which it generates if there is none. Programs that start at the same time
// get the same key.
func storedKey(directory string) (string, error) {
	path := filepath.Join(directory, keyFile)
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return "", fmt.Errorf("is not set, and the one stored in %s can be read by others: chmod 600, or delete it for "+
			"a new one", path)
	}
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(path); err != nil {
			return "", fmt.Errorf("is not set, and none can be stored in %s: %w", path, err)
		}
		key, err = os.ReadFile(path)
	}
	if err != nil {
		return "", fmt.Errorf("is not set, and the stored one cannot be read: %w", err)
	}
	return strings.TrimSpace(string(key)), nil
}

// makeKey writes a new key to a temporary file and links it to path, so that no program reads half a key. If another
// program has linked its key first, that one is kept.
func makeKey(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), keyFile+".*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // the link remains
	var random [minKey]byte
	_, _ = rand.Read(random[:]) // never fails: https://pkg.go.dev/crypto/rand#Read
	_, err = fmt.Fprintln(file, base64.RawURLEncoding.EncodeToString(random[:]))
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
