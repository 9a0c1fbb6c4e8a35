package lint

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

func create(r *reader, before schema.Schema) Claim {
	var c Claim
	r.accept("or", "replace")
	for r.any("temp", "temporary", "unlogged", "constraint") != "" {
		continue
	}
	switch kind := r.any("table", "unique index", "index", "trigger", "rule", "policy", "statistics", "publication",
		"view", "recursive view", "materialized view", "sequence", "schema"); kind {
	case "table":
		return createTable(r, before)
	case "unique index", "index":
		mode := Share
		if c.NonBlocking = r.accept("concurrently"); c.NonBlocking {
			mode = ShareUpdateExclusive
		}
		r.skipTo("on")
		r.accept("only")
		table := r.name()
		c.lock(table, mode)
		c.work(Build, table)
	case "trigger", "rule", "policy":
		c.createOn(kind, r, before)
	case "statistics", "publication":
		c.lockNamed(r, before, ShareUpdateExclusive)
	case "view", "recursive view":
		c.lockNamed(r, before, AccessShare)
	case "materialized view":
		return query(r, before)
	case "sequence":
		if r.skipTo("owned") && r.accept("by") {
			c.lock(ownerOf(r.name()), AccessShare)
		}
	case "schema":
		if r.has("create") {
			c.work(Unknown, "")
		}
	default: // a function, a type, an extension: no locks on tables
	}
	return c
}

// createOn creates an object on a table; it may name other tables.
func (c *Claim) createOn(kind string, r *reader, before schema.Schema) {
	word, mode, others := "on", AccessExclusive, AccessShare
	switch kind {
	case "trigger":
		mode = ShareRowExclusive
	case "rule":
		word, others = "to", RowExclusive
	}
	r.skipTo(word)
	c.lock(r.name(), mode)
	c.lockNamed(r, before, others)
}

// lockNamed locks the tables that the rest of the statement names.
func (c *Claim) lockNamed(r *reader, before schema.Schema, mode Mode) {
	for _, table := range r.named(before) {
		c.lock(table, mode)
	}
}

// ownerOf returns the table of a qualified column name.
func ownerOf(column string) string { return column[:max(strings.LastIndex(column, "."), 0)] }

// createTable claims the tables that a new table refers to.
func createTable(r *reader, before schema.Schema) Claim {
	var c Claim
	r.accept("if", "not", "exists")
	own := r.name()
	if body := (&reader{r.tokens}); body.skipTo("as") && body.any("select", "with", "values", "table", "(") != "" {
		return query(r, before)
	}
	if r.accept("partition", "of") {
		parent := r.name()
		c.lock(parent, AccessExclusive)
		c.work(Unknown, "") // the rows of a default partition are read
		return c
	}
	if parents := (&reader{r.tokens}); parents.skipTo("inherits") {
		c.lockNamed(parents, before, ShareUpdateExclusive)
	}
	if like := (&reader{r.tokens}); like.skipToDeep("like") {
		c.lock(like.name(), AccessShare)
	}
	for r.skipToDeep("references") {
		if target := r.name(); target != own {
			c.lock(target, ShareRowExclusive)
		}
	}
	return c
}

// skipToDeep is skipTo, but also finds the word inside parentheses.
func (r *reader) skipToDeep(word string) bool {
	i := slices.IndexFunc(r.tokens, func(t schema.Token) bool {
		return t.Kind == schema.WordToken && strings.EqualFold(t.Text, word)
	})
	if i < 0 {
		return false
	}
	r.tokens = r.tokens[i+1:]
	return true
}
