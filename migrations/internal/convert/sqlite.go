package convert

import (
	"fmt"
	"strings"

	"guestlist/migrations/schema"
)

// sqlite is a type change on SQLite. The classes are those of the PostgreSQL types, which say what Go reads and what
// PostgreSQL would do; the affinities are SQLite's.
type sqlite struct {
	column     string // for messages
	sql        string
	from, to   schema.ColumnType
	was, is    schema.Type
	fromClass  class
	toClass    class
	fromStores affinity
	toStores   affinity
}

// affinity is the affinity of a column on SQLite.
type affinity string

const (
	storesInteger affinity = "integer"
	storesReal    affinity = "real"
	storesNumeric affinity = "numeric"
	storesText    affinity = "text"
	storesBlob    affinity = "blob"
)

// affinityOf returns the affinity of a type; see
// https://www.sqlite.org/datatype3.html#determination_of_column_affinity.
func affinityOf(columnType string) affinity {
	upper := strings.ToUpper(columnType)
	contains := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(upper, w) {
				return true
			}
		}
		return false
	}
	switch {
	case contains("INT"):
		return storesInteger
	case contains("CHAR", "CLOB", "TEXT"):
		return storesText
	case contains("BLOB"), strings.TrimSpace(upper) == "":
		return storesBlob
	case contains("REAL", "FLOA", "DOUB"): //nolint:misspell // as SQLite has it
		return storesReal
	default:
		return storesNumeric
	}
}

func newSQLite(c Column, was, is schema.Type) sqlite {
	return sqlite{
		column: c.Name, sql: c.SQL, from: parsed(was), to: parsed(is), was: was, is: is,
		fromClass: class(Class(was)), toClass: class(Class(is)),
		fromStores: affinityOf(was.For(schema.SQLite)), toStores: affinityOf(is.For(schema.SQLite)),
	}
}

// effect refuses every value for which PostgreSQL has no cast; SQLite would keep it unchanged.
func (s sqlite) effect() Effect {
	var e Effect
	from, to := s.fromClass, s.toClass
	switch {
	case !castable(s.from, s.to):
		e = Effect{Unlike: true, Failure: s.isNo(), Fails: s.sql + " IS NOT NULL"}
	case s.from.Name == "oid" && to == integer:
		e = s.toInteger()
	case s.to.Name == "oid" && from == integer:
		e = s.doesNotFit(ranges["oid"].outside(s.sql))
	case from.isNumeric():
		e = s.fromNumber()
	case to == text:
		e.Using = s.toText()
	default:
		e = s.fromOther()
	}
	e.Storage = s.storage()
	return e
}

// fromOther returns the effect of a change from anything but a number to anything but text. A jsonb that becomes a
// number or a bool is read as text.
func (s sqlite) fromOther() Effect {
	from, to := s.fromClass, s.toClass
	switch {
	case from == text && to.known(), s.from.Name == "jsonb" && (to.isNumeric() || to == boolean):
		return s.fromText()
	case !from.known() && s.storage() != nil:
		return Effect{Unlike: true, Failure: s.isNo()}
	case from == moment && to == clock:
		return Effect{
			Using: fmt.Sprintf("time(substr(%s, 1, %d))", s.sql, len("2000-01-01 00:00:00")),
			Loss:  fmt.Sprintf("drops the date of %s and keeps the time of day", s.column), Loses: s.sql + " IS NOT NULL",
		}
	default:
		return Effect{}
	}
}

// fromNumber returns the effect of a change from a number to another, or to a bool.
func (s sqlite) fromNumber() Effect {
	switch s.toClass {
	case integer:
		return s.toInteger()
	case number:
		return s.toNumber()
	case boolean:
		return Effect{
			Using: s.sql + " <> 0",
			Loss:  fmt.Sprintf("keeps only whether %s is 0", s.column), Loses: s.sql + " NOT IN (0, 1)",
		}
	default:
		return Effect{}
	}
}

// toText returns the expression of the text that PostgreSQL would make, or an empty string if the value is unchanged.
func (s sqlite) toText() string {
	switch s.fromClass {
	case boolean:
		return "CASE " + s.sql + " WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE " + s.sql + " END"
	case bytes:
		return "CAST(" + s.sql + " AS text)"
	default:
		return ""
	}
}

func (s sqlite) isNo() string { return fmt.Sprintf("a value of %s is not a valid %s", s.column, s.is) }

// storage returns the storage classes of values that PostgreSQL would accept and Go can read; nil means any.
func (s sqlite) storage() []string {
	if s.toStores == storesText || s.toStores == storesBlob {
		return nil
	}
	switch s.toClass {
	case boolean, integer:
		return []string{"null", "integer"}
	case number:
		return []string{"null", "integer", "real"}
	default:
		return nil
	}
}

// toInteger rounds as PostgreSQL does, and refuses what PostgreSQL refuses or Go cannot read into the integer.
func (s sqlite) toInteger() Effect {
	var e Effect
	value := s.sql
	if s.fromClass == number {
		value = fmt.Sprintf("round(%s)", s.sql)
		e.Using = fmt.Sprintf("CASE typeof(%s) WHEN 'real' THEN CAST(%s AS integer) ELSE %s END", s.sql, value, s.sql)
		if scale(s.from) > 0 || s.from.Name != "numeric" {
			e.Loss = fmt.Sprintf("rounds %s to whole numbers", s.column)
			e.Loses = fmt.Sprintf("%s <> %s", s.sql, value)
		}
	}
	to := limitOf(s.is)
	fits := limitOf(s.was).isWithin(to)
	if s.fromClass == number {
		fits = to.holds(digits(s.from))
	}
	if !fits {
		unfit := s.doesNotFit(to.outside(value))
		e.Failure, e.Fails = unfit.Failure, unfit.Fails
	}
	return e
}

func (s sqlite) doesNotFit(fails string) Effect {
	return Effect{Failure: fmt.Sprintf("a value of %s does not fit into %s", s.column, s.is), Fails: fails}
}

// toNumber returns the loss of numbers that become a real, an 8-byte floating-point number.
func (s sqlite) toNumber() Effect {
	wide := digits(s.from) > floatDigits["float8"] && s.from.Name != "float4" && s.from.Name != "float8"
	if s.toStores != storesReal || s.fromStores == storesReal || !wide {
		return Effect{}
	}
	e := Effect{
		Loss:  fmt.Sprintf("rounds numbers of %s beyond %s", s.column, maxExact8),
		Loses: fmt.Sprintf("%s NOT BETWEEN -%s AND %s", s.sql, maxExact8, maxExact8),
	}
	if s.fromClass == number { // some may be real already
		e.Loses = fmt.Sprintf("typeof(%s) = 'integer' AND %s", s.sql, e.Loses)
	}
	return e
}
