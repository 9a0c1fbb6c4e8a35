package lint

import (
	"fmt"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// safer returns how to do what the operation does without blocking others for more than a moment; "" if there is no
// other way.
func safer(o op.Operation) string {
	switch o := o.(type) {
	case *op.CreateIndex:
		return "build it with .Concurrently() in a revision of its own, which then runs outside a transaction"
	case *op.AddUnique:
		return fmt.Sprintf("first build a unique index, in a revision of its own, with m.CreateIndex(%q, %q, %s).Unique()."+
			"Concurrently(), and add the constraint with .UsingIndex(%[1]q)",
			"idx_"+o.Unique.Name, o.Table, arguments(o.Unique.Columns))
	case *op.AddPrimaryKey:
		return fmt.Sprintf("first make the columns NOT NULL, build a unique index in a revision of its own, with "+
			"m.CreateIndex(%q, %q, %s).Unique().Concurrently(), and add the key with .UsingIndex(%[1]q)",
			schema.ObjectName(o.Table, "", "key"), o.Table, arguments(o.Key.Columns))
	case *op.AddCheck:
		return fmt.Sprintf("add it with .NotValid(), and check the rows with m.ValidateCheck(%q, %q) in the next revision",
			o.Check.Name, o.Table)
	case *op.AddForeignKey:
		return fmt.Sprintf("add it with .NotValid(), and check the rows with m.ValidateForeignKey(%q, %q) in the "+
			"next revision", o.Key.Name, o.Table)
	case *op.AddColumn:
		return saferColumn(o)
	case *op.AlterColumn:
		return saferAlteration(o)
	case *op.SQL:
		return "change many rows in batches, with m.BatchesSQL in a revision without a transaction"
	case *op.Run:
		return "change many rows in batches, with m.Batches in a revision without a transaction"
	default:
		return ""
	}
}

func saferColumn(o *op.AddColumn) string {
	if o.Column.Computed() {
		return "add an ordinary column, fill it with m.Batches, and keep it up to date with a trigger"
	}
	if o.Column.Default.Kind != schema.NoDefault {
		return fmt.Sprintf("add it without the default, set that with m.AlterColumn(%q, %q).Default(…), and fill the "+
			"existing rows with m.Batches in a later revision", o.Table, o.Column.Name)
	}
	return fmt.Sprintf("add it without the clauses that make PostgreSQL read or write the table, such as NotNull(), "+
		"fill the existing rows with m.Batches, and add the rest with m.AlterColumn(%q, %q) in a later revision",
		o.Table, o.Column.Name)
}

func saferAlteration(o *op.AlterColumn) string {
	if o.Change.Type != nil {
		return "add a column of the new type, keep the two in sync, fill it with m.Batches, and switch the program over " +
			"before the old one is dropped: {db} migrate --online writes that"
	}
	if o.Change.NotNull == nil {
		return ""
	}
	check := schema.ObjectName("chk_"+o.Table, o.Column, "not_null")
	return fmt.Sprintf("m.AddCheck(%q, %q, %q).NotValid(), and m.ValidateCheck in the next revision; PostgreSQL then "+
		"skips the scan, and the check can be dropped", check, o.Table, o.Column+" IS NOT NULL")
}

// arguments returns names as Go string arguments.
func arguments(names []string) string {
	var quoted []string
	for _, n := range names {
		quoted = append(quoted, fmt.Sprintf("%q", n))
	}
	return strings.Join(quoted, ", ")
}
