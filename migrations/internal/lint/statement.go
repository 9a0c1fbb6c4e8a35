package lint

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// statement returns what a statement of SQL does, given the schema before it.
func statement(sql string, before schema.Schema) Claim {
	r := read(sql)
	switch verb := r.any("create", "drop", "alter table", "alter index", "comment on", "insert into", "update", "delete from",
		"merge into", "truncate", "lock", "select", "with", "values", "set", "reset", "savepoint", "release", "show", "grant",
		"revoke", "vacuum", "analyze", "reindex", "cluster", "refresh", "copy", "alter sequence", "alter type", "alter function",
		"alter view", "alter schema", "alter domain", "alter default privileges"); verb {
	case "create":
		return create(r)
	case "drop":
		return drop(r, before)
	case "alter table":
		return alterTable(r, before)
	case "alter index":
		return alterIndex(r, before)
	case "comment on":
		return comment(r)
	case "insert into", "update", "delete from", "merge into", "copy":
		return change(r)
	case "truncate":
		return truncate(r)
	case "lock":
		return lockTable(r)
	case "vacuum", "reindex", "cluster", "refresh", "":
		return maintenance(verb, r)
	default:
		if verb == "with" && (r.has("update") || r.has("delete") || r.has("insert")) {
			return Claim{Work: Unknown}
		}
		return reads(verb, r, before)
	}
}

// reads is a statement that at most reads. The sequence of a column that starts to count is set past its largest
// number, which an index knows.
func reads(verb string, r *reader, before schema.Schema) Claim {
	var c Claim
	if verb != "select" {
		return c
	}
	largest := &reader{r.tokens}
	isMax := largest.skipToDeep("max") && largest.accept("(")
	if !r.skipTo("from") {
		return c
	}
	table := r.name()
	c.lock(table, AccessShare)
	if t, _ := before.Table(table); !isMax || !leadsIndex(t, largest.name()) {
		c.work(Scan, table)
	}
	return c
}

// leadsIndex reports whether the column is the first of an index of all rows.
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

func create(r *reader) Claim {
	var c Claim
	r.accept("or", "replace")
	for r.any("temp", "temporary", "unlogged", "constraint") != "" {
		continue
	}
	switch r.any("table", "unique index", "index", "trigger", "rule", "policy", "statistics") {
	case "table":
		r.accept("if", "not", "exists")
		own := r.name()
		for r.skipToDeep("references") {
			if target := r.name(); target != own {
				c.lock(target, ShareRowExclusive)
			}
		}
	case "unique index", "index":
		mode := Share
		if c.Free = r.accept("concurrently"); c.Free {
			mode = ShareUpdateExclusive
		}
		r.skipTo("on")
		r.accept("only")
		table := r.name()
		c.lock(table, mode)
		c.work(Build, table)
	case "trigger":
		r.skipTo("on")
		c.lock(r.name(), ShareRowExclusive)
	case "rule", "policy":
		r.skipTo("on")
		c.lock(r.name(), AccessExclusive)
	default: // a sequence, a function, a type, a schema, a view: nothing that others use
	}
	return c
}

// skipToDeep is skipTo inside parentheses, too.
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

func drop(r *reader, before schema.Schema) Claim {
	var c Claim
	switch r.any("table", "index", "trigger", "rule", "policy", "materialized view", "view") {
	case "table":
		r.accept("if", "exists")
		for _, part := range r.parts() {
			table := part.name()
			c.lock(table, AccessExclusive)
			t, _ := before.Table(table)
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
	}
	return c
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

// alterIndex knows that renaming an index keeps nobody from its table.
func alterIndex(r *reader, before schema.Schema) Claim {
	var c Claim
	r.accept("if", "exists")
	index := r.name()
	if !r.next("rename") {
		c.lock(indexTable(index, before), ShareUpdateExclusive)
	}
	return c
}

func comment(r *reader) Claim {
	var c Claim
	switch r.any("table", "column") {
	case "table":
		c.lock(r.name(), ShareUpdateExclusive)
	case "column":
		name := r.name()
		if i := strings.LastIndex(name, "."); i > 0 {
			c.lock(name[:i], ShareUpdateExclusive)
		}
	default:
	}
	return c
}

func change(r *reader) Claim {
	var c Claim
	r.accept("only")
	table := r.name()
	c.lock(table, RowExclusive)
	c.work(Rows, table)
	return c
}

func truncate(r *reader) Claim {
	var c Claim
	r.accept("table")
	for _, part := range r.parts() {
		part.accept("only")
		c.lock(part.name(), AccessExclusive)
	}
	return c
}

func lockTable(r *reader) Claim {
	var c Claim
	r.accept("table")
	r.accept("only")
	table, mode := r.name(), AccessExclusive
	if r.skipTo("in") {
		for m := range modes {
			if m > 0 && r.next(strings.Fields(modes[m])...) {
				mode = Mode(m)
			}
		}
	}
	c.lock(table, mode)
	return c
}

// maintenance is what reads or writes whole tables, and what nothing is known of.
func maintenance(verb string, r *reader) Claim {
	concurrently := r.has("concurrently")
	if verb == "vacuum" && !r.has("full") {
		return Claim{Free: true}
	}
	return Claim{Work: Unknown, Free: concurrently && verb != ""}
}
