package convert

import (
	"fmt"
	"strconv"
	"strings"

	"guestlist/migrations/schema"
)

// postgres is a type change on PostgreSQL.
type postgres struct {
	column   string // for messages
	sql      string
	from, to schema.ColumnType
	was, is  schema.Type
}

func newPostgres(c Column, was, is schema.Type) postgres {
	return postgres{
		column: c.Name, sql: c.SQL, was: was, is: is,
		from: schema.ParseColumnType(was.For(schema.Postgres)), to: schema.ParseColumnType(is.For(schema.Postgres)),
	}
}

func (p postgres) effect() Effect {
	from, to := classOf(p.from), classOf(p.to)
	switch {
	case !castable(p.from, p.to):
		return Effect{Refused: true, Using: p.using()}
	case to == text:
		return p.toText()
	case from == text && to.known():
		return p.fromText()
	case hasFewCasts(p.from), hasFewCasts(p.to):
		return p.other()
	case from.isNumeric() || from == boolean:
		return p.fromNumber()
	case from == to && from.known():
		return p.within(to)
	case from == to:
		return p.unknown()
	case to == clock:
		return p.toClock()
	default:
		return Effect{Using: p.using(), Unlike: true, Failure: p.isNo()}
	}
}

// fromNumber returns the effect of a change from a number or a bool to another, or to an unknown type.
func (p postgres) fromNumber() Effect {
	from, to := classOf(p.from), classOf(p.to)
	switch {
	case from == boolean && to == boolean:
		return Effect{}
	case from == boolean && to.isNumeric():
		return Effect{Using: p.sql + "::integer"}
	case to.isNumeric():
		return p.numbers()
	case to == boolean:
		return Effect{
			Using: p.sql + " <> 0",
			Loss:  fmt.Sprintf("keeps only whether %s is 0", p.column), Loses: p.sql + " NOT IN (0, 1)",
		}
	default:
		return Effect{Using: p.using(), Unlike: true, Failure: p.isNo()}
	}
}

// toClock returns the effect of a change from a time, an interval or an unknown type to a time of day.
func (p postgres) toClock() Effect {
	if classOf(p.from) == moment {
		return Effect{
			Using: p.using(),
			Loss:  fmt.Sprintf("drops the date of %s and keeps the time of day", p.column), Loses: p.sql + " IS NOT NULL",
		}
	}
	if classOf(p.from) != interval {
		return Effect{Using: p.using(), Unlike: true, Failure: p.isNo()}
	}
	return Effect{
		Using: p.using(),
		Loss:  fmt.Sprintf("drops the days of %s", p.column), Loses: fmt.Sprintf("%s <> %s::time::interval", p.sql, p.sql),
	}
}

// using returns an explicit cast. It must not be used where PostgreSQL converts implicitly: an explicit cast to
// varchar(32) truncates, while the assignment refuses what is too long.
func (p postgres) using() string {
	if classOf(p.from) == text && classOf(p.to) == bytes {
		return "convert_to(" + p.sql + ", 'UTF8')"
	}
	return p.sql + "::" + p.is.For(schema.Postgres)
}

func (p postgres) isNo() string {
	return fmt.Sprintf("a value of %s is not a valid %s", p.column, p.is)
}

func (p postgres) doesNotFit() string {
	return fmt.Sprintf("a value of %s does not fit into %s", p.column, p.is)
}

// within returns the effect of a change between types of one class.
func (p postgres) within(class class) Effect {
	switch class {
	case moment, clock, interval:
		return p.times()
	case document:
		if p.from.Name == "json" && p.to.Name == "jsonb" {
			return Effect{
				Loss:  jsonLoss(p.column),
				Loses: fmt.Sprintf("%s::text <> %s::jsonb::text", p.sql, p.sql),
			}
		}
	}
	return Effect{}
}

// jsonLoss returns the loss of text that becomes jsonb.
func jsonLoss(column string) string {
	return fmt.Sprintf("drops the order of keys, duplicate keys and spaces of %s", column)
}

// unknown returns the effect of a change of the length or precision of an unknown type.
func (p postgres) unknown() Effect {
	for n, argument := range p.to.Args {
		if argument < p.from.Arg(n, unbounded) {
			return Effect{
				Failure: p.doesNotFit(),
				Loss:    fmt.Sprintf("may truncate or round %s", p.column), Loses: p.sql + " IS NOT NULL",
			}
		}
	}
	return Effect{}
}

// toText returns the effect of a change to text, which holds any value as PostgreSQL writes it, if it is not too long.
func (p postgres) toText() Effect {
	var e Effect
	if classOf(p.from) == bytes {
		e.Using = "convert_from(" + p.sql + ", 'UTF8')"
		e.Failure = fmt.Sprintf("a value of %s is not valid UTF-8", p.column)
	}
	length := fmt.Sprintf("char_length(%s)", p.asText())
	if p.to.Name == "bpchar" && len(p.to.Args) > 0 && (p.from.Name != "bpchar" || p.from.Arg(0, 0) < p.to.Args[0]) {
		e.Loss = fmt.Sprintf("pads %s with spaces to %d characters", p.column, p.to.Args[0])
		e.Loses = fmt.Sprintf("%s < %d", length, p.to.Args[0])
	}
	if p.from.Name == "bpchar" && p.to.Name != "bpchar" {
		e.Loss = fmt.Sprintf("drops trailing spaces of %s", p.column)
		e.Loses = fmt.Sprintf("octet_length(%s) > octet_length(%s::text)", p.sql, p.sql)
	}
	if len(p.to.Args) > 0 && p.longest() > p.to.Args[0] {
		e.Failure = p.doesNotFit()
		if classOf(p.from) != bytes {
			e.Fails = fmt.Sprintf("%s > %d", length, p.to.Args[0])
		} else {
			e.Fails = fmt.Sprintf("octet_length(%s) > %d", p.sql, p.to.Args[0])
		}
	}
	return e
}

// asText returns the value as text, cast if needed.
func (p postgres) asText() string {
	if classOf(p.from) == text {
		return p.sql
	}
	return p.sql + "::text"
}

// longest returns the length of the longest text that a value can become.
func (p postgres) longest() int {
	switch {
	case classOf(p.from) == boolean:
		return len("false")
	case classOf(p.from) == integer:
		l := limitOf(p.was)
		return max(len(strconv.FormatInt(l.low, 10)), len(strconv.FormatInt(l.high, 10)))
	case p.from.Name == "date":
		return len("2000-01-01")
	case p.from.Name == "uuid":
		return len("00000000-0000-0000-0000-000000000000")
	case classOf(p.from) == text:
		return p.from.Arg(0, unbounded)
	case p.from.Name == "numeric" && len(p.from.Args) > 0:
		return p.from.Args[0] + len("-0.")
	default:
		return unbounded
	}
}

// places describes digits after the decimal point in words.
func places(scale int) string {
	switch {
	case scale == 0:
		return "whole numbers"
	case scale > 0:
		return digitsInWords(scale) + " after the decimal point"
	default:
		return "whole numbers that end in " + strings.Repeat("0", -scale)
	}
}

func digitsInWords(n int) string {
	if n == 1 {
		return "1 digit"
	}
	return fmt.Sprintf("%d digits", n)
}
