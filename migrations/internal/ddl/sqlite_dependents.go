package ddl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/schema"
)

// refuseDependents returns an error if a view, or a trigger of another table, uses the table, as PostgreSQL does.
// SQLite would drop the table and leave them broken.
func refuseDependents(ctx context.Context, conn gorm.ConnPool, table string) error {
	users, err := texts(ctx, conn, "SELECT sql FROM sqlite_master WHERE type IN ('view', 'trigger') AND sql IS NOT NULL"+
		" AND tbl_name <> ? COLLATE NOCASE ORDER BY type, name", table)
	if err != nil {
		return err
	}
	for _, create := range users {
		if usesTable(create, table) {
			first, _, _ := strings.Cut(create, "\n")
			return fmt.Errorf("table %s is still used; drop this first: %s", table, first)
		}
	}
	return nil
}

// usesTable reports whether a view or a trigger reads or writes the table: whether its name is where SQLite's grammar
// expects a table. A column, function, alias or common table expression of that name does not count.
func usesTable(create, table string) bool {
	tokens := significantTokens(create)
	if hasExpression(tokens, table) {
		return false
	}
	scan := tableScan{tokens: tokens}
	for scan.next() {
		if strings.EqualFold(scan.table, table) {
			return true
		}
	}
	return false
}

// hasExpression reports whether a common table expression of that name hides the table: name AS (…) or name (columns)
// AS (…).
func hasExpression(tokens []schema.Token, name string) bool {
	if !slices.ContainsFunc(tokens, func(t schema.Token) bool { return isWord(t, "with") }) {
		return false
	}
	for i, t := range tokens {
		found, ok := t.Name()
		if !ok || !strings.EqualFold(found, name) || i == 0 ||
			!isWord(tokens[i-1], "with") && !isWord(tokens[i-1], "recursive") && tokens[i-1].Text != "," {
			continue
		}
		after := tokens[i+1:]
		if len(after) > 0 && after[0].Text == "(" {
			after = after[slices.IndexFunc(after, func(t schema.Token) bool { return t.Text == ")" })+1:]
		}
		if len(after) > 0 && isWord(after[0], "as") && slices.ContainsFunc(after[1:min(len(after), 4)], isOpen) {
			return true
		}
	}
	return false
}

func isOpen(t schema.Token) bool { return t.Text == "(" }

// tableScan finds the names where SQLite's grammar expects a table: after FROM, JOIN, INTO, UPDATE and IN, and after a
// comma in a FROM (https://www.sqlite.org/lang_select.html).
type tableScan struct {
	tokens []schema.Token
	at     int
	from   []bool // by depth of parentheses: whether in a FROM
	table  string
}

// listEnders are the keywords that end the table list of a FROM.
var listEnders = strings.Fields("select where group having window order limit union except intersect set values " +
	"returning end")

func (s *tableScan) next() bool {
	if s.from == nil {
		s.from = []bool{false}
	}
	for ; s.at < len(s.tokens); s.at++ {
		if s.step() {
			s.at++
			return true
		}
	}
	return false
}

// step reads one token. If a table follows, it stores the table's name and returns true.
func (s *tableScan) step() bool {
	t := s.tokens[s.at]
	depth := len(s.from) - 1
	switch {
	case t.Text == "(":
		// The parentheses of FROM (a, b) hold tables; others do not, up to a FROM inside them.
		tables := s.from[depth] && s.at > 0 && startsTable(s.tokens[s.at-1])
		s.from = append(s.from, tables)
		return tables && s.name(s.at+1)
	case t.Text == ")" && depth > 0:
		s.from = s.from[:depth]
	case t.Text == ";":
		s.from = []bool{false}
	case isWord(t, "from"), isWord(t, "join"):
		s.from[depth] = true
		return s.name(s.at + 1)
	case t.Text == "," && s.from[depth]:
		return s.name(s.at + 1)
	case isWord(t, "into"), isWord(t, "in"), isWord(t, "update"):
		return s.target(s.at + 1)
	case slices.ContainsFunc(listEnders, func(word string) bool { return isWord(t, word) }):
		s.from[depth] = false
	}
	return false
}

// target is name, but skips a conflict clause such as that of UPDATE OR IGNORE.
func (s *tableScan) target(at int) bool {
	if at+1 < len(s.tokens) && isWord(s.tokens[at], "or") {
		at += 2
	}
	return s.name(at)
}

func startsTable(t schema.Token) bool {
	return isWord(t, "from") || isWord(t, "join") || t.Text == "," || t.Text == "("
}

// name stores the table name at a position, without its schema, and reports whether there is one. A table-valued
// function, such as json_each(…), does not count.
func (s *tableScan) name(at int) bool {
	if at+2 < len(s.tokens) && s.tokens[at+1].Text == "." {
		at += 2
	}
	if at >= len(s.tokens) || at+1 < len(s.tokens) && s.tokens[at+1].Text == "(" && !s.inserts(at) {
		return false
	}
	name, ok := s.tokens[at].Name()
	if s.tokens[at].Kind == schema.StringToken { // SQLite reads 'name' as a name there
		name, ok = strings.Trim(s.tokens[at].Text, "'"), true
	}
	s.table = name
	return ok
}

// inserts reports whether the name at a position is the target of INSERT INTO name (columns).
func (s *tableScan) inserts(at int) bool {
	return slices.ContainsFunc(s.tokens[max(0, at-3):at], func(t schema.Token) bool { return isWord(t, "into") })
}
