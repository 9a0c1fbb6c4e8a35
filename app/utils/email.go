package utils

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// The lengths in bytes that RFC 5321 (4.5.3.1, with erratum 1690) leaves to an address and its part before the @.
const (
	MaxEmail      = 254
	maxEmailLocal = 64
)

// ErrInvalidEmail is what CanonicalEmail answers to everything that is no e-mail address.
var ErrInvalidEmail = errors.New("is not a valid email address")

// CanonicalEmail returns the one form in which an e-mail address is stored, compared and written to: without white
// space around it, in Unicode normalisation form C (RFC 6532, 3.1), in lower case, the domain as its ASCII form
// (IDNA, UTS 46). Canonical addresses stay as they are. Anything that cannot be an address is ErrInvalidEmail: control
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
	local := norm.NFC.String(strings.ToLower(norm.NFC.String(address[:at])))
	domain, err := domains.ToASCII(address[at+1:])
	if err != nil || !strings.Contains(domain, ".") || strings.HasSuffix(domain, ".") || !validLocal(local) {
		return "", ErrInvalidEmail
	}
	canonical := local + "@" + domain
	if len(canonical) > MaxEmail {
		return "", ErrInvalidEmail
	}
	return canonical, nil
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
			!unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
