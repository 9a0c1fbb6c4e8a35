package lint

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// alteration collects the claim of one ALTER TABLE.
type alteration struct {
	Claim

	before schema.Schema
	table  string
	t      schema.Table // before; without columns if the history does not know it
}

func alterTable(r *reader, before schema.Schema) Claim {
	r.accept("if", "exists")
	r.accept("only")
	if r.next("all", "in") {
		return Claim{Work: Unknown}
	}
	a := alteration{table: r.name(), before: before}
	a.t, _ = before.Table(a.table)
	for _, action := range r.parts() {
		a.action(action)
	}
	return a.Claim
}

func (a *alteration) action(r *reader) {
	switch r.any("add", "drop", "alter", "rename", "validate constraint", "set statistics", "cluster on",
		"set without cluster", "enable trigger", "disable trigger", "set", "reset", "attach partition",
		"detach partition", "inherit", "no inherit") {
	case "add":
		a.add(r)
	case "drop":
		a.drop(r)
	case "alter":
		r.accept("column")
		a.column(r.name(), r)
	case "validate constraint":
		a.validate(r.name())
	case "enable trigger", "disable trigger":
		a.lock(a.table, ShareRowExclusive)
	case "cluster on", "set without cluster":
		a.lock(a.table, ShareUpdateExclusive)
	case "attach partition":
		a.lock(a.table, ShareUpdateExclusive)
		a.attach(r.name())
	case "detach partition":
		mode := AccessExclusive
		if a.NonBlocking = r.has("concurrently"); a.NonBlocking {
			mode = ShareUpdateExclusive
		}
		a.lock(a.table, mode)
		a.lock(r.name(), mode)
	case "inherit", "no inherit":
		a.lock(a.table, AccessExclusive)
		a.lock(r.name(), ShareUpdateExclusive)
	case "set", "reset":
		a.set(r)
	default: // RENAME, OWNER TO and all others
		a.lock(a.table, AccessExclusive)
	}
}

// attach makes a table a partition; PostgreSQL scans it for that.
func (a *alteration) attach(partition string) {
	a.lock(partition, AccessExclusive)
	a.work(Scan, partition)
}

// set is SET or RESET: storage parameters apply to later rows only, SET SCHEMA changes the catalogue only, and anything
// else rewrites the table.
func (a *alteration) set(r *reader) {
	switch {
	case r.next("("):
		a.lock(a.table, ShareUpdateExclusive)
	case r.next("schema"):
		a.lock(a.table, AccessExclusive)
	default:
		a.lock(a.table, AccessExclusive)
		a.work(Rewrite, a.table)
	}
}

func (a *alteration) add(r *reader) {
	if r.accept("constraint") {
		r.name()
	} else if !r.next("check") && !r.next("foreign", "key") && !r.next("unique") && !r.next("primary", "key") &&
		!r.next("exclude") {
		a.addColumn(r)
		return
	}
	notValid := r.has("not", "valid")
	switch r.any("check", "foreign key", "unique using index", "primary key using index", "unique", "primary key",
		"exclude") {
	case "check":
		a.lock(a.table, AccessExclusive)
		a.scanUnless(notValid)
	case "foreign key":
		a.lock(a.table, ShareRowExclusive)
		r.skipTo("references")
		a.lock(r.name(), ShareRowExclusive)
		a.scanUnless(notValid)
	case "unique using index":
		a.lock(a.table, AccessExclusive)
	case "primary key using index":
		a.lock(a.table, AccessExclusive)
		index, _ := a.t.Index(r.name())
		a.scanUnless(a.neverNull(index.Columns()))
	default:
		a.lock(a.table, AccessExclusive)
		a.work(Build, a.table)
	}
}

// scanUnless adds a scan of the table, unless PostgreSQL skips it.
func (a *alteration) scanUnless(skipped bool) {
	if !skipped {
		a.work(Scan, a.table)
	}
}

// neverNull reports whether PostgreSQL already knows that the columns hold no NULL.
func (a *alteration) neverNull(columns []string) bool {
	return len(columns) > 0 && !slices.ContainsFunc(columns, func(name string) bool {
		c, _ := a.t.Column(name)
		return !c.NotNull && !a.t.ChecksNotNull(name) // a valid check spares the scan
	})
}

func (a *alteration) addColumn(r *reader) {
	r.accept("column")
	r.accept("if", "not", "exists")
	r.name()
	a.lock(a.table, AccessExclusive)
	parts := schema.SplitType(r.rest())
	_, serial := schema.SerialBase(parts.Base)
	switch {
	case serial, parts.Expression != "", strings.Contains(strings.ToLower(r.rest()), "as identity"),
		isVolatile(parts.Default):
		a.work(Rewrite, a.table)
	case parts.Null == "NOT NULL" && parts.Default == "":
		a.work(Scan, a.table)
	case !isBuiltIn(schema.ParseColumnType(parts.Base).Name): // a domain with a check rewrites the table
		a.work(Unknown, a.table)
	}
	for _, clause := range parts.Constraints {
		a.inline(clause, parts.Default != "" && !strings.EqualFold(parts.Default, "null"))
	}
}

// inline is a constraint in the definition of a new column. A foreign key need not be checked if the column is NULL in
// all rows.
func (a *alteration) inline(clause string, filled bool) {
	r := read(clause)
	if r.accept("constraint") {
		r.name()
	}
	switch r.any("unique", "primary key", "check", "references") {
	case "unique", "primary key":
		a.work(Build, a.table)
	case "check":
		a.work(Scan, a.table)
	case "references":
		a.lock(r.name(), ShareRowExclusive)
		a.scanUnless(!filled)
	default:
	}
}

func (a *alteration) drop(r *reader) {
	a.lock(a.table, AccessExclusive)
	if r.has("cascade") {
		a.lockReferring(a.table, a.before)
	}
	if r.accept("constraint") {
		r.accept("if", "exists")
		key, _ := a.t.ForeignKey(r.name())
		a.lock(key.RefTable, AccessExclusive)
		return
	}
	r.accept("column")
	r.accept("if", "exists")
	for _, k := range a.t.Uses(r.name()).ForeignKeys {
		a.lock(k.RefTable, AccessExclusive)
	}
}

func (a *alteration) validate(constraint string) {
	a.lock(a.table, ShareUpdateExclusive)
	key, isKey := a.t.ForeignKey(constraint)
	a.lock(key.RefTable, RowShare)
	check, _ := a.t.Check(constraint)
	valid := isKey && !key.NotValid || check.Name != "" && !check.NotValid
	a.scanUnless(valid)
}

// column is ALTER COLUMN.
func (a *alteration) column(name string, r *reader) {
	switch r.any("type", "set data type", "set not null", "set statistics", "set storage", "set (", "reset (") {
	case "type", "set data type":
		a.lock(a.table, AccessExclusive)
		a.retype(name, r)
	case "set not null":
		a.lock(a.table, AccessExclusive)
		a.scanUnless(a.neverNull([]string{name}))
	case "set statistics", "set (", "reset (":
		a.lock(a.table, ShareUpdateExclusive)
	default: // defaults, DROP NOT NULL, identities, storage
		a.lock(a.table, AccessExclusive)
	}
}
