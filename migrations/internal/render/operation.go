package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// statement returns the Go statement that records the operation, indented by tabs.
func statement(o op.Operation, tabs int) (string, error) {
	switch o := o.(type) {
	case *op.CreateTable:
		return createTable(o.Table, tabs)
	case *op.DropTable:
		return on(tabs, "DropTable", text(o.Table)), nil
	case *op.RenameTable:
		return on(tabs, "RenameTable", names(o.From, o.To)), nil
	case *op.CommentTable:
		return on(tabs, "CommentTable", text(o.Table), text(o.Text)), nil
	case *op.AddColumn:
		return addColumn(o, tabs), nil
	case *op.DropColumn:
		return on(tabs, "DropColumn", names(o.Table, o.Column)), nil
	case *op.AlterColumn:
		return alterColumn(o, tabs), nil
	case *op.RenameColumn:
		return on(tabs, "RenameColumn", names(o.Table, o.From, o.To)), nil
	case *op.CommentColumn:
		return on(tabs, "CommentColumn", names(o.Table, o.Column), text(o.Text)), nil
	case *op.CreateIndex:
		return createIndex(o, tabs), nil
	case *op.DropIndex:
		return on(tabs, "DropIndex", names(o.Index, o.Table)) + when(o.Concurrent, ".Concurrently()"), nil
	case *op.RenameIndex:
		return on(tabs, "RenameIndex", names(o.From, o.To, o.Table)), nil
	case *op.AddPrimaryKey:
		return on(tabs, "AddPrimaryKey", text(o.Table), names(o.Key.Columns...)) +
			when(o.Key.Name != "", ".Named("+text(o.Key.Name)+")") + usingIndex(o.Index), nil
	case *op.DropPrimaryKey:
		return on(tabs, "DropPrimaryKey", text(o.Table)), nil
	case *op.AddUnique:
		return on(tabs, "AddUnique", names(o.Unique.Name, o.Table), names(o.Unique.Columns...)) + usingIndex(o.Index), nil
	case *op.DropUnique:
		return on(tabs, "DropUnique", names(o.Name, o.Table)), nil
	case *op.AddCheck:
		return on(tabs, "AddCheck", names(o.Check.Name, o.Table), text(o.Check.Expression)) +
			when(o.Check.NotValid, ".NotValid()"), nil
	case *op.DropCheck:
		return on(tabs, "DropCheck", names(o.Name, o.Table)), nil
	case *op.AddForeignKey:
		return addForeignKey(o, tabs), nil
	case *op.DropForeignKey:
		return on(tabs, "DropForeignKey", names(o.Name, o.Table)), nil
	case *op.ValidateCheck:
		return on(tabs, "ValidateCheck", names(o.Name, o.Table)), nil
	case *op.ValidateForeignKey:
		return on(tabs, "ValidateForeignKey", names(o.Name, o.Table)), nil
	case *op.RenameConstraint:
		return on(tabs, "RenameConstraint", names(o.From, o.To, o.Table)), nil
	case *op.SQL:
		return sqlStep(o, tabs)
	case *op.Batches:
		return batches(o)
	case *op.Run:
		return "", fmt.Errorf("%s: Go code cannot be written into a revision", o)
	default:
		return "", fmt.Errorf("%s: unknown operation", o)
	}
}

// on returns a call of a method of the migration. An argument may be a list of them.
func on(tabs int, method string, arguments ...string) string {
	return call(tabs, "m."+method, arguments...)
}

// call returns a call of a function, with a break before an argument where the line would be too long.
func call(tabs int, function string, arguments ...string) string {
	text, length := function+"(", tabs*tab+len(function)+1
	for n, argument := range compact(arguments) {
		size := len([]rune(argument))
		switch {
		case n == 0:
		case length+len(", ")+size+len(")") > width:
			text, length = text+",\n"+indent(tabs+1), (tabs+1)*tab
		default:
			text, length = text+", ", length+len(", ")
		}
		text, length = text+argument, length+size
	}
	return text + ")"
}

// compact returns the texts that are not empty.
func compact(texts []string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return t == "" })
}

func when(condition bool, text string) string {
	if condition {
		return text
	}
	return ""
}

func names(values ...string) string {
	quoted := make([]string, 0, len(values))
	for _, v := range values {
		quoted = append(quoted, text(v))
	}
	return strings.Join(quoted, ", ")
}

func addColumn(o *op.AddColumn, tabs int) string {
	calls := columnDef(o.Column, false)
	calls[0] = "m.AddColumn(" + text(o.Table) + ", " + calls[0]
	return chain(tabs, calls...) + ")"
}

func addForeignKey(o *op.AddForeignKey, tabs int) string {
	head := on(tabs, "AddForeignKey", names(o.Key.Name, o.Table), names(o.Key.Columns...))
	return chain(tabs, append([]string{head}, references(o.Key)...)...)
}

