package convert

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// casts maps types with few casts to the types they can be cast to (pg_cast), besides text.
var casts = map[string][]string{
	"oid": {"int4", "int8"}, "int2": {"oid"}, "int4": {"oid", "bit", "money"}, "int8": {"oid", "bit", "money"},
	"numeric": {"money"}, "money": {"numeric"}, "bit": {"int4", "int8", "varbit"}, "varbit": {"bit"},
	"inet": {"cidr"}, "cidr": {"inet"}, "macaddr": {"macaddr8"}, "macaddr8": {"macaddr"}, "tsvector": {}, "tsquery": {},
}

// hasFewCasts reports whether all casts from and to the type are known.
func hasFewCasts(t schema.ColumnType) bool {
	_, listed := casts[t.Name]
	return listed && !classOf(t).known() || isArray(t)
}

func isArray(t schema.ColumnType) bool { return strings.HasSuffix(t.Name, "]") }

func listed(from, to schema.ColumnType) bool {
	return from.Name == to.Name || slices.Contains(casts[from.Name], to.Name) || isArray(from) && isArray(to)
}

// other returns the effect of a change from or to a type with few casts.
func (p postgres) other() Effect {
	switch from, to := p.from.Name, p.to.Name; {
	case isArray(p.from) && isArray(p.to):
		return p.array()
	case from == "oid", to == "oid" && classOf(p.from) == integer:
		return p.oid()
	case from == "bit" || from == "varbit" || to == "bit" || to == "varbit":
		return p.bits()
	case from == "money" || to == "money":
		return p.money()
	case from == "inet" && to == "cidr":
		return Effect{
			Using: p.using(), Loss: fmt.Sprintf("zeroes the host bits of %s", p.column),
			Loses: fmt.Sprintf("%s <> network(%s)", p.sql, p.sql),
		}
	case from == "cidr" && to == "inet", from == "macaddr":
		return Effect{}
	default:
		return Effect{Using: p.using(), Unlike: true, Failure: p.isNo()}
	}
}

// array returns the effect of a change of every element.
func (p postgres) array() Effect {
	element := func(t schema.Type) schema.Type {
		text, _, _ := strings.Cut(t.For(schema.Postgres), "[")
		return schema.Type{Kind: schema.Verbatim, SQL: schema.SQL{Postgres: text}}
	}
	e := newPostgres(Column{Name: p.column, SQL: "element"}, element(p.was), element(p.is)).effect()
	some := func(condition string) string {
		if condition == "" {
			return ""
		}
		return fmt.Sprintf("EXISTS (SELECT 1 FROM unnest(%s) AS element WHERE %s)", p.sql, condition)
	}
	e.Loses, e.Fails = some(e.Loses), some(e.Fails)
	if e.Using != "" {
		e.Using = p.using()
	}
	return e
}

// oid refuses values that PostgreSQL would make negative, and negative values.
func (p postgres) oid() Effect {
	e := Effect{Using: p.using(), Failure: p.doesNotFit()}
	switch {
	case p.from.Name == "oid" && p.to.Name == "int4":
		e.Fails, e.Kept = limitOf(p.is).outside(p.sql+"::bigint"), true
	case classOf(p.from) == integer:
		e.Fails, e.Kept = ranges["oid"].outside(p.sql), true
	default:
		return Effect{}
	}
	return e
}

// bits returns the effect of a change from or to bits. PostgreSQL truncates and pads them in an explicit cast, and
// otherwise refuses them.
func (p postgres) bits() Effect {
	size := p.to.Arg(0, 1)
	if p.to.Name == "varbit" {
		size = p.to.Arg(0, unbounded)
	}
	switch {
	case classOf(p.to) == integer:
		return p.bitsToInteger()
	case classOf(p.from) == integer:
		e := Effect{Using: p.using()}
		if size < sizes[p.from.Name] {
			e.Loss = fmt.Sprintf("keeps only the last %d bits of %s", size, p.column)
			e.Loses = fmt.Sprintf("%s NOT BETWEEN 0 AND %d", p.sql, 1<<size-1)
		}
		return e
	case classOf(p.from) == text:
		e := Effect{Using: p.using(), Unlike: true, Kept: true, Failure: p.isNo(),
			Fails: fmt.Sprintf("%s !~ '^[01]*$'", p.sql)}
		if size < unbounded {
			e.Loss = fmt.Sprintf("truncates or pads %s to %d bits", p.column, size)
			e.Loses = fmt.Sprintf("length(%s) <> %d", p.sql, size)
		}
		if p.to.Name == "varbit" && size < unbounded {
			e.Loss = fmt.Sprintf("truncates %s to %d bits", p.column, size)
			e.Loses = fmt.Sprintf("length(%s) > %d", p.sql, size)
		}
		return e
	case p.to.Name == "bit" && (p.from.Name != "bit" || p.from.Arg(0, 1) != size):
		return Effect{Failure: p.doesNotFit(), Fails: fmt.Sprintf("length(%s) <> %d", p.sql, size)}
	case size < p.from.Arg(0, unbounded):
		return Effect{Failure: p.doesNotFit(), Fails: fmt.Sprintf("length(%s) > %d", p.sql, size)}
	default:
		return Effect{}
	}
}

// sizes are the sizes of the integers, in bits.
var sizes = map[string]int{"int4": 32, "int8": 64}

func (p postgres) bitsToInteger() Effect {
	e := Effect{Using: p.using()}
	switch length, size := p.from.Arg(0, 1), sizes[p.to.Name]; {
	case length > size:
		e.Failure, e.Fails = p.doesNotFit(), p.sql+" IS NOT NULL"
	case length == size:
		e.Loss = fmt.Sprintf("makes negative numbers of %s where the first bit is 1", p.column)
		e.Loses = fmt.Sprintf("get_bit(%s, 0) = 1", p.sql)
	}
	return e
}

// money rounds to the digits of lc_monetary, usually 2.
func (p postgres) money() Effect {
	const largest = "92233720368547758"
	rounds := fmt.Sprintf("rounds %s to the digits of money", p.column)
	switch p.from.Name {
	case "money":
		number := p
		number.from, number.sql = schema.ColumnType{Name: "numeric", Args: []int{19, 2}}, p.sql+"::numeric"
		e := number.toNumeric()
		e.Using = p.using()
		return e
	case "int4":
		return Effect{Using: p.using()}
	case "int8":
		return Effect{Using: p.using(), Failure: p.doesNotFit(), Fails: fmt.Sprintf("abs(%s::numeric) >= %s", p.sql, largest)}
	case "numeric":
		return Effect{
			Using: p.using(), Failure: p.doesNotFit(), Fails: fmt.Sprintf("abs(%s) >= %s", p.sql, largest),
			Loss: rounds, Loses: fmt.Sprintf("%s <> round(%s, 2)", p.sql, p.sql),
		}
	default:
		return Effect{Using: p.using(), Unlike: true, Failure: p.isNo(), Loss: rounds}
	}
}
