package convert

import (
	"fmt"
	"math"
)

// numbers returns the effect of a change between numbers.
func (p postgres) numbers() Effect {
	switch p.to.Name {
	case "int2", "int4", "int8":
		return p.toInteger()
	case "numeric":
		return p.toNumeric()
	default:
		return p.toFloat()
	}
}

// toInteger rounds, and refuses values out of range, for PostgreSQL or for Go.
func (p postgres) toInteger() Effect {
	var e Effect
	value := p.sql
	if classOf(p.from) == number {
		value = fmt.Sprintf("round(%s)", p.sql)
		if scale(p.from) > 0 || p.from.Name != "numeric" {
			e.Loss = fmt.Sprintf("rounds %s to whole numbers", p.column)
			e.Loses = fmt.Sprintf("%s <> %s", p.sql, value)
		}
	}
	to := limitOf(p.is)
	fits := limitOf(p.was).isWithin(to)
	if classOf(p.from) == number {
		fits = to.holds(digits(p.from))
	}
	if !fits {
		e.Failure, e.Fails, e.Kept = p.doesNotFit(), to.outside(value), to != ranges[p.to.Name]
		if isFloat(p.from) && to.high == math.MaxInt64 { // it would be rounded up when compared with a float
			e.Fails = limit{to.low, largestExact8}.outside(value)
		}
	}
	return e
}

// toNumeric rounds to the scale, which may carry into one more digit, and refuses values with too many digits.
func (p postgres) toNumeric() Effect {
	var e Effect
	if len(p.to.Args) == 0 {
		if isFloat(p.from) {
			e.Loss = fmt.Sprintf("rounds %s to %d digits", p.column, floatDigits[p.from.Name])
			e.Loses = fmt.Sprintf("%s <> %s::numeric::%s", p.sql, p.sql, p.from.Name)
		}
		return e
	}
	value := p.sql
	if p.from.Name != "numeric" {
		value += "::numeric"
	}
	rounds := isFloat(p.from) || scale(p.from) > scale(p.to)
	if rounds {
		value = fmt.Sprintf("round(%s, %d)", value, scale(p.to))
		e.Loss = fmt.Sprintf("rounds %s to %s", p.column, places(scale(p.to)))
		e.Loses = fmt.Sprintf("%s <> %s", p.sql, value)
		if isFloat(p.from) {
			e.Loses += "::" + p.from.Name
		}
	}
	if digits(p.from) > digits(p.to) || rounds && digits(p.from) == digits(p.to) {
		e.Failure = p.doesNotFit()
		e.Fails = fmt.Sprintf("abs(%s) >= 1e%d", value, digits(p.to))
	}
	return e
}

// toFloat rounds to the significant digits of the floating-point type.
func (p postgres) toFloat() Effect {
	loss := fmt.Sprintf("rounds %s to %d digits", p.column, floatDigits[p.to.Name])
	limit := map[string]string{"float4": maxExact4, "float8": maxExact8}[p.to.Name]
	switch p.from.Name {
	case "float4":
		return Effect{}
	case "float8":
		if p.to.Name == "float8" {
			return Effect{}
		}
		return Effect{
			Loss: loss, Failure: p.doesNotFit(),
			Loses: p.unlessBeyond("0, 'NaN', 'Infinity', '-Infinity'", fmt.Sprintf("%s <> %s::real", p.sql, p.sql)),
		}
	case "numeric":
		if len(p.from.Args) > 0 && isExact(p.to, p.from.Args[0]) {
			return Effect{}
		}
		e := Effect{Loss: loss, Loses: fmt.Sprintf("%s <> %s::%s::numeric", p.sql, p.sql, p.to.Name)}
		if largest := exponents[p.to.Name]; digits(p.from) > largest || scale(p.from) >= largest {
			e.Failure, e.Loses = p.doesNotFit(), p.unlessBeyond("0, 'NaN'", e.Loses)
		}
		return e
	default:
		if p.from.Name == "int2" || p.from.Name == "int4" && p.to.Name == "float8" {
			return Effect{}
		}
		return Effect{
			Loss:  fmt.Sprintf("rounds numbers of %s beyond %s", p.column, limit),
			Loses: fmt.Sprintf("%s NOT BETWEEN -%s AND %s", p.sql, limit, limit),
		}
	}
}

// unlessBeyond guards a condition that casts to a floating-point number: the cast would fail for numbers too large or
// too close to 0. These numbers count as affected.
func (p postgres) unlessBeyond(special, condition string) string {
	n := exponents[p.to.Name]
	return fmt.Sprintf("CASE WHEN abs(%s) NOT BETWEEN 1e-%d AND 1e%d AND %s NOT IN (%s) THEN true ELSE %s END",
		p.sql, n-1, n, p.sql, special, condition)
}
