package lint

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// verbs are the statements that lint knows.
var verbs = []string{
	"create", "drop", "alter table", "alter index", "comment on", "insert into", "update", "delete from", "merge into",
	"truncate", "lock", "select", "with", "values", "table", "set", "reset", "savepoint", "release", "show", "grant",
	"revoke", "vacuum", "analyze", "reindex", "cluster", "refresh", "copy", "alter sequence", "alter type",
	"alter function", "alter view", "alter schema", "alter domain", "alter default privileges",
}

// statement returns the claim of a statement on a database whose schema is before.
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
		"alter view", "alter schema", "alter default privileges":
		return Claim{}
	default:
		return rowStatement(verb, r, before)
	}
}

// rowStatement is a statement that reads or changes rows.
func rowStatement(verb string, r *reader, before schema.Schema) Claim {
	switch verb {
	case "insert into", "update", "delete from", "merge into":
		return changeRows(verb, r, before)
	case "copy":
		return copyRows(r, before)
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
			if !known { // so its partitioned table and the targets of its foreign keys are unknown too
				c.work(Unknown, "")
			}
			for _, k := range t.ForeignKeys {
				c.lock(k.RefTable, AccessExclusive)
			}
		}
	case "index":
		mode := AccessExclusive
		if c.NonBlocking = r.accept("concurrently"); c.NonBlocking {
			mode = ShareUpdateExclusive
		}
		r.accept("if", "exists")
		c.lock(indexTable(r.name(), before), mode)
	case "trigger", "rule", "policy":
		r.skipTo("on")
		c.lock(r.name(), AccessExclusive)
	default:
		if cascade { // to the columns of a type, the tables of a schema and other dependents
			c.work(Unknown, "")
		}
	}
	return c
}

// lockReferring locks the tables whose foreign keys to the table are dropped with it.
func (c *Claim) lockReferring(table string, before schema.Schema) {
	for _, other := range before.References(table) {
		c.lock(other.Table, AccessExclusive)
	}
}

// indexTable returns the table of an index, or the index itself if the schema does not have it.
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

// alterIndex renames an index or sets its parameters; neither blocks the use of its table. Moving it to another
// tablespace keeps others from planning queries on the table.
func alterIndex(r *reader) Claim {
	var c Claim
	if r.has("tablespace") || r.has("attach") {
		c.work(Unknown, "")
	}
	return c
}

// alterType changes a type. The tables that use it are unknown: a new check of a domain scans them, a new attribute of
// a composite type is added to them.
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

// maintenance is a statement that reads or writes whole tables, or that is unknown.
func maintenance(verb string, r *reader) Claim {
	free := verb == "analyze" || verb == "vacuum" && !r.has("full")
	if !free {
		return Claim{Work: Unknown, NonBlocking: r.has("concurrently") && verb != ""}
	}
	c := Claim{NonBlocking: true}
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
