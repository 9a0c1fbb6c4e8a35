package convert

import "fmt"

// Text is converted to a time only in the forms that both databases and Go's SQLite drivers read alike: a date, or a
// date with a time to the minute, or to the second with an optional fraction and zone.
const (
	dayPattern    = `(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])`
	minutePattern = `([01][0-9]|2[0-3]):[0-5][0-9]`
	secondPattern = `:[0-5][0-9]([.][0-9]+)?`
	zonePattern   = `[-+](0[0-9]|1[0-4])(:[0-5][0-9])?`
)

// clockText returns the pattern of a time of day.
func clockText(to string) string {
	if to == "timetz" {
		return "'^" + minutePattern + secondPattern + zonePattern + "$'"
	}
	return "'^" + minutePattern + "(" + secondPattern + ")?$'"
}

// withoutZone returns the loss of text without a zone that becomes a time with one.
func withoutZone(column string) string {
	return fmt.Sprintf("reads times of %s without a zone as UTC", column)
}

// withoutTime returns the loss of text that becomes a date.
func withoutTime(column string) string { return fmt.Sprintf("drops the time of day of %s", column) }

// cutsSeconds returns the loss of text with more fractional digits than the type keeps.
func cutsSeconds(precision int) string {
	return fmt.Sprintf("truncates seconds after %s", digitsInWords(precision))
}

// textToMoment reads a time without a zone as UTC, as Go does on SQLite, and not as local time of the session. A type
// without a zone accepts only UTC, as PostgreSQL would ignore any other zone.
func (p postgres) textToMoment(e *Effect) {
	zone := "Z|" + zonePattern
	if p.to.Name == "timestamp" {
		zone = "Z|[-+]00(:00)?"
	}
	pattern := fmt.Sprintf("'^%s([ T]%s(%s(%s)?)?)?$'", dayPattern, minutePattern, secondPattern, zone)
	day := fmt.Sprintf("(substr(%s, 1, 8) || '01')::date + substr(%s, 9, 2)::integer - 1", p.sql, p.sql)
	e.Fails = p.unless(p.sql, pattern, fmt.Sprintf("to_char(%s, 'YYYY-MM-DD') <> substr(%s, 1, 10)", day, p.sql))
	if p.to.Name == "date" {
		e.Loss, e.Loses = withoutTime(p.column), fmt.Sprintf("length(%s) > 10", p.sql)
		return
	}
	precision := p.to.Arg(0, maxSecondDigits)
	e.Loss, e.Loses = cutsSeconds(precision)+" of "+p.column, fmt.Sprintf("%s ~ '[.][0-9]{%d}[0-9]*[1-9]'", p.sql,
		precision)
	cut := fmt.Sprintf("regexp_replace(%s, '(?<=[.][0-9]{%d})[0-9]+', '')", p.sql, precision)
	if precision == 0 {
		cut = fmt.Sprintf("regexp_replace(%s, '[.][0-9]+', '')", p.sql)
	}
	e.Using = cut + "::timestamp"
	if p.to.Name == "timestamptz" {
		local := fmt.Sprintf("substr(%s, 12) !~ '[^0-9:.]'", p.sql)
		e.Loss, e.Loses = withoutZone(p.column)+", and "+cutsSeconds(precision), local+" OR "+e.Loses
		e.Using = fmt.Sprintf("CASE WHEN %s THEN %s::timestamp AT TIME ZONE 'UTC' ELSE %s::timestamptz END", local, cut, cut)
	}
}

// textToMoment converts text to a time as Go writes it, in UTC. SQLite reads 2020-02-30 as the first of March, so the
// conditions check that a date stays the same.
func (s sqlite) textToMoment(e *Effect) {
	var (
		// only SQLite has datetime, and Go reads it with its zone
		zoned  = s.to.Name == "timestamptz" || s.to.Written == "datetime"
		rest   = fmt.Sprintf("substr(%s, 20)", s.sql)
		whole  = fmt.Sprintf("%s || CASE WHEN %s GLOB '*[-+][0-9][0-9]' THEN ':00' ELSE '' END", s.sql, rest)
		day    = fmt.Sprintf("date(%s, '+0 days') IS %s", s.sql, s.sql)
		minute = fmt.Sprintf("strftime('%%Y-%%m-%%d %%H:%%M', %s, '+0 days') IS replace(%s, 'T', ' ')", s.sql, s.sql)
		second = fmt.Sprintf("datetime(substr(%s, 1, 19), '+0 days') IS replace(substr(%s, 1, 19), 'T', ' ')", s.sql, s.sql)
		parsed = fmt.Sprintf("%s NOT GLOB '*[^-+.:0-9Z]*' AND datetime(%s) IS NOT NULL", rest, whole)
	)
	if s.to.Name == "timestamp" && !zoned {
		parsed += fmt.Sprintf(" AND (%s NOT GLOB '*[-+]*' OR %s GLOB '*[-+]00' OR %s GLOB '*[-+]00:00')", rest, rest, rest)
	}
	e.Fails = fmt.Sprintf("%s IS NOT NULL AND NOT (%s >= '0001' AND (%s OR %s OR %s AND %s))",
		s.sql, s.sql, day, minute, second, parsed)
	if s.to.Name == "date" {
		e.Using = fmt.Sprintf("substr(%s, 1, 10)", s.sql)
		e.Loss, e.Loses = withoutTime(s.column), fmt.Sprintf("length(%s) > 10", s.sql)
		return
	}
	precision := s.to.Arg(0, maxSecondDigits)
	sign := fmt.Sprintf("instr(replace(replace(%s, '-', '+'), 'Z', '+') || '+', '+')", rest) // where the fraction ends
	e.Loss = cutsSeconds(precision) + " of " + s.column
	e.Loses = fmt.Sprintf("substr(%s, %d, max(0, %s - %d)) GLOB '*[1-9]*'", s.sql, 21+precision, sign, 2+precision)
	if zoned {
		e.Loss = withoutZone(s.column) + ", and " + cutsSeconds(precision)
		e.Loses = fmt.Sprintf("substr(%s, 12) NOT GLOB '*[^0-9:.]*' OR %s", s.sql, e.Loses)
	}
	kept := 0
	if precision > 0 {
		kept = precision + 1
	}
	e.Using = fmt.Sprintf("datetime(substr(%s, 1, 19) || substr(%s, 19 + %s)) || substr(%s, 20, min(%d, %s "+
		"- 1)) || '+00:00'",
		s.sql, whole, sign, s.sql, kept, sign)
}
