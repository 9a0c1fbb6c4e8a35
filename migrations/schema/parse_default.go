package schema

import (
	"regexp"
	"strconv"
	"strings"
)

// ParseDefault reads a default that is SQL: a plain literal is the same on every dialect, anything else is an
// expression.
func ParseDefault(text string) Default {
	switch strings.ToLower(text) {
	case "null":
		return Literal(nil)
	case "true", "false":
		return Literal(strings.EqualFold(text, "true"))
	}
	if tokens := Tokens(text); len(tokens) == 1 && tokens[0].Kind == StringToken {
		return Literal(strings.ReplaceAll(strings.Trim(text, "'"), "''", "'"))
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return Literal(n)
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil && number.MatchString(text) {
		return Literal(n)
	}
	return Expression(Both(text))
}

// number is a number in SQL; ParseFloat also takes words such as infinity.
var number = regexp.MustCompile(`^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$`)
