package render

import (
	"strings"

	"guestlist/migrations/schema"
)

// createTable returns the statement that creates a table, with a line for each column and constraint.
func createTable(t schema.Table, tabs int) (string, error) {
	key := t.PrimaryKey
	inline := key.Name == "" && len(key.Columns) == 1
	lines := []string{"m.CreateTable(" + text(t.Name) + ","}
	add := func(item string) { lines = append(lines, indent(tabs+1)+item+",") }
	for _, c := range t.Columns {
		add(chain(tabs+1, columnDef(c, inline && key.Columns[0] == c.Name)...))
	}
	if !inline && len(key.Columns) > 0 {
		add("op.PrimaryKey(" + names(key.Columns...) + ")" + when(key.Name != "", ".Named("+text(key.Name)+")"))
	}
	for _, u := range t.Uniques {
		add(call(tabs+1, "op.Unique", text(u.Name), names(u.Columns...)))
	}
	for _, c := range t.Checks {
		add(call(tabs+1, "op.Check", text(c.Name), text(c.Expression)) + when(c.NotValid, ".NotValid()"))
	}
	for _, k := range t.ForeignKeys {
		head := call(tabs+1, "op.ForeignKey", text(k.Name), names(k.Columns...))
		add(chain(tabs+1, append([]string{head}, references(k)...)...))
	}
	if t.Comment != "" {
		add("op.Comment(" + text(t.Comment) + ")")
	}
	return strings.Join(append(lines, indent(tabs)+")"), "\n"), nil
}

// columnDef returns the chained calls that define a column for CreateTable or AddColumn.
func columnDef(c schema.Column, primaryKey bool) []string {
	return compact([]string{
		"op.Column(" + text(c.Name) + ", " + columnType(c.Type) + ")",
		when(primaryKey, "PrimaryKey()"),
		when(c.AutoIncrement, "AutoIncrement()"),
		when(c.NotNull, "NotNull()"),
		when(c.Default.Kind != schema.NoDefault, "Default("+defaultValue(c.Default)+")"),
		when(c.Generated != "", "Generated("+text(c.Generated)+")"),
		when(c.Comment != "", "Comment("+text(c.Comment)+")"),
	})
}

// references returns the chained calls after op.ForeignKey or AddForeignKey: References, the actions, and NotValid.
func references(k schema.ForeignKey) []string {
	calls := []string{"References(" + names(append([]string{k.RefTable}, k.RefColumns...)...) + ")"}
	var actions []string
	if k.OnDelete != "" {
		actions = append(actions, "OnDelete("+text(k.OnDelete)+")")
	}
	if k.OnUpdate != "" {
		actions = append(actions, "OnUpdate("+text(k.OnUpdate)+")")
	}
	if len(actions) > 0 {
		calls = append(calls, strings.Join(actions, "."))
	}
	if k.NotValid {
		calls = append(calls, "NotValid()")
	}
	return calls
}
