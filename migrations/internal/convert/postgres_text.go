package convert

import "fmt"

// Patterns of the text that is converted to numbers and UUIDs. PostgreSQL reads more in some versions, and SQLite less:
// other text is refused on both.
const (
	wholeText  = `'^[-+]?[0-9]+$'`
	numberText = `'^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,3})?$'`
	uuidDigits = `[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`
	uuidText   = `'^([0-9a-fA-F]{32}|` + uuidDigits + `|[{]` + uuidDigits + `[}])$'`
)

// The words that PostgreSQL reads as a bool (https://www.postgresql.org/docs/current/datatype-boolean.html), with their
// abbreviations.
const (
	trueWords  = "'t', 'tr', 'tru', 'true', 'y', 'ye', 'yes', 'on', '1'"
	falseWords = "'f', 'fa', 'fal', 'fals', 'false', 'n', 'no', 'of', 'off', '0'"
)

// Limits of the floating-point types: from largest on, text is read as infinity; up to smallest, as 0.
var (
	largest  = map[string]string{"float4": "3.4028235677973366e38", "float8": "1.7976931348623158e308"}
	smallest = map[string]string{"float4": "7.006492321624085e-46", "float8": "2.4703282292062328e-324"}
)

// fromText returns the effect of parsing text. Text that SQLite would read differently is refused here as well.
func (p postgres) fromText() Effect {
	e := Effect{Unlike: true, Failure: p.isNo(), Using: p.using()}
	if p.from.Name == "bpchar" {
		p.sql += "::text" // drops trailing spaces
	}
	switch classOf(p.to) {
	case integer:
		e.Fails = p.unless("trim("+p.sql+")", wholeText, limitOf(p.is).outside(p.sql+"::numeric"))
	case number:
		p.textToNumber(&e)
	case boolean:
		e.Fails = fmt.Sprintf("lower(trim(%s)) NOT IN (%s)", p.sql, trueWords+", "+falseWords)
	case uuid:
		e.Fails = fmt.Sprintf("%s !~ %s", p.sql, uuidText)
	case bytes:
		return Effect{Using: e.Using}
	case moment:
		p.textToMoment(&e)
	case clock:
		e.Fails = fmt.Sprintf("%s !~ %s", p.sql, clockText(p.to.Name))
	case document:
		if p.to.Name == "jsonb" {
			e.Loss = jsonLoss(p.column)
		}
	}
	e.Kept = e.Fails != ""
	return e
}

// textToNumber refuses text that does not fit a floating-point number, which SQLite would store.
func (p postgres) textToNumber(e *Effect) {
	value := p.sql + "::numeric"
	float := p.to.Name
	if float == "numeric" {
		float = "float8"
	}
	fails := fmt.Sprintf("abs(%s) >= %s OR %s <> 0 AND abs(%s) <= %s", value, largest[float], value, value,
		smallest[float])
	switch {
	case p.to.Name != "numeric":
		e.Loss = fmt.Sprintf("rounds %s to %d digits", p.column, floatDigits[p.to.Name])
		e.Loses = p.where(fmt.Sprintf("NOT (%s) AND %s <> %s::%s::text::numeric", fails, value, p.sql, p.to.Name))
	case len(p.to.Args) > 0:
		rounded := fmt.Sprintf("round(%s, %d)", value, scale(p.to))
		e.Loss = fmt.Sprintf("rounds %s to %s", p.column, places(scale(p.to)))
		e.Loses = p.where(value + " <> " + rounded)
		fails += fmt.Sprintf(" OR abs(%s) >= 1e%d", rounded, digits(p.to))
	}
	e.Fails = p.unless("trim("+p.sql+")", numberText, fails)
}

// unless returns the condition of text that does not match the pattern or, if it does, meets the condition, which casts
// it: CASE checks the two in this order.
func (p postgres) unless(text, pattern, condition string) string {
	return fmt.Sprintf("%s IS NOT NULL AND CASE WHEN %s ~ %s THEN %s ELSE true END", p.sql, text, pattern, condition)
}

// where returns the condition of text that is a number and meets the condition.
func (p postgres) where(condition string) string {
	return fmt.Sprintf("CASE WHEN trim(%s) ~ %s THEN %s ELSE false END", p.sql, numberText, condition)
}
