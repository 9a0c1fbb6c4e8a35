package users

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"guestlist/app/secrets"
)

// maxPassword is the maximum length of a password in bytes. Passwords are never truncated.
const maxPassword = 256

// PasswordRules are the rules for new passwords, applied to their normal form. Any characters are allowed.
type PasswordRules struct {
	MinLength  int  // in characters
	DenyCommon bool // refuse easily guessed passwords: common words, rows of keys, and the address itself
}

// passwordProblem is the reason for refusing a password: the name of a word on the pages, or passwordFine.
type passwordProblem string

const (
	passwordFine    passwordProblem = ""
	passwordMissing passwordProblem = "password_missing"
	passwordText    passwordProblem = "password_text"
	passwordShort   passwordProblem = "password_short"
	passwordLong    passwordProblem = "password_long"
	passwordAddress passwordProblem = "password_address"
	passwordCommon  passwordProblem = "password_common"
)

// problem returns what is wrong with a password for the account with the address.
func (r PasswordRules) problem(password, email string) passwordProblem {
	password = secrets.Normalise(password)
	switch {
	case password == "":
		return passwordMissing
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return passwordText // no request can contain it
	case utf8.RuneCountInString(password) < r.MinLength:
		return passwordShort
	case len(password) > maxPassword:
		return passwordLong
	case r.DenyCommon && isAddress(password, email):
		return passwordAddress
	case r.DenyCommon && isCommon(password):
		return passwordCommon
	}
	return passwordFine
}

// check returns what is wrong with a password for the account with the address, in words that follow the field's name,
// or "".
func (r PasswordRules) check(password, email string) string {
	switch r.problem(password, email) {
	case passwordMissing:
		return "is required"
	case passwordText:
		return "must be valid UTF-8 without the character U+0000"
	case passwordShort:
		return fmt.Sprintf("must have at least %d characters", r.MinLength)
	case passwordLong:
		return fmt.Sprintf("must have at most %d bytes", maxPassword)
	case passwordAddress:
		return "must not be the email address"
	case passwordCommon:
		return "is one of the most common passwords"
	}
	return ""
}

// isAddress reports whether a password is the address or its part before the @.
func isAddress(password, email string) bool {
	local, _, _ := strings.Cut(email, "@")
	return strings.EqualFold(password, email) || strings.EqualFold(password, local)
}

//go:embed common_passwords.txt
var commonPasswordsFile string

// commonPasswords are the words that passwords are commonly made of, in lower case.
var commonPasswords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq(commonPasswordsFile) {
		words[word] = true
	}
	return words
})

// decoration is the maximum number of characters after a common word that do not make it stronger: dragon!, Dragon1987.
const decoration = 4

// isCommon reports whether a password, ignoring case, is a common one, a common one followed by digits or punctuation,
// or one of a kind too numerous for a list: a row of keys, a count, or a few characters repeated.
func isCommon(password string) bool {
	password = strings.ToLower(password)
	word := strings.TrimRightFunc(password, func(r rune) bool { return !unicode.IsLetter(r) })
	return commonPasswords()[password] || repeats(password) || isRow(password) ||
		len(password)-len(word) <= decoration && (commonPasswords()[word] || repeats(word))
}

// repeats reports whether text is one, two or three characters repeated, perhaps cut off at the end.
func repeats(text string) bool {
	characters := []rune(text)
	for period := 1; period <= 3 && 2*period <= len(characters); period++ {
		if string(characters[period:]) == string(characters[:len(characters)-period]) {
			return true
		}
	}
	return false
}

// rows are sequences of neighbouring keys.
var rows = []string{
	"01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl",
	"zxcvbnm", "yxcvbnm",
	"qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
	"qawsedrftgyhujikolp", "qazwsxedcrfvtgbyhnujm",
}

// isRow reports whether text is a piece of a row, in either direction, or two pieces joined.
func isRow(text string) bool {
	const least = 3
	for cut := least; cut <= len(text); cut++ {
		if isPiece(text[:cut]) && (cut == len(text) || len(text)-cut >= least && isPiece(text[cut:])) {
			return true
		}
	}
	return false
}

func isPiece(text string) bool {
	reversed := []byte(text)
	for i, j := 0, len(reversed)-1; i < j; i, j = i+1, j-1 {
		reversed[i], reversed[j] = reversed[j], reversed[i]
	}
	for _, row := range rows {
		if strings.Contains(row, text) || strings.Contains(row, string(reversed)) {
			return true
		}
	}
	return false
}
