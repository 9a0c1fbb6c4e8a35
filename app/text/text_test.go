package text_test

import (
	"encoding/json"
	"testing"

	"guestlist/app/text"
)

// TestIsPlainJSON compares IsPlainJSON with encoding/json for every ASCII character. Other characters are never plain.
func TestIsPlainJSON(t *testing.T) {
	t.Parallel()
	for r := range rune(0x80) {
		line := "a" + string(r) + "b"
		encoded, err := json.Marshal(line)
		if err != nil {
			t.Fatal(err)
		}
		want := string(encoded) == `"`+line+`"` && r != 0x7f // encoding/json does not escape 0x7f, either
		if got := text.IsPlainJSON(line); got != want {
			t.Errorf("%q: got %t, want %t: encoding/json writes %s", line, got, want, encoded)
		}
	}
	for _, line := range []string{"é", "\u2028", "\xff", "👋"} {
		if text.IsPlainJSON(line) {
			t.Errorf("%q: got true, want false", line)
		}
	}
	if !text.IsPlainJSON("") {
		t.Error("an empty text: got false, want true")
	}
}
