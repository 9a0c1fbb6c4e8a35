package schema

import (
	"regexp"
	"strconv"
	"strings"
)

// ParseDefault parses a default written in SQL. A plain literal becomes that value; anything else is an expression, the
// same on every dialect.
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

// number matches a number in SQL. ParseFloat alone would accept words such as infinity.
var number = regexp.MustCompile(`^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$`)
