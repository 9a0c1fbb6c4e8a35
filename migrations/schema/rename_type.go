package schema

import (
	"slices"
	"strings"
)

// rewrite applies change to the expressions in a Verbatim type, those of CHECK and AS (…). No other clause names a
// column of the table.
func (t Type) rewrite(change func(sql string) string) Type {
	return t.eachText(func(text string) string {
		tokens := Tokens(text)
		var b strings.Builder
		for i := 0; i < len(tokens); i++ {
			b.WriteString(tokens[i].Text)
			open := after(tokens, i)
			if !isOneOf(tokens[i], []string{"check", "as"}) || open == len(tokens) || tokens[open].Text != "(" {
				continue
			}
			end, _ := closing(tokens, open)
			last := max(end-1, open+1)
			b.WriteString(join(tokens[i+1:open+1]) + change(join(tokens[open+1:last])))
			i = last - 1
		}
		return b.String()
	})
}

func (t Type) eachText(change func(text string) string) Type {
	t.SQL = SQL{Postgres: change(t.SQL.Postgres), SQLite: change(t.SQL.SQLite)}
	return t
}

// Renamed returns the column with another name, also in its own type and expression.
func (c Column) Renamed(to string) Column {
	change := func(sql string) string { return replaceColumn(sql, c.Name, to) }
	c.Generated, c.Type, c.Name = change(c.Generated), c.Type.rewrite(change), to
	return c
}

// Renamed returns the table with another name, also in its own expressions and types.
func (t Table) Renamed(to string) Table {
	renamed, _ := New(t).RenameTable(t.Name, to).Table(to)
	return renamed
}

// retype applies change to every REFERENCES to the table in a Verbatim type.
func (s Schema) retype(table string, change func(tokens []Token, r reference)) Schema {
	for _, t := range s.tables {
		columns := slices.Clone(t.Columns)
		for n := range columns {
			columns[n].Type = columns[n].Type.eachText(func(text string) string {
				tokens := Tokens(text)
				for _, r := range references(tokens) {
					if r.to(tokens, table) {
						change(tokens, r)
					}
				}
				return join(tokens)
			})
		}
		if !slices.Equal(columns, t.Columns) {
			changed := *t
			changed.Columns = columns
			s = s.With(changed)
		}
	}
	return s
}

// reference holds the positions of the names in a REFERENCES: the table, after its schema if it has one, and the
// columns.
type reference struct{ table, columns []int }

func references(tokens []Token) []reference {
	var found []reference
	for i, t := range tokens {
		if !isOneOf(t, []string{"references"}) {
			continue
		}
		var r reference
		at := after(tokens, i)
		for at < len(tokens) {
			r.table = append(r.table, at)
			if at = after(tokens, at); at == len(tokens) || tokens[at].Text != "." {
				break
			}
			at = after(tokens, at)
		}
		if at < len(tokens) && tokens[at].Text == "(" {
			for at++; at < len(tokens) && tokens[at].Text != ")"; at++ {
				if _, name := tokens[at].Name(); name {
					r.columns = append(r.columns, at)
				}
			}
		}
		found = append(found, r)
	}
	return found
}

// to reports whether the reference points at the table.
func (r reference) to(tokens []Token, table string) bool {
	return slices.EqualFunc(r.table, strings.Split(table, "."), func(at int, part string) bool {
		return hasName(tokens[at], part)
	})
}

// renameTable replaces the name of the table in tokens.
func (r reference) renameTable(tokens []Token, to string) {
	for at := r.table[0]; at <= r.table[len(r.table)-1]; at++ {
		tokens[at].Text = ""
	}
	var parts []string
	for part := range strings.SplitSeq(to, ".") {
		parts = append(parts, quote(part))
	}
	tokens[r.table[0]].Text = strings.Join(parts, ".")
}

// renameColumn replaces the name of a column in tokens.
func (r reference) renameColumn(tokens []Token, from, to string) {
	for _, at := range r.columns {
		if hasName(tokens[at], from) {
			tokens[at].Text = quote(to)
		}
	}
}

// after returns the position of the next token that is not space, or len(tokens).
func after(tokens []Token, i int) int {
	for i++; i < len(tokens) && tokens[i].Kind == SpaceToken; i++ {
	}
	return i
}
