package lint

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// verbs are the statements of which something is known.
var verbs = []string{
	"create", "drop", "alter table", "alter index", "comment on", "insert into", "update", "delete from", "merge into",
	"truncate", "lock", "select", "with", "values", "table", "set", "reset", "savepoint", "release", "show",
	"grant", "revoke",
	"vacuum", "analyze", "reindex", "cluster", "refresh", "copy", "alter sequence", "alter type", "alter function",
	"alter view", "alter schema", "alter domain", "alter default privileges",
}

// statement returns what a statement of SQL does, given the schema before it.
func statement(sql string, before schema.Schema) Claim {
	r := read(sql)
	switch verb := r.any(verbs...); verb {
	case "create":
		return create(r, before)
	case "drop":
		return drop(r, before)
	case "alter table":
		return alterTable(r, before)
	case "alter index":
		return alterIndex(r)
	case "alter domain", "alter type":
		return alterType(r)
	case "comment on":
		return comment(r)
	case "truncate":
		return truncate(r, before)
	case "lock":
		return lockTable(r)
	case "vacuum", "analyze", "reindex", "cluster", "refresh", "":
		return maintenance(verb, r)
	case "set", "reset", "savepoint", "release", "show", "grant", "revoke", "alter sequence", "alter function",
		"alter view",
		"alter schema", "alter default privileges":
		return Claim{}
	default:
		return rows(verb, r, before)
	}
}

// rows is a statement that reads or changes rows.
func rows(verb string, r *reader, before schema.Schema) Claim {
	switch verb {
	case "insert into", "update", "delete from", "merge into":
		return change(verb, r, before)
	case "copy":
		return copying(r, before)
	}
	if verb == "with" && (r.has("update") || r.has("delete") || r.has("insert") || r.has("merge")) {
		return Claim{Work: Unknown}
	}
	if verb == "table" {
		return query(read("SELECT * FROM "+r.rest()), before)
	}
	return query(r, before)
}

func drop(r *reader, before schema.Schema) Claim {
	var c Claim
	cascade := r.has("cascade")
	switch r.any("table", "index", "trigger", "rule", "policy", "materialized view", "view") {
	case "table":
		r.accept("if", "exists")
		for _, part := range r.parts() {
			table := part.name()
			c.lock(table, AccessExclusive)
			t, known := before.Table(table)
			if cascade {
				c.lockReferring(table, before)
			}
			if !known { // nor is its partitioned table, and what its foreign keys point at
				c.work(Unknown, "")
			}
			for _, k := range t.ForeignKeys {
				c.lock(k.RefTable, AccessExclusive)
			}
		}
	case "index":
		mode := AccessExclusive
		if c.Free = r.accept("concurrently"); c.Free {
			mode = ShareUpdateExclusive
		}
		r.accept("if", "exists")
		c.lock(indexTable(r.name(), before), mode)
	case "trigger", "rule", "policy":
		r.skipTo("on")
		c.lock(r.name(), AccessExclusive)
	default:
		if cascade { // the columns of a type, the tables of a schema, whatever else depends on it
			c.work(Unknown, "")
		}
	}
	return c
}

// lockReferring locks the tables whose foreign keys to the table go with it.
func (c *Claim) lockReferring(table string, before schema.Schema) {
	for _, other := range before.References(table) {
		c.lock(other.Table, AccessExclusive)
	}
}

// indexTable returns the table of an index, or the index itself if the history does not know it.
func indexTable(index string, before schema.Schema) string {
	space, bare := "", index
	if i := strings.LastIndex(index, "."); i >= 0 {
		space, bare = index[:i+1], index[i+1:]
	}
	for _, t := range before.Tables() {
		inSpace := space == "" || strings.HasPrefix(t.Name, space)
		if inSpace && slices.Contains(append(t.IndexNames(), t.PrimaryKey.Name), bare) {
			return t.Name
		}
	}
	return index
}

// alterIndex knows that renaming an index, and its parameters, keep nobody from its table. While it is moved, nobody
// can plan a query of the table.
func alterIndex(r *reader) Claim {
	var c Claim
	if r.has("tablespace") || r.has("attach") {
		c.work(Unknown, "")
	}
	return c
}

// alterType changes a type, of which the tables that use it are not known: those of a domain are read for a new check,
// those of a composite type get a new column.
func alterType(r *reader) Claim {
	var c Claim
	validates := r.has("validate") || r.has("add") && !r.has("value") && !r.has("not", "valid") || r.has("check") &&
		!r.has("not", "valid")
	if validates || r.has("attribute") || r.has("set", "not", "null") {
		c.work(Unknown, "")
	}
	return c
}

func comment(r *reader) Claim {
	var c Claim
	switch r.any("table", "column", "constraint", "trigger", "policy", "rule") {
	case "table":
		c.lock(r.name(), ShareUpdateExclusive)
	case "column":
		c.lock(ownerOf(r.name()), ShareUpdateExclusive)
	case "constraint", "trigger", "policy", "rule":
		r.skipTo("on")
		r.accept("domain")
		c.lock(r.name(), AccessShare)
	default:
	}
	return c
}

func truncate(r *reader, before schema.Schema) Claim {
	var c Claim
	r.accept("table")
	cascade := r.has("cascade")
	for _, part := range r.parts() {
		part.accept("only")
		c.lock(part.name(), AccessExclusive)
	}
	for i := 0; cascade && i < len(c.Locks); i++ {
		c.lockReferring(c.Locks[i].Table, before)
	}
	return c
}

func lockTable(r *reader) Claim {
	var c Claim
	r.accept("table")
	mode := AccessExclusive
	if in := (&reader{r.tokens}); in.skipTo("in") {
		for m := range modes {
			if m > 0 && in.next(append(strings.Fields(modes[m]), "mode")...) {
				mode = Mode(m)
			}
		}
	}
	for _, part := range r.parts() {
		part.accept("only")
		c.lock(part.name(), mode)
	}
	return c
}

// maintenance is what reads or writes whole tables, and what nothing is known of.
func maintenance(verb string, r *reader) Claim {
	free := verb == "analyze" || verb == "vacuum" && !r.has("full")
	if !free {
		return Claim{Work: Unknown, Free: r.has("concurrently") && verb != ""}
	}
	c := Claim{Free: true}
	for r.next("(") || r.next("verbose") || r.next("analyze") || r.next("freeze") {
		if r.tokens = r.tokens[1:]; r.has(")") && !r.next("verbose") {
			r.skipTo(")")
		}
	}
	for _, part := range r.parts() {
		table := part.name()
		c.lock(table, ShareUpdateExclusive)
		c.work(Scan, table)
	}
	return c
}
