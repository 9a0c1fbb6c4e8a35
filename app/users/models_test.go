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
			t.Errorf("the keys of %s have %d and %d bytes, want at most %d each and %d in all", letter, s, l, most, row)
		}
	}
	name := strings.Repeat("Ł", maxName)
	user := User{Email: "ann@example.org", Firstname: name, Lastname: name}
	if err := user.BeforeSave(nil); err != nil {
		t.Fatal(err)
	}
	form := text.SearchForm(name)
	if got, want := string(user.SearchKey), "\x01ann@example.org\x1f"+form+"\x1f"+form; got != want {
		t.Errorf("a name that fits: got the search key %q, want %q", got, want)
	}
}
