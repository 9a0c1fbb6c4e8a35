package convert

import "fmt"

// maxSecondDigits is the number of fractional digits of a second that PostgreSQL keeps by default.
const maxSecondDigits = 6

// times returns the effect of a change between times, times of day or intervals. A time without a zone is in the
// session's TimeZone (https://www.postgresql.org/docs/current/datatype-datetime.html).
func (p postgres) times() Effect {
	all := p.sql + " IS NOT NULL"
	var e Effect
	switch from, to := p.from.Name, p.to.Name; {
	case to == "date" && from != "date":
		return Effect{
			Loss: fmt.Sprintf("drops the time of day of %s", p.column), Loses: fmt.Sprintf("%s <> %s::date", p.sql, p.sql),
		}
	case from == "timestamptz" && to == "timestamp":
		e = Effect{
			Loss:  fmt.Sprintf("drops the zone of %s and keeps the local time in the session's TimeZone", p.column),
			Loses: all,
		}
	case from == "timestamp" && to == "timestamptz":
		e = Effect{Loss: fmt.Sprintf("reads %s as local time in the session's TimeZone", p.column), Loses: all}
	case from == "date" && to == "timestamptz":
		return Effect{Loss: fmt.Sprintf("reads %s as midnight in the session's TimeZone", p.column), Loses: all}
	case from == "timetz" && to == "time":
		e = Effect{Loss: fmt.Sprintf("drops the zone of %s", p.column), Loses: all}
	case from == "time" && to == "timetz":
		e = Effect{Loss: fmt.Sprintf("reads %s as local time in the session's TimeZone", p.column), Loses: all}
	}
	if precision := p.to.Arg(0, maxSecondDigits); p.from.Name != "date" && precision < p.from.Arg(0, maxSecondDigits) {
		return p.roundsSeconds(e, precision)
	}
	return e
}

// roundsSeconds adds the rounding of seconds to an effect; if it has a loss, that affects all rows already.
func (p postgres) roundsSeconds(e Effect, precision int) Effect {
	seconds := "whole seconds"
	if precision > 0 {
		seconds = digitsInWords(precision) + " of a second"
	}
	if e.Loss != "" {
		e.Loss += ", rounded to " + seconds
		return e
	}
	return Effect{
		Loss:  fmt.Sprintf("rounds %s to %s", p.column, seconds),
		Loses: fmt.Sprintf("%s <> %s::%s(%d)", p.sql, p.sql, p.from.Name, precision),
	}
}
