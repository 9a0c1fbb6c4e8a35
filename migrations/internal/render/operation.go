package render

import (
	"fmt"
	"strconv"
	"strings"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// statement returns the Go statement that records the operation; tabs is how far it is indented.
func statement(o op.Operation, tabs int) (string, error) {
	switch o := o.(type) {
	case *op.CreateTable:
		return createTable(o.Table, tabs)
	case *op.DropTable:
		return on("DropTable", text(o.Table)), nil
	case *op.RenameTable:
		return on("RenameTable", names(o.From, o.To)), nil
	case *op.CommentTable:
		return on("CommentTable", text(o.Table), text(o.Text)), nil
	case *op.AddColumn:
		return addColumn(o, tabs), nil
	case *op.DropColumn:
		return on("DropColumn", names(o.Table, o.Column)), nil
	case *op.AlterColumn:
		return alterColumn(o, tabs), nil
	case *op.RenameColumn:
		return on("RenameColumn", names(o.Table, o.From, o.To)), nil
	case *op.CommentColumn:
		return on("CommentColumn", names(o.Table, o.Column), text(o.Text)), nil
	case *op.CreateIndex:
		return createIndex(o, tabs), nil
	case *op.DropIndex:
		return on("DropIndex", names(o.Index, o.Table)) + when(o.Concurrent, ".Concurrently()"), nil
	case *op.RenameIndex:
		return on("RenameIndex", names(o.From, o.To, o.Table)), nil
	case *op.AddPrimaryKey:
		return on("AddPrimaryKey", text(o.Table), names(o.Key.Columns...)) +
			when(o.Key.Name != "", ".Named("+text(o.Key.Name)+")") + usingIndex(o.Index), nil
	case *op.DropPrimaryKey:
		return on("DropPrimaryKey", text(o.Table)), nil
	case *op.AddUnique:
		return on("AddUnique", names(o.Unique.Name, o.Table), names(o.Unique.Columns...)) + usingIndex(o.Index), nil
	case *op.DropUnique:
		return on("DropUnique", names(o.Name, o.Table)), nil
	case *op.AddCheck:
		return on("AddCheck", names(o.Check.Name, o.Table), text(o.Check.Expression)) +
			when(o.Check.NotValid, ".NotValid()"), nil
	case *op.DropCheck:
		return on("DropCheck", names(o.Name, o.Table)), nil
	case *op.AddForeignKey:
		return addForeignKey(o, tabs), nil
	case *op.DropForeignKey:
		return on("DropForeignKey", names(o.Name, o.Table)), nil
	case *op.ValidateCheck:
		return on("ValidateCheck", names(o.Name, o.Table)), nil
	case *op.ValidateForeignKey:
		return on("ValidateForeignKey", names(o.Name, o.Table)), nil
	case *op.RenameConstraint:
		return on("RenameConstraint", names(o.From, o.To, o.Table)), nil
	case *op.SQL:
		return sqlStep(o, tabs)
	case *op.Batches:
		return batches(o)
	case *op.Run:
		return "", fmt.Errorf("%s: Go code cannot be written into a revision", o)
	default:
		return "", fmt.Errorf("%s: there is no way to write it", o)
	}
}

// on returns a call of a method of the migration.
func on(method string, arguments ...string) string {
	return "m." + method + "(" + strings.Join(compact(arguments), ", ") + ")"
}

func compact(texts []string) []string {
	var kept []string
	for _, t := range texts {
		if t != "" {
			kept = append(kept, t)
		}
	}
	return kept
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
	head := on("AddForeignKey", names(o.Key.Name, o.Table), names(o.Key.Columns...))
	return chain(tabs, append([]string{head}, references(o.Key)...)...)
}

func usingIndex(name string) string { return when(name != "", ".UsingIndex("+text(name)+")") }

func alterColumn(o *op.AlterColumn, tabs int) string {
	calls := []string{on("AlterColumn", names(o.Table, o.Column))}
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
	head := on("CreateIndex", names(i.Name, o.Table), names(columns...))
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

// plainKeys returns the columns of an index whose keys are nothing else.
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

// expressionKey puts what follows an expression into it, which means the same.
func expressionKey(k schema.IndexKey) string {
	return k.Expression + when(k.Collate != "", " COLLATE "+k.Collate) + when(k.Order != "", " "+k.Order)
}

// sqlStep returns a statement of SQL, with what undoes it and what it is declared to do.
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

// batches returns a statement of SQL that is executed in batches.
func batches(o *op.Batches) (string, error) {
	if o.Step != nil {
		return "", fmt.Errorf("%s: Go code cannot be written into a revision", o)
	}
	arguments := text(o.Table) + ", " + strconv.Itoa(o.Size) + ", "
	return "m." + strings.Replace(dialectCall("BatchesSQL", o.Text), "(", "("+arguments, 1), nil
}

// dialectCall returns a call with one text, or with one for each dialect.
func dialectCall(method string, texts schema.SQL) string {
	if texts.Postgres == texts.SQLite {
		return method + "(" + text(texts.Postgres) + ")"
	}
	return method + "For(" + dialects(texts) + ")"
}