func usingIndex(name string) string { return when(name != "", ".UsingIndex("+text(name)+")") }

func alterColumn(o *op.AlterColumn, tabs int) string {
	calls := []string{on(tabs, "AlterColumn", names(o.Table, o.Column))}
	if o.Change.Type != nil {
		calls = append(calls, "Type("+columnType(*o.Change.Type)+")")
	}
	if using := o.Change.Using; !using.IsZero() {
		calls = append(calls, dialectCall("Using", using))
	}
	if o.Change.NotNull != nil {
		calls = append(calls, either(*o.Change.NotNull, "NotNull()", "Nullable()"))
	}
	if d := o.Change.Default; d != nil {
		calls = append(calls, either(d.Kind == schema.NoDefault, "NoDefault()", "Default("+defaultValue(*d)+")"))
	}
	if o.Change.AutoIncrement != nil {
		calls = append(calls, either(*o.Change.AutoIncrement, "AutoIncrement()", "NoAutoIncrement()"))
	}
	if o.Change.Generated != nil {
		calls = append(calls, "Generated("+text(*o.Change.Generated)+")")
	}
	return chain(tabs, calls...)
}

func either(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

func createIndex(o *op.CreateIndex, tabs int) string {
	i := o.Index
	plain, columns := plainKeys(i)
	head := on(tabs, "CreateIndex", names(i.Name, o.Table), names(columns...))
	calls := []string{head}
	if !plain {
		calls = append(calls, "On("+indexKeys(i.Keys)+")")
	}
	if i.Unique {
		calls = append(calls, "Unique()")
	}
	if i.Method != "" {
		calls = append(calls, "Using("+text(i.Method)+")")
	}
	if i.Option != "" {
		calls = append(calls, "With("+text(i.Option)+")")
	}
	if i.Where != "" {
		calls = append(calls, "Where("+text(i.Where)+")")
	}
	if o.Concurrent {
		calls = append(calls, "Concurrently()")
	}
	return chain(tabs, calls...)
}

// plainKeys reports whether the keys of an index are columns and nothing more, and returns them.
func plainKeys(i schema.Index) (plain bool, columns []string) {
	for _, k := range i.Keys {
		if k != (schema.IndexKey{Column: k.Column}) {
			return false, nil
		}
		columns = append(columns, k.Column)
	}
	return true, columns
}

func indexKeys(keys []schema.IndexKey) string {
	var texts []string
	for _, k := range keys {
		texts = append(texts, indexKey(k))
	}
	return strings.Join(texts, ", ")
}

func indexKey(k schema.IndexKey) string {
	collate := when(k.Collate != "", ".Collate("+text(k.Collate)+")")
	switch {
	case k.Expression != "":
		return "op.Expr(" + text(expressionKey(k)) + ")"
	case k.Order == "":
		return "op.Asc(" + text(k.Column) + ")" + collate
	case strings.EqualFold(k.Order, "DESC"):
		return "op.Desc(" + text(k.Column) + ")" + collate
	default:
		return "op.Asc(" + text(k.Column) + ").Order(" + text(k.Order) + ")" + collate
	}
}

// expressionKey returns the expression of a key with its collation and order.
func expressionKey(k schema.IndexKey) string {
	return k.Expression + when(k.Collate != "", " COLLATE "+k.Collate) + when(k.Order != "", " "+k.Order)
}

// sqlStep returns the statement for SQL with its Undo and Declares.
func sqlStep(o *op.SQL, tabs int) (string, error) {
	calls := []string{"m." + dialectCall("SQL", o.Text)}
	if !o.Back.IsZero() {
		calls = append(calls, dialectCall("Undo", o.Back))
	}
	if len(o.Declared) > 0 {
		lines := []string{"Declares(func(m *op.Migration) {"}
		for _, d := range o.Declared {
			line, err := statement(d, tabs+1)
			if err != nil {
				return "", err
			}
			lines = append(lines, indent(tabs+1)+line)
		}
		calls = append(calls, strings.Join(append(lines, indent(tabs)+"})"), "\n"))
	}
	return chain(tabs, calls...), nil
}

// batches returns the statement for SQL that runs in batches.
func batches(o *op.Batches) (string, error) {
	if o.Step != nil {
		return "", fmt.Errorf("%s: Go code cannot be written into a revision", o)
	}
	arguments := text(o.Table) + ", " + strconv.Itoa(o.Size) + ", "
	return "m." + strings.Replace(dialectCall("BatchesSQL", o.Text), "(", "("+arguments, 1), nil
}

// dialectCall returns a call with one text, or with a text for each dialect.
func dialectCall(method string, texts schema.SQL) string {
	if texts.Postgres == texts.SQLite {
		return method + "(" + text(texts.Postgres) + ")"
	}
	return method + "For(" + dialects(texts) + ")"
}
