package ddl

import (
	"strings"

	"guestlist/migrations/schema"
)

// SQLiteConstraint is a unique, check or foreign key constraint in a CREATE TABLE statement of SQLite.
type SQLiteConstraint struct {
	// Name is in lower case. It is empty for constraints that operations cannot name: those without a name, or written
	// with a column.
	Name string
	// Kind is UNIQUE, CHECK or FOREIGN.
	Kind string
	// Of is the text between its parentheses: columns, in lower case and separated by commas, or an expression in normal
	// form.
	Of string
}

// SQLiteConstraints returns the constraints after the columns of a CREATE TABLE statement, in order. PRAGMA
// foreign_key_list and index_list do not return their names.
func SQLiteConstraints(create string) []SQLiteConstraint {
	d, err := parseDefinition(create)
	if err != nil {
		return nil
	}
	var found []SQLiteConstraint
	for _, i := range d.items {
		if strings.HasPrefix(i.key, columnKey) {
			continue
		}
		c := SQLiteConstraint{Name: strings.TrimPrefix(i.key, constraintKey)}
		if c.read(i.text) {
			found = append(found, c)
		}
	}
	return found
}

// read parses a constraint, and reports whether it is of one of the kinds.
func (c *SQLiteConstraint) read(text string) bool {
	var tokens []schema.Token
	for _, t := range schema.Tokens(text) {
		if t.Kind != schema.SpaceToken {
			tokens = append(tokens, t)
		}
	}
	for n, t := range tokens {
		word := strings.ToUpper(t.Text)
		switch {
		case t.Kind != schema.WordToken:
		case word == "CHECK":
			c.Kind, c.Of = word, schema.NormalText(parenthesized(tokens[n+1:]))
			return true
		case word == "UNIQUE", word == "FOREIGN":
			c.Kind, c.Of = word, columnList(tokens[n+1:])
			return true
		}
	}
	return false
}

// parenthesized returns the text from the first parenthesis to the one that closes it.
func parenthesized(tokens []schema.Token) string {
	var words []string
	depth := 0
	for _, t := range tokens {
		switch t.Text {
		case "(":
			depth++
		case ")":
			depth--
		}
		words = append(words, t.Text)
		if depth == 0 {
			break
		}
	}
	return strings.Join(words, " ")
}

// columnList returns the column names in the first parentheses, without what follows each name.
func columnList(tokens []schema.Token) string {
	var names []string
	expected := false
	for _, t := range tokens {
		if t.Text == ")" {
			break
		}
		if name, ok := t.Name(); ok && expected {
			names = append(names, strings.ToLower(name))
		}
		expected = t.Text == "(" || t.Text == ","
	}
	return strings.Join(names, ", ")
}
