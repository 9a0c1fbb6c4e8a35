package convert

import "fmt"

// fromText returns the effect of parsing text as PostgreSQL does, and refuses the same text. SQLite keeps text that is
// not a number in a numeric column. There, text is larger than any number
// (https://www.sqlite.org/datatype3.html#comparison_expressions); in a comparison with a number, it is converted first
// if possible.
func (s sqlite) fromText() Effect {
	e := Effect{Unlike: true, Failure: s.isNo()}
	switch s.toClass {
	case integer:
		signed := fmt.Sprintf("trim(%s)", s.sql)
		figures := fmt.Sprintf("ltrim(%s, '+-')", signed)
		e.Fails = fmt.Sprintf("%s = '' OR %s GLOB '*[^0-9]*' OR %s GLOB '[-+][-+]*' OR typeof(%s + 0) = 'real' OR %s",
			figures, figures, signed, s.sql, limitOf(s.is).outside("CAST("+s.sql+" AS integer)"))
	case number:
		s.textToNumber(&e)
	case boolean:
		word := "lower(trim(" + s.sql + "))"
		e.Using = fmt.Sprintf("%s IN (%s)", word, trueWords)
		e.Fails = fmt.Sprintf("%s NOT IN (%s)", word, trueWords+", "+falseWords)
	case moment:
		s.textToMoment(&e)
	case clock:
		s.textToClock(&e)
	case document:
		e.Fails = fmt.Sprintf("NOT json_valid(%s)", s.sql)
		if s.to.Name == "jsonb" { // jsonb cannot hold it
			e.Fails += fmt.Sprintf(" OR instr(%s, '\\u0000') > 0", s.sql)
		}
	case uuid:
		s.textToUUID(&e)
	case bytes:
		return Effect{Using: "CAST(" + s.sql + " AS blob)"}
	default:
		return Effect{}
	}
	if e.Using != "" { // an offline script, which cannot refuse, keeps invalid text
		e.Using = fmt.Sprintf("CASE WHEN %s THEN %s ELSE %s END", e.Fails, s.sql, e.Using)
	}
	return e
}

// textToNumber refuses text that would become infinity or 0, and reports the loss of digits that a floating-point
// number does not keep.
func (s sqlite) textToNumber(e *Effect) {
	limit := "9e999"
	if s.to.Name == "float4" {
		limit = largest["float4"]
	}
	signed := fmt.Sprintf("trim(%s)", s.sql)
	mantissa := fmt.Sprintf("substr(%s, 1, instr(lower(%s) || 'e', 'e') - 1)", signed, signed)
	e.Fails = fmt.Sprintf("%s >= CAST(%s AS real) OR %s <= CAST(-%s AS real) OR %s = CAST(0 AS real) AND %s "+
		"GLOB '*[1-9]*'",
		s.sql, limit, s.sql, limit, s.sql, mantissa)
	if s.to.Name == "float4" {
		e.Fails += fmt.Sprintf(" OR abs(CAST(%s AS real)) <= %s AND %s GLOB '*[1-9]*'", s.sql, smallest["float4"], mantissa)
	}
	e.Loss = fmt.Sprintf("rounds numbers of %s that have more than %s", s.column, digitsInWords(floatDigits["float8"]))
	e.Loses = fmt.Sprintf("length(trim(ltrim(replace(%s, '.', ''), '+-'), '0')) > %d", mantissa, floatDigits["float8"])
	if s.toStores == storesNumeric { // whole numbers stay exact
		e.Loses = fmt.Sprintf("typeof(%s + 0) = 'real' AND %s", s.sql, e.Loses)
	}
}

// textToClock keeps the text of a time of day, for which SQLite has no type, and refuses any other text.
func (s sqlite) textToClock(e *Effect) {
	second := fmt.Sprintf("time(substr(%s, 1, 8), '+0 days') IS substr(%s, 1, 8)", s.sql, s.sql)
	rest := fmt.Sprintf("substr(%s, 9)", s.sql)
	if s.to.Name == "timetz" {
		whole := fmt.Sprintf("%s || CASE WHEN %s GLOB '*[-+][0-9][0-9]' THEN ':00' ELSE '' END", s.sql, rest)
		e.Fails = fmt.Sprintf("%s IS NOT NULL AND NOT (%s AND %s GLOB '*[-+]*' AND %s NOT GLOB '*[^-+.:0-9]*' AND time(%s) "+
			"IS NOT NULL)",
			s.sql, second, rest, rest, whole)
		return
	}
	e.Fails = fmt.Sprintf("%s IS NOT NULL AND NOT (strftime('%%H:%%M', %s, '+0 days') IS %s OR %s AND (%s = '' OR "+
		"%s GLOB '.[0-9]*' AND substr(%s, 10) NOT GLOB '*[^0-9]*'))", s.sql, s.sql, s.sql, second, rest, rest, s.sql)
}

// textToUUID writes a UUID as PostgreSQL does: SQLite could read one without hyphens as a number.
func (s sqlite) textToUUID(e *Effect) {
	figures := fmt.Sprintf("replace(trim(%s, '{}'), '-', '')", s.sql)
	part := func(from, length int) string { return fmt.Sprintf("substr(%s, %d, %d)", figures, from, length) }
	written := fmt.Sprintf("%s || '-' || %s || '-' || %s || '-' || %s || '-' || %s",
		part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12))
	e.Fails = fmt.Sprintf("length(%s) <> 32 OR %s GLOB '*[^0-9a-fA-F]*' OR %s NOT IN (%s, %s, '{' || %s || '}')",
		figures, figures, s.sql, figures, written, written)
	e.Using = fmt.Sprintf("lower(%s)", written)
}
