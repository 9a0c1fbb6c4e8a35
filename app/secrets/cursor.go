// Package secrets creates and checks password hashes, access tokens, list cursors, and the keys that sign them.
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

// ErrInvalidCursor is returned for a string that Encode did not return for the same list.
var ErrInvalidCursor = errors.New("is not a cursor of this list")

// Cursors encode the position after which a page of a list continues. A cursor is signed, so that clients cannot forge
// one, and bound to its list, so that it is not valid for another order or search.
type Cursors struct{ keys KeySet }

// cursorMAC is how many bytes of its HMAC a cursor carries.
const cursorMAC = 16

// NewCursors returns Cursors signed with keys.
func NewCursors(keys KeySet) *Cursors { return &Cursors{keys} }

// Encode returns the cursor for a position in a list. position must be encodable as JSON.
func (c *Cursors) Encode(list string, position any) (string, error) {
	payload, err := json.Marshal(position)
	if err != nil {
		return "", fmt.Errorf("write a cursor: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(append(cursorSum(c.keys[0], list, payload), payload...)), nil
}

// Decode reads the position from a cursor that Encode returned for the list, or fails with ErrInvalidCursor.
func (c *Cursors) Decode(list, cursor string, position any) error {
	data, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(data) < cursorMAC || strings.ContainsAny(cursor, "\r\n") { // the decoder skips \r and \n
		return ErrInvalidCursor
	}
	sum, payload := data[:cursorMAC], data[cursorMAC:]
	for _, key := range c.keys {
		if hmac.Equal(sum, cursorSum(key, list, payload)) {
			if err := json.Unmarshal(payload, position); err != nil {
				return ErrInvalidCursor // from an older version of the program
			}
			return nil
		}
	}
	return ErrInvalidCursor
}

// cursorSum signs the list's hash, which has a fixed length, so that no two pairs of list and payload have the same
// input.
func cursorSum(key []byte, list string, payload []byte) []byte {
	name := sha256.Sum256([]byte(list))
	mac := hmac.New(sha256.New, key)
	mac.Write(name[:])
	mac.Write(payload)
	return mac.Sum(nil)[:cursorMAC]
}
