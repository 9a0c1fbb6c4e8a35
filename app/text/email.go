package text

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// The maximum lengths in bytes of an address and its part before the @: RFC 5321, 4.5.3.1, with erratum 1690.
const (
	MaxEmail      = 254
	maxEmailLocal = 64
)

// ErrInvalidEmail is returned by CanonicalEmail for a string that is not an email address.
var ErrInvalidEmail = errors.New("is not a valid email address")

// CanonicalEmail returns the form in which an email address is stored, compared and mailed to: without surrounding
// white space, in Unicode normalisation form C (RFC 6532, 3.1), in lower case, with full-width and half-width letters
// replaced by those of the usual width (RFC 8265, 3.3.1), and with the domain in its ASCII form (IDNA, UTS 46). It is
// idempotent. It fails with ErrInvalidEmail for control and invisible characters, white space, quoted local parts,
// address literals, domains without a dot, and a canonical form over MaxEmail bytes.
func CanonicalEmail(address string) (string, error) {
	address = strings.TrimSpace(address)
	if len(address) > 4*MaxEmail || !utf8.ValidString(address) {
		return "", ErrInvalidEmail
	}
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return "", ErrInvalidEmail
	}
	local := FoldCase(width.Fold.String(address[:at]))
	domain, ok := canonicalDomain(address[at+1:])
	if !ok || !validLocal(local) || len(local)+1+len(domain) > MaxEmail {
		return "", ErrInvalidEmail
	}
	return local + "@" + domain, nil
}

// FoldCase returns text for comparison ignoring case: in lower case and normalisation form C. It converts to upper case
// first, since several small letters share a capital (σ and ς, s and ſ), and composes in between, since small i with a
// dot above has a capital of one character.
func FoldCase(text string) string {
	upper := norm.NFC.String(strings.ToUpper(norm.NFC.String(text)))
	return norm.NFC.String(strings.ToLower(upper))
}

// canonicalDomain returns the ASCII form of a domain, and false if it is not valid or if its ASCII form maps to
// another, which happens if the mapping yields characters to which it did not apply its rules.
func canonicalDomain(domain string) (string, bool) {
	ascii, err := domains.ToASCII(domain)
	if err != nil {
		return "", false
	}
	again, err := domains.ToASCII(ascii)
	dot := strings.LastIndexByte(ascii, '.')
	topLevel := ascii[dot+1:] // never all digits: RFC 3696, 2
	return ascii, err == nil && again == ascii && dot > 0 && strings.Trim(topLevel, "0123456789") != ""
}

// domains maps domains as browsers do before a look-up, and applies the DNS's rules.
var domains = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// validLocal reports whether local is a dot-atom (RFC 5322, 3.2.3), with letters of any script (RFC 6531).
func validLocal(local string) bool {
	if local == "" || len(local) > maxEmailLocal || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") ||
		strings.Contains(local, "..") {
		return false
	}
	for _, r := range local {
		if r < utf8.RuneSelf && !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+-/=?^_`{|}~", r) ||
			!unicode.IsPrint(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
			return false
		}
	}
	return true
}
