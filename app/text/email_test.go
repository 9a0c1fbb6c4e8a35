package text_test

import (
	"strings"
	"testing"

	"guestlist/app/text"
)

func TestCanonicalEmail(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"ann@example.org":           "ann@example.org",
		"\u00a0Ann@Example.ORG\n":   "ann@example.org",
		"a.n+n_x@sub.example.org":   "a.n+n_x@sub.example.org",
		"e\u0301va@example.org":     "\u00e9va@example.org",
		"\u00c9VA@example.org":      "\u00e9va@example.org",
		"ann@b\u00fccher.example":   "ann@xn--bcher-kva.example",
		"ann@XN--BCHER-KVA.example": "ann@xn--bcher-kva.example",
		"ann@bu\u0308cher.example":  "ann@xn--bcher-kva.example",
		"ann@example\u3002org":      "ann@example.org",
		"\u212aarl@example.org":     "karl@example.org", // the Kelvin sign is a K
		// both small sigmas have one capital
		"\u03bf\u03b4\u03cc\u03c2@b.co":                       "\u03bf\u03b4\u03cc\u03c3@b.co",
		"\u039f\u0394\u038c\u03a3@b.co":                       "\u03bf\u03b4\u03cc\u03c3@b.co",
		"\uff21\uff4e\uff4e\uff0e\uff11@b.co":                 "ann.1@b.co",
		"\uff36\uff49\uff50@\uff42.co":                        "vip@b.co",
		"\uff76\uff9e@b.co":                                   "\u30ac@b.co", // half width
		"i\u0307@b.co":                                        "i@b.co",
		"\u0130@b.co":                                         "i@b.co",
		"ann@" + strings.Repeat("a23456789.", 24) + "example": "ann@" + strings.Repeat("a23456789.", 24) + "example",
	} {
		got, err := text.CanonicalEmail(given)
		if err != nil || got != want {
			t.Errorf("%q: got %q, %v; want %q", given, got, err, want)
		}
		if again, err := text.CanonicalEmail(got); err != nil || again != got {
			t.Errorf("%q is not stable: got %q, %v; want it unchanged", got, again, err)
		}
	}
}

func TestCanonicalEmailRefuses(t *testing.T) {
	t.Parallel()
	for _, given := range []string{
		"", "@", "ann", "ann@", "@example.org", "ann@localhost", "ann@@example.org", "ann@example..org", "ann@.org",
		"ann@example.org.", "ann@-example.org", "ann@exam_ple.org", "ann@[127.0.0.1]", "a b@example.org", ".ann@example.org",
		"ann.@example.org", "a..n@example.org", "\"ann\"@example.org", "a,b@example.org", "a<b>@example.org",
		"ann@exam ple.org", "a\nBcc: b@example.org", "a\x00n@example.org", "a\u2028n@example.org", "a\u200bn@example.org",
		"ann@example.org\r\nBcc: b@example.net", "a\xffn@example.org", "ann\uff20example.org", "a\uff20b@example.org",
		"a\uff0c@example.org",
		"ann@1.2.3.4", "ann@example.123", "ann\ufe0f@example.org", "ann\u3164@example.org", "a@x\u2135y.co",
		"a@example.org\u3002",
		strings.Repeat("a", 65) + "@example.org",
		"ann@" + strings.Repeat("a23456789.", 25) + "example.org",
		"ann@" + strings.Repeat("a", 64) + ".org",
	} {
		if got, err := text.CanonicalEmail(given); err == nil {
			t.Errorf("%q was accepted as %q", given, got)
		}
	}
}

// TestCanonicalEmailLength tries addresses of exactly the maximum length in bytes, and of one byte more, which no other
// rule refuses.
func TestCanonicalEmailLength(t *testing.T) {
	t.Parallel()
	const label = "b234567890123456789012345678901234567890123456789012345678901" // 61 bytes
	domain := strings.Join([]string{label, label, label, "org"}, ".")             // 189 bytes
	local, accented := strings.Repeat("a", 64), strings.Repeat("\u00e9", 32)      // 64 bytes each
	for given, want := range map[string]string{
		local + "@" + domain:                         local + "@" + domain, // 254 bytes
		local + "@b" + domain:                        "",                   // 255 bytes
		accented + "@" + domain:                      accented + "@" + domain,
		accented + "@b" + domain:                     "",
		"  " + local + "@" + domain + "\n":           local + "@" + domain,
		strings.Repeat("\uff41", 64) + "@" + domain:  local + "@" + domain, // the limit is on the canonical form
		strings.Repeat("\uff41", 64) + "@b" + domain: "",
		strings.Repeat("a", 65) + "@" + domain[1:]:   "", // the local part has its own limit
		local + "@" + strings.ToUpper(domain):        local + "@" + domain,
	} {
		got, err := text.CanonicalEmail(given)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%d bytes, %q: got %q (%d bytes), %v; want %q", len(given), given, got, len(got), err, want)
		}
	}
}

// TestCanonicalEmailIsStable tries every character of the planes that have letters, on both sides of the @. It checks
// that the canonical form of an accepted address stays the same when it is made again or from another case.
func TestCanonicalEmailIsStable(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= 0x1ffff; r++ {
		letter := string(r)
		for address, others := range map[string][]string{
			"a" + letter + "@b.co":  {strings.ToLower("a" + letter + "@b.co"), strings.ToUpper("a" + letter + "@b.co")},
			"a@x" + letter + "y.co": nil, // IDNA has its own rules for equal domains
		} {
			canonical, err := text.CanonicalEmail(address)
			if err != nil {
				continue
			}
			for _, other := range append(others, canonical, strings.ToUpper(canonical)) {
				if again, err := text.CanonicalEmail(other); err != nil || again != canonical {
					t.Errorf("%q is %q, but %q: got %q, %v; want the same", address, canonical, other, again, err)
				}
			}
		}
	}
}

func FuzzCanonicalEmail(f *testing.F) {
	f.Add("Ann@Example.org")
	f.Add("e\u0301@b\u00fccher.example")
	f.Add("\u0130@example.org")
	f.Add("\u0430nn@ex\u0430mple.org")
	f.Add("a\r\nBcc: b@example.org")
	f.Add("\"a b\"@[127.0.0.1]")
	f.Add("a@xn--a.b.co")
	f.Fuzz(func(t *testing.T, address string) {
		canonical, err := text.CanonicalEmail(address)
		if err != nil {
			return
		}
		if again, err := text.CanonicalEmail(canonical); err != nil || again != canonical {
			t.Errorf("%q: %q is not stable: got %q, %v; want it unchanged", address, canonical, again, err)
		}
		if len(canonical) > text.MaxEmail || strings.ContainsAny(canonical, " \t\r\n\x00") {
			t.Errorf("%q: got %q, want at most %d bytes and no white space", address, canonical, text.MaxEmail)
		}
	})
}
