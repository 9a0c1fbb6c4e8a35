package lint

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// named returns the tables of the schema that the rest names, each once.
func (r *reader) named(before schema.Schema) []string {
	var all []string
	for i := range r.tokens {
		if i > 0 && r.tokens[i-1].Text == "." {
			continue
		}
		table := (&reader{r.tokens[i:]}).name()
		if _, known := before.Table(table); known && !slices.Contains(all, table) {
			all = append(all, table)
		}
	}
	return all
}

// scanNamed claims a scan of the tables that the rest names.
func (c *Claim) scanNamed(r *reader, before schema.Schema) {
	for _, table := range r.named(before) {
		c.lock(table, AccessShare)
		c.work(Scan, table)
	}
}

// query is a statement that reads, and may lock rows. A query for the largest value of an indexed column, such as one
// that sets a sequence, reads the index only. A query that calls an unknown function may do anything.
func query(r *reader, before schema.Schema) Claim {
	var c Claim
	c.scanNamed(r, before)
	if from := (&reader{r.tokens}); len(c.Locks) == 0 && from.skipTo("from") && !from.next("(") {
		c.lock(from.name(), AccessShare)
		if len(c.Locks) > 0 {
			c.work(Scan, c.Locks[0].Table)
		}
	}
	largest := &reader{r.tokens}
	if len(c.Locks) == 1 && largest.skipToDeep("max") && largest.accept("(") {
		if t, _ := before.Table(c.Locks[0].Table); leadsIndex(t, largest.name()) {
			c.Work, c.On = Moment, ""
		}
	}
	switch {
	case callsUnknown(r.tokens, lockFree):
		c.Work, c.On = Unknown, ""
	case r.has("for", "update"), r.has("for", "no", "key"), r.has("for", "share"), r.has("for", "key"):
		c.Work = Rows
		for i := range c.Locks {
			c.Locks[i].Mode = RowShare
		}
	}
	return c
}

// lockFree are functions, besides stable ones, that lock nothing, and keywords that parentheses may follow.
var lockFree = []string{
	"count", "sum", "min", "max", "avg", "bool_and", "bool_or", "every", "string_agg", "array_agg", "json_agg",
	"jsonb_agg", "row_number", "rank", "lag", "lead", "over", "filter", "setval", "nextval", "currval", "lastval",
	"set_config", "current_setting", "version", "random", "clock_timestamp", "gen_random_uuid",
	"pg_get_serial_sequence", "unnest",
	"generate_series", "select", "from", "where", "and", "or", "not", "exists", "any", "all", "some", "on", "using", "as",
	"values", "when", "then", "else", "by", "having", "union", "intersect", "except", "limit", "offset", "with", "join",
	"lateral", "row", "case", "between", "like", "is", "distinct", "materialized",
}

// leadsIndex reports whether the column is the first of an index over all rows.
func leadsIndex(t schema.Table, column string) bool {
	keys := [][]string{t.PrimaryKey.Columns}
	for _, u := range t.Uniques {
		keys = append(keys, u.Columns)
	}
	for _, i := range t.Indexes {
		if i.Where == "" && i.Normal().Method == "" {
			keys = append(keys, i.Columns())
		}
	}
	return slices.ContainsFunc(keys, func(key []string) bool { return len(key) > 0 && key[0] == column })
}

// changeRows is a statement that changes rows. It reads the other tables it names; foreign keys read the rows at their
// other end, or change them.
func changeRows(verb string, r *reader, before schema.Schema) Claim {
	var c Claim
	r.accept("only")
	table := r.name()
	c.lock(table, RowExclusive)
	c.work(Rows, table)
	t, _ := before.Table(table)
	if verb != "delete from" {
		for _, k := range t.ForeignKeys {
			if verb != "update" || slices.ContainsFunc(k.Columns, r.mentions) {
				c.lock(k.RefTable, RowShare)
			}
		}
	}
	for _, other := range before.References(table) {
		mode := RowExclusive
		if on := strings.ToUpper(other.Key.OnDelete); on == "" || on == "NO ACTION" || on == "RESTRICT" {
			mode = RowShare
		}
		if verb != "insert into" && (verb != "update" || slices.ContainsFunc(other.Key.RefColumns, r.mentions)) {
			c.lock(other.Table, mode)
		}
	}
	for _, other := range r.named(before) {
		c.lock(other, AccessShare)
	}
	return c
}

// mentions reports whether the rest names the column.
func (r *reader) mentions(column string) bool {
	return slices.ContainsFunc(r.tokens, func(t schema.Token) bool { return t.Folded() == column })
}

// copyRows is COPY, to or from a table.
func copyRows(r *reader, before schema.Schema) Claim {
	if r.next("(") {
		return query(r, before)
	}
	into := &reader{r.tokens}
	if into.skipTo("from") {
		return changeRows("insert into", r, before)
	}
	var c Claim
	table := r.name()
	c.lock(table, AccessShare)
	c.work(Scan, table)
	return c
}
