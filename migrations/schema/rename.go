package schema

import "strings"

// RenameTable returns the schema with the table renamed, and every reference to it with it.
func (s Schema) RenameTable(from, to string) Schema {
	t, ok := s.Table(from)
	if !ok {
		return s
	}
	t = t.Clone()
	t.Name = to
	t.rewrite(func(sql string) string { return replaceTable(sql, unqualified(from), unqualified(to)) })
	renamed := s.Without(from).With(t).retype(from, func(tokens []Token, r reference) { r.renameTable(tokens, to) })
	return renamed.retarget(from, func(k *ForeignKey) { k.RefTable = to })
}

// RenameColumn returns the schema with the column renamed, and every reference to it with it.
func (s Schema) RenameColumn(table, from, to string) Schema {
	t, ok := s.Table(table)
	if !ok {
		return s
	}
	t = t.Clone()
	t.renameColumn(from, to)
	renamed := s.With(t).retype(table, func(tokens []Token, r reference) { r.renameColumn(tokens, from, to) })
	return renamed.retarget(table, func(k *ForeignKey) { replace(k.RefColumns, from, to) })
}

// retarget applies change, which must be idempotent, to the foreign keys that point at the table.
func (s Schema) retarget(table string, change func(k *ForeignKey)) Schema {
	for _, r := range s.References(table) {
		t, _ := s.Table(r.Table)
		t = t.Clone()
		for n := range t.ForeignKeys {
			if t.ForeignKeys[n].RefTable == table {
				change(&t.ForeignKeys[n])
			}
		}
		s = s.With(t)
	}
	return s
}

func (t *Table) renameColumn(from, to string) {
	for n := range t.Columns {
		if t.Columns[n].Name == from {
			t.Columns[n].Name = to
		}
	}
	replace(t.PrimaryKey.Columns, from, to)
	for _, u := range t.Uniques {
		replace(u.Columns, from, to)
	}
	for _, k := range t.ForeignKeys {
		replace(k.Columns, from, to)
	}
	for _, i := range t.Indexes {
		for n := range i.Keys {
			if i.Keys[n].Column == from {
				i.Keys[n].Column = to
			}
		}
	}
	t.rewrite(func(sql string) string { return replaceColumn(sql, from, to) })
}

// rewrite applies change to every expression of the table.
func (t *Table) rewrite(change func(sql string) string) {
	for n := range t.Columns {
		c := &t.Columns[n]
		c.Generated, c.Type = change(c.Generated), c.Type.rewrite(change)
	}
	for n := range t.Checks {
		t.Checks[n].Expression = change(t.Checks[n].Expression)
	}
	for n := range t.Indexes {
		i := &t.Indexes[n]
		i.Where, i.Option = change(i.Where), change(i.Option)
		for k := range i.Keys {
			i.Keys[k].Expression = change(i.Keys[k].Expression)
		}
	}
}

func replace(list []string, from, to string) {
	for n := range list {
		if list[n] == from {
			list[n] = to
		}
	}
}

func replaceColumn(sql, from, to string) string {
	return replaceTokens(sql, to, func(tokens []Token, i int) bool {
		return isColumnName(tokens, i) && hasName(tokens[i], from)
	})
}

// Substitute returns the SQL with the column replaced by an expression.
func Substitute(sql, column, expression string) string {
	var b strings.Builder
	tokens := Tokens(sql)
	for i, t := range tokens {
		if isColumnName(tokens, i) && hasName(t, column) {
			b.WriteString(expression)
		} else {
			b.WriteString(t.Text)
		}
	}
	return b.String()
}

// unqualified returns the name of a table without its schema, as expressions use it.
func unqualified(table string) string { return table[strings.LastIndex(table, ".")+1:] }

// replaceTable replaces the table in table.column, but not a schema of the same name in schema.table.column.
func replaceTable(sql, from, to string) string {
	return replaceTokens(sql, to, func(tokens []Token, i int) bool {
		column := after(tokens, after(tokens, i))
		return hasName(tokens[i], from) && neighbor(tokens, i, 1).Text == "." && neighbor(tokens, column, 1).Text != "."
	})
}

// Unqualify returns the expression with table.column written as column.
func Unqualify(sql, table string) string {
	var b strings.Builder
	tokens := Tokens(sql)
	for i := 0; i < len(tokens); i++ {
		if i+1 < len(tokens) && tokens[i+1].Text == "." && hasName(tokens[i], table) {
			i++
			continue
		}
		b.WriteString(tokens[i].Text)
	}
	return b.String()
}

func replaceTokens(sql, to string, matches func(tokens []Token, i int) bool) string {
	var b strings.Builder
	tokens := Tokens(sql)
	for i, t := range tokens {
		if matches(tokens, i) {
			b.WriteString(quote(to))
		} else {
			b.WriteString(t.Text)
		}
	}
	return b.String()
}

// quote quotes a name for either dialect. It always does, as the name may be a keyword.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
