// Package secrets makes and checks what must not be guessed or forged: hashes of passwords, access tokens, cursors, and
// the keys that they rest on.
package secrets

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// ErrInvalidCursor is returned for everything that Encode did not return for the same list.
var ErrInvalidCursor = errors.New("is not a cursor of this list")

// Cursors turn the place where a page of a list ends into a text and back. The text is signed, so that nobody makes one
// up, and for one list, so that a place in one order or search does not pass in another.
type Cursors struct{ keys KeySet }

// cursorMAC is how many bytes of its HMAC a cursor carries.
const cursorMAC = 16

// NewCursors returns Cursors signed with keys.
func NewCursors(keys KeySet) *Cursors { return &Cursors{keys} }

// Encode returns the cursor for a position, a value that can be written as JSON, in a list.
func (c *Cursors) Encode(list string, position any) (string, error) {
	payload, err := json.Marshal(position)
	if err != nil {
		return "", fmt.Errorf("write a cursor: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(append(cursorSum(c.keys[0], list, payload), payload...)), nil
}

// Decode reads the position out of a cursor that Encode returned for the list, or fails with ErrInvalidCursor.
func (c *Cursors) Decode(list, cursor string, position any) error {
	data, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(data) < cursorMAC || strings.ContainsAny(cursor, "\r\n") { // which the decoder skips
		return ErrInvalidCursor
	}
	sum, payload := data[:cursorMAC], data[cursorMAC:]
	for _, key := range c.keys {
		if hmac.Equal(sum, cursorSum(key, list, payload)) {
			if err := json.Unmarshal(payload, position); err != nil {
				return ErrInvalidCursor // of an older program
			}
			return nil
		}
	}
	return ErrInvalidCursor
}

// cursorSum signs the list by its hash, so that no list and payload read like others run together.
func cursorSum(key []byte, list string, payload []byte) []byte {
	name := sha256.Sum256([]byte(list))
	mac := hmac.New(sha256.New, key)
	mac.Write(name[:])
	mac.Write(payload)
	return mac.Sum(nil)[:cursorMAC]
}
