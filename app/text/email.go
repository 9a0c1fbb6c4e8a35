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

// The lengths in bytes that RFC 5321 (4.5.3.1, with erratum 1690) leaves to an address and its part before the @.
const (
	MaxEmail      = 254
	maxEmailLocal = 64
)

// ErrInvalidEmail is what CanonicalEmail answers to everything that is no e-mail address.
var ErrInvalidEmail = errors.New("is not a valid email address")

// CanonicalEmail returns the one form in which an e-mail address is stored, compared and written to: without white
// space around it, in Unicode normalisation form C (RFC 6532, 3.1), in lower case, letters of full and half width as
// those of the usual width, which they look like (RFC 8265, 3.3.1), the domain as its ASCII form (IDNA, UTS 46).
// Canonical addresses stay as they are. Anything that cannot be an address is ErrInvalidEmail: control and invisible
// characters, white space, quoted local parts, address literals and domains without a dot, a length over 254 bytes.
func CanonicalEmail(address string) (string, error) {
	address = strings.TrimSpace(address)
	if len(address) > 4*MaxEmail || !utf8.ValidString(address) {
		return "", ErrInvalidEmail
	}
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return "", ErrInvalidEmail
	}
	local := Fold(width.Fold.String(address[:at]))
	domain, ok := canonicalDomain(address[at+1:])
	if !ok || !validLocal(local) || len(local)+1+len(domain) > MaxEmail {
		return "", ErrInvalidEmail
	}
	return local + "@" + domain, nil
}

// Fold returns text as it is compared where upper and lower case are the same: in lower case and normalisation form C.
// It goes through upper case, since several small letters share a capital (σ and ς, s and ſ), and composes in between,
// since small i with a dot above has a capital of one character.
func Fold(text string) string {
	upper := norm.NFC.String(strings.ToUpper(norm.NFC.String(text)))
	return norm.NFC.String(strings.ToLower(upper))
}

// canonicalDomain returns the ASCII form of a domain; false if it is none, or not the same when it is read again, which
// happens where the mapping yields characters whose rules it did not apply.
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

// domains maps domains as browsers do before a look-up, and checks them as the DNS does.
var domains = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// validLocal accepts a dot-atom: RFC 5322, 3.2.3, with the letters of every script (RFC 6531).
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
