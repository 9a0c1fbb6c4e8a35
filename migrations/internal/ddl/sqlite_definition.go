package ddl

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// definition is a parsed CREATE TABLE statement: the columns and constraints between its parentheses, and what follows
// them (STRICT, WITHOUT ROWID). A rebuild edits the definition in the database rather than writing a new one, so that
// what the history does not know is kept: collations, generated columns, hand-made checks.
type definition struct {
	items []item
	tail  string
}

// item is a column or constraint. The key identifies it across definitions of the same table; it is empty for an
// unnamed constraint.
type item struct {
	key  string
	text string
}

const columnKey, constraintKey, primaryKeyKey = "column ", "constraint ", "primary key"

// parseDefinition parses a CREATE TABLE statement as SQLite stores it in sqlite_master.
func parseDefinition(create string) (definition, error) {
	tokens := schema.Tokens(create)
	open := slices.IndexFunc(tokens, func(t schema.Token) bool { return t.Text == "(" })
	if open < 0 || isVirtual(tokens) {
		return definition{}, errors.New("not an ordinary table")
	}
	var d definition
	depth, start := 0, open+1
	for i := open; i < len(tokens); i++ {
		switch tokens[i].Text {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth == 0 || depth == 1 && tokens[i].Text == "," {
			d.items = append(d.items, newItem(tokens[start:i]))
			start = i + 1
		}
		if depth == 0 {
			d.tail = textOf(tokens[i+1:])
			return d, nil
		}
	}
	return definition{}, errors.New("its definition cannot be parsed")
}

func isVirtual(tokens []schema.Token) bool {
	return slices.ContainsFunc(words(tokens, 2), func(word string) bool { return strings.EqualFold(word, "virtual") })
}

func newItem(tokens []schema.Token) item {
	text := textOf(tokens)
	if last := tokens[len(tokens)-1].Text; strings.HasPrefix(last, "--") {
		text += "\n"
	}
	return item{key: keyOf(tokens), text: text}
}

// keyOf returns the key of an item. A column named like a keyword that starts a constraint is quoted, and so is not a
// keyword here. Keys are in lower case, as SQLite ignores case.
func keyOf(tokens []schema.Token) string {
	first := slices.IndexFunc(tokens, func(t schema.Token) bool { return t.Kind != schema.SpaceToken })
	if first < 0 {
		return ""
	}
	word := strings.ToUpper(tokens[first].Text)
	switch word {
	case "CONSTRAINT":
		if names := words(tokens[first+1:], 1); len(names) == 1 {
			return constraintKey + strings.ToLower(names[0])
		}
		return ""
	case "PRIMARY":
		return primaryKeyKey
	case "UNIQUE", "CHECK", "FOREIGN":
		return ""
	}
	name, _ := tokens[first].Name()
	return columnKey + strings.ToLower(name)
}

// words returns the first names and words among the tokens, up to most of them.
func words(tokens []schema.Token, most int) []string {
	var found []string
	for _, t := range tokens {
		if name, ok := t.Name(); ok && len(found) < most {
			found = append(found, name)
		}
	}
	return found
}

func textOf(tokens []schema.Token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.Text)
	}
	return strings.TrimSpace(b.String())
}

// create returns the CREATE TABLE statement for a table of that name, which is already quoted.
func (d definition) create(name string) string {
	var texts []string
	for _, i := range d.items {
		texts = append(texts, i.text)
	}
	return strings.TrimSpace("CREATE TABLE " + name + " (\n  " + strings.Join(texts, ",\n  ") + "\n) " + d.tail)
}

// unqualify removes the table's own name before its columns, in any case and quoting, since the new table has another
// name at first.
func (d definition) unqualify(table string) definition {
	d.items = slices.Clone(d.items)
	for n := range d.items {
		for _, t := range schema.Tokens(d.items[n].text) {
			if name, ok := t.Name(); ok && strings.EqualFold(name, table) {
				d.items[n].text = schema.Unqualify(d.items[n].text, name)
			}
		}
	}
	return d
}

func (d definition) find(key string) int {
	return slices.IndexFunc(d.items, func(i item) bool { return i.key == key && key != "" })
}

// edit applies the difference between was and is to the definition d from the database. It fails if d lacks an item
// that changes or is dropped.
func (d definition) edit(was, is definition) (definition, error) {
	edited := definition{items: slices.Clone(d.items), tail: d.tail}
	for _, old := range was.items {
		n, at := is.find(old.key), edited.find(old.key)
		unchanged := n >= 0 && is.items[n].text == old.text
		switch {
		case unchanged:
		case at < 0:
			return d, fmt.Errorf("the table in the database has no %s", old.key)
		case n < 0:
			edited.items = slices.Delete(edited.items, at, at+1)
		default:
			edited.items[at] = is.items[n]
		}
	}
	return edited.add(was, is)
}

// add inserts new columns after the columns and appends new constraints.
func (d definition) add(was, is definition) (definition, error) {
	for _, i := range is.items {
		switch {
		case was.find(i.key) >= 0:
		case d.find(i.key) >= 0:
			return d, fmt.Errorf("the table in the database already has %s", i.key)
		case strings.HasPrefix(i.key, columnKey):
			d.items = slices.Insert(d.items, d.columnCount(), i)
		default:
			d.items = append(d.items, i)
		}
	}
	return d, nil
}

// columnCount returns how many items at the start are columns.
func (d definition) columnCount() int {
	n := slices.IndexFunc(d.items, func(i item) bool { return !strings.HasPrefix(i.key, columnKey) })
	if n < 0 {
		return len(d.items)
	}
	return n
}
