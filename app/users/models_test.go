package users

import (
	"strings"
	"testing"

	"guestlist/app/text"
)

// TestKeysOfLongNames checks that keys fit into an index even if the forms of the names are many times as long.
func TestKeysOfLongNames(t *testing.T) {
	t.Parallel()
	// a note, a phrase, and letters with marks
	for _, letter := range []string{"\U0001D160", "\ufdfa", "\u0390", "Ǖ", "王"} {
		name := strings.Repeat(letter, maxName)
		user := User{Email: strings.Repeat("ß", 64) + "@example.org", Firstname: name, Lastname: name}
		if err := user.BeforeSave(nil); err != nil {
			t.Fatal(err)
		}
		const most, row = 1100, 2600 // bytes in a cursor, and in a row of a PostgreSQL index
		if s, l := len(user.SearchKey), len(user.LastnameKey); s > most || l > most || s+l > row {
			t.Errorf("of %s the search key has %d bytes, the other %d", letter, s, l)
		}
	}
	name := strings.Repeat("Ł", maxName)
	user := User{Email: "ann@example.org", Firstname: name, Lastname: name}
	if err := user.BeforeSave(nil); err != nil {
		t.Fatal(err)
	}
	if form := text.SearchForm(name); string(user.SearchKey) != "\x01ann@example.org\x1f"+form+"\x1f"+form {
		t.Errorf("of a name that fits it leaves %q", user.SearchKey)
	}
}
