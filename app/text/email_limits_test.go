package text_test

import (
	"strings"
	"testing"

	"guestlist/app/text"
)

// TestCanonicalEmailLimits tries addresses of exactly the maximum length, and of one byte more. The limit of 1016 bytes
// is on the given address, which may become shorter: soft hyphens (two bytes each) are removed from a domain.
func TestCanonicalEmailLimits(t *testing.T) {
	t.Parallel()
	local := strings.Repeat("l", 64)
	label := strings.Repeat("d", 63)
	hyphens := strings.Repeat("\u00ad", 500)
	for _, test := range []struct {
		name, address, want string // want is empty for an address that is refused
	}{
		{"local part of 64 bytes", local + "@b.co", local + "@b.co"},
		{"local part of 65 bytes", local + "l@b.co", ""},
		{"label of 63 bytes", "ann@" + label + ".co", "ann@" + label + ".co"},
		{"label of 64 bytes", "ann@" + label + "d.co", ""},
		{"address of 254 bytes", local + "@" + label + "." + label + "." + label[:61], // 64 + 1 + 63 + 1 + 63 + 1 + 61
			local + "@" + label + "." + label + "." + label[:61]},
		{"address of 255 bytes", local + "@" + label + "." + label + "." + label[:62], ""},
		{"1016 bytes that become 16", "anna@exam" + hyphens + "ple.org", "anna@example.org"},
		{"1017 bytes that become 17", "annas@exam" + hyphens + "ple.org", ""},
		{"local part of one byte", "a@b.co", "a@b.co"},
		{"name and top-level domain of one byte", "a@b.c", "a@b.c"},
	} {
		got, err := text.CanonicalEmail(test.address)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s: got %q, %v, want %q", test.name, got, err, test.want)
		}
	}
	if text.MaxEmail != 254 { // RFC 5321, 4.5.3.1.3, less the angle brackets
		t.Errorf("the longest address: got %d bytes, want 254", text.MaxEmail)
	}
}
