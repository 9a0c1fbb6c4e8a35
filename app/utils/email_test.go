package utils_test

import (
	"strings"
	"testing"

	"guestlist/app/utils"
)

func TestCanonicalEmail(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"ann@example.org":                                     "ann@example.org",
		"\u00a0Ann@Example.ORG\n":                             "ann@example.org",
		"a.n+n_x@sub.example.org":                             "a.n+n_x@sub.example.org",
		"e\u0301va@example.org":                               "\u00e9va@example.org",
		"\u00c9VA@example.org":                                "\u00e9va@example.org",
		"ann@b\u00fccher.example":                             "ann@xn--bcher-kva.example",
		"ann@XN--BCHER-KVA.example":                           "ann@xn--bcher-kva.example",
		"ann@bu\u0308cher.example":                            "ann@xn--bcher-kva.example",
		"ann@example\u3002org":                                "ann@example.org",
		"\u212aarl@example.org":                               "karl@example.org", // the Kelvin sign is a K
		"ann@" + strings.Repeat("a23456789.", 24) + "example": "ann@" + strings.Repeat("a23456789.", 24) + "example",
	} {
		got, err := utils.CanonicalEmail(given)
		if err != nil || got != want {
			t.Errorf("%q: got %q, %v; want %q", given, got, err, want)
		}
		if again, err := utils.CanonicalEmail(got); err != nil || again != got {
			t.Errorf("%q is not stable: %q, %v", got, again, err)
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
		"ann@example.org\r\nBcc: b@example.net", "a\xffn@example.org", "ann\uff20example.org",
		strings.Repeat("a", 65) + "@example.org",
		"ann@" + strings.Repeat("a23456789.", 25) + "example.org",
		"ann@" + strings.Repeat("a", 64) + ".org",
	} {
		if got, err := utils.CanonicalEmail(given); err == nil {
			t.Errorf("%q passed as %q", given, got)
		}
	}
}

func FuzzCanonicalEmail(f *testing.F) {
	f.Add("Ann@Example.org")
	f.Add("e\u0301@b\u00fccher.example")
	f.Add("\u0130@example.org")
	f.Fuzz(func(t *testing.T, address string) {
		canonical, err := utils.CanonicalEmail(address)
		if err != nil {
			return
		}
		if again, err := utils.CanonicalEmail(canonical); err != nil || again != canonical {
			t.Errorf("%q: %q is not stable: %q, %v", address, canonical, again, err)
		}
		if len(canonical) > utils.MaxEmail || strings.ContainsAny(canonical, " \t\r\n\x00") {
			t.Errorf("%q: %q", address, canonical)
		}
	})
}
