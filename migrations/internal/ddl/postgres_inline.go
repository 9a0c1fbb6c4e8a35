package ddl

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// constraints drops and adds what the types before and after say beside the type: UNIQUE, CHECK (a > 0),
// REFERENCES users. PostgreSQL takes it in a definition only, and knows it as a constraint of the table.
func (p *postgres) constraints(t schema.Table, was, is schema.Column) []string {
	before, after := inline(was), inline(is)
	var texts []string
	for _, clause := range before {
		if !hasClause(after, clause) {
			texts = append(texts, p.dropInline(t, is.Name, clause)...)
		}
	}
	for _, clause := range after {
		if !hasClause(before, clause) {
			texts = append(texts, p.addInline(t, is.Name, clause)...)
		}
	}
	return texts
}

func inline(c schema.Column) []string {
	if c.Type.Kind != schema.Verbatim {
		return nil
	}
	return schema.SplitType(c.Type.For(schema.Postgres)).Constraints
}

func hasClause(list []string, clause string) bool {
	return slices.ContainsFunc(list, func(other string) bool {
		return schema.NormalText(other) == schema.NormalText(clause)
	})
}

// dropInline leaves alone a primary key that the table has also without the clause.
func (p *postgres) dropInline(t schema.Table, column, clause string) []string {
	name, kind, _ := p.inlineName(t, column, clause)
	if kind == "primary" && slices.Contains(t.PrimaryKey.Columns, column) || kind == "" {
		return nil
	}
	return []string{p.dropConstraint(t.Name, name)}
}

func (p *postgres) addInline(t schema.Table, column, clause string) []string {
	name, kind, rest := p.inlineName(t, column, clause)
	of := " (" + p.name(column) + ")"
	add := p.alter(t.Name) + "ADD CONSTRAINT " + p.name(name) + " "
	switch kind {
	case "primary":
		if slices.Contains(t.PrimaryKey.Columns, column) {
			return nil
		}
		return []string{add + "PRIMARY KEY" + of}
	case "unique":
		return []string{add + "UNIQUE" + of}
	case "check":
		return []string{add + rest}
	case "references":
		return []string{add + "FOREIGN KEY" + of + " " + rest}
	default:
		return nil
	}
}

// inlineName returns the name of the constraint that the clause makes, its kind and its text without the name. The
// names are those that PostgreSQL makes up (https://www.postgresql.org/docs/current/sql-createtable.html).
func (p *postgres) inlineName(t schema.Table, column, clause string) (name, kind, rest string) {
	rest = clause
	if words := strings.Fields(clause); strings.EqualFold(words[0], "constraint") && len(words) > 2 {
		name = strings.Trim(words[1], `"`)
		_, rest, _ = strings.Cut(clause, words[1])
		rest = strings.TrimSpace(rest)
	}
	endings := map[string]string{"primary": "pkey", "unique": "key", "check": "check", "references": "fkey"}
	word := rest
	if end := strings.IndexAny(rest, " \t\n("); end > 0 {
		word = rest[:end]
	}
	ending, known := endings[strings.ToLower(word)]
	switch {
	case !known:
		p.fail(fmt.Errorf("cannot change %q of a column that exists: do it with m.SQL", clause))
		return "", "", rest
	case name != "":
	case ending == "pkey":
		name = schema.ObjectName(unqualified(t.Name), "", ending)
	default:
		name = schema.ObjectName(unqualified(t.Name), column, ending)
	}
	return name, strings.ToLower(word), rest
}
