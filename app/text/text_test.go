package text_test

import (
	"encoding/json"
	"testing"

	"guestlist/app/text"
)

// TestIsPlainJSON tries every ASCII character beside encoding/json. Others are never plain.
func TestIsPlainJSON(t *testing.T) {
	t.Parallel()
	for r := range rune(0x80) {
		line := "a" + string(r) + "b"
		encoded, err := json.Marshal(line)
		if err != nil {
			t.Fatal(err)
		}
		want := string(encoded) == `"`+line+`"` && r != 0x7f // which encoding/json writes as it is, too
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
