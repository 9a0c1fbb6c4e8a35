package users

import (
	"strings"
	"testing"

	"guestlist/app/text"
)

// TestKeysOfLongNames have room in an index and in a cursor, whatever folding makes of a name.
func TestKeysOfLongNames(t *testing.T) {
	t.Parallel()
	name := strings.Repeat("\U0001D160", maxName) // a note, of three characters in normalisation form C
	user := User{Email: "ann@example.org", Firstname: name, Lastname: name}
	if err := user.BeforeSave(nil); err != nil {
		t.Fatal(err)
	}
	folded, key := text.Fold(name), string(user.LastnameKey)
	if len(folded) <= 400 || len(key) != 400 || !strings.HasPrefix(folded, key) {
		t.Errorf("the key of a name of %d bytes has %d: %q", len(folded), len(key), key)
	}
	if want := "ann@example.org\x1f" + key + "\x1f" + key; string(user.SearchKey) != want {
		t.Errorf("got %q, want %q", user.SearchKey, want)
	}
	if key := nameKey(strings.Repeat("Ł", maxName)); string(key) != strings.Repeat("ł", maxName) {
		t.Errorf("of a name that fits it leaves %q", key)
	}
}
