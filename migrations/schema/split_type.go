package schema

import "strings"

// TypeParts are the parts of a column type written with clauses, such as BIGINT NOT NULL DEFAULT 7 UNIQUE.
type TypeParts struct {
	Base       string // the type itself
	Collation  string // COLLATE "C", or nothing
	Null       string // NOT NULL, NULL or nothing
	Default    string // the expression; empty for none
	Expression string // what the column is computed from; empty for an ordinary column
	// Constraints are the remaining clauses, each as written: UNIQUE, CHECK (a > 0), CONSTRAINT x REFERENCES users.
	Constraints []string
}

// SplitType splits a column type into its parts, by the grammar of a column definition in either database
// (https://www.postgresql.org/docs/current/sql-createtable.html, https://www.sqlite.org/syntax/column-constraint.html).
func SplitType(text string) TypeParts {
	var p TypeParts
	tokens := Tokens(text)
	starts := append(clauseStarts(tokens), len(tokens))
	p.Base = strings.TrimSpace(join(tokens[:starts[0]]))
	name := ""
	for n, start := range starts[:len(starts)-1] {
		clause := strings.TrimSpace(join(tokens[start:starts[n+1]]))
		if isOneOf(tokens[start], []string{"constraint"}) {
			name = clause + " "
			continue
		}
		p.add(name, clause)
		name = ""
	}
	return p
}

// add adds a clause. name is "CONSTRAINT <name> ", or empty.
func (p *TypeParts) add(name, clause string) {
	normal := NormalText(clause)
	word, _, _ := strings.Cut(normal, " ")
	switch {
	case normal == "not null", normal == "null": // more, such as SQLite's ON CONFLICT, has to stay in the type
		p.Null = strings.ToUpper(normal)
	case word == "default":
		p.Default = strings.TrimSpace(clause[len("default"):])
	case word == "collate":
		p.Collation = clause
	case word == "generated", word == "as":
		if _, expression, ok := CutGenerated(clause); ok {
			p.Expression = expression
			return
		}
		p.Constraints = append(p.Constraints, name+clause)
	default:
		p.Constraints = append(p.Constraints, name+clause)
	}
}

// clauseStarts returns the positions at which the clauses after the type begin.
func clauseStarts(tokens []Token) []int {
	var starts []int
	depth, first := 0, ""
	for i, t := range tokens {
		switch t.Text {
		case "(":
			depth++
		case ")":
			depth--
		}
		word := strings.ToLower(t.Text)
		if depth > 0 || t.Kind != WordToken || !hasPrevious(tokens, i) || !startsClause(tokens, i, first) {
			continue
		}
		starts, first = append(starts, i), word
	}
	return starts
}

// hasPrevious reports whether anything but space precedes the token. A clause always follows a type.
func hasPrevious(tokens []Token, i int) bool { return neighbor(tokens, i, -1) != Token{} }

// startsClause reports whether the word begins a clause, given the first word of the previous clause.
func startsClause(tokens []Token, i int, clause string) bool {
	before, next := neighbor(tokens, i, -1), neighbor(tokens, i, 1)
	switch word := strings.ToLower(tokens[i].Text); word {
	case "not":
		return isOneOf(next, []string{"null"})
	case "null":
		return !isOneOf(before, []string{"not", "set", "default"})
	case "default":
		return !isOneOf(before, []string{"set", "by"})
	case "as":
		return next.Text == "(" && clause != "generated"
	case "constraint", "primary", "unique", "check", "references", "generated", "collate":
		return true
	default:
		return false
	}
}

// SplitClauses moves NOT NULL, DEFAULT and, on PostgreSQL, GENERATED out of the column's type into the fields of the
// column, so that each can be compared and changed on its own. Clauses on which the dialects differ stay in the type.
func (c Column) SplitClauses() Column {
	if c.Type.Kind != Verbatim || !hasClauses(c.Type.SQL) {
		return c
	}
	postgres, sqlite := SplitType(c.Type.SQL.Postgres), SplitType(c.Type.SQL.SQLite)
	if postgres.Null == sqlite.Null {
		c.NotNull = c.NotNull || postgres.Null == "NOT NULL"
		postgres.Null, sqlite.Null = "", ""
	}
	if (postgres.Default == "") == (sqlite.Default == "") {
		if c.Default.Kind == NoDefault && postgres.Default != "" {
			c.Default = defaultOf(SQL{Postgres: postgres.Default, SQLite: sqlite.Default})
		}
		postgres.Default, sqlite.Default = "", ""
	}
	if c.Generated == "" {
		c.Generated, postgres.Expression = postgres.Expression, ""
	}
	c.Type.SQL = SQL{Postgres: postgres.String(), SQLite: sqlite.String()}
	return c
}

func hasClauses(s SQL) bool {
	return len(clauseStarts(Tokens(s.Postgres))) > 0 || len(clauseStarts(Tokens(s.SQLite))) > 0
}

func defaultOf(s SQL) Default {
	if s.Postgres == s.SQLite {
		return ParseDefault(s.Postgres)
	}
	return Expression(s)
}

// Type returns the type with its collation.
func (p TypeParts) Type() string { return strings.TrimSpace(p.Base + " " + p.Collation) }

// String writes the parts as a column type again.
func (p TypeParts) String() string {
	words := []string{p.Type()}
	if p.Expression != "" {
		words = append(words, "GENERATED ALWAYS AS ("+p.Expression+") STORED")
	}
	if p.Null != "" {
		words = append(words, p.Null)
	}
	if p.Default != "" {
		words = append(words, "DEFAULT "+p.Default)
	}
	return strings.Join(append(words, p.Constraints...), " ")
}

// Targets returns the tables, schema-qualified if written so, that REFERENCES clauses in column types point at. It does
// not include the table's foreign keys. Unquoted names are lower-cased, as in PostgreSQL.
func (t Table) Targets() []string {
	var targets []string
	for _, c := range t.Columns {
		tokens := Tokens(c.Type.For(Postgres))
		for _, r := range references(tokens) {
			if parts := foldedNames(tokens, r.table); len(parts) > 0 {
				targets = append(targets, strings.Join(parts, "."))
			}
		}
	}
	return targets
}
