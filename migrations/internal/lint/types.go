package lint

import (
	"slices"
	"strings"
)

// builtIn are types of PostgreSQL and its extensions, none of which is a domain.
var builtIn = strings.Fields("bool int2 int4 int8 numeric money float4 float8 text varchar bpchar bytea date " +
	"time timetz timestamp timestamptz interval uuid json jsonb jsonpath xml inet cidr macaddr macaddr8 bit varbit " +
	"point line lseg box path polygon circle tsvector tsquery int4range int8range numrange tsrange tstzrange " +
	"daterange int4multirange " +
	"int8multirange nummultirange tsmultirange tstzmultirange datemultirange oid regclass name char pg_lsn " +
	"citext hstore ltree vector halfvec sparsevec cube geometry geography")

// isBuiltIn reports whether the type, or the element type of an array, is known not to be a domain.
func isBuiltIn(name string) bool {
	name, _, _ = strings.Cut(strings.Trim(name, `"`), "[")
	name = strings.TrimPrefix(strings.TrimPrefix(name, "pg_catalog."), "public.")
	if first, _, interval := strings.Cut(name, " "); interval && first == "interval" {
		name = first
	}
	return slices.Contains(builtIn, strings.TrimSpace(name))
}
