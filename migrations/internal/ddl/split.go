package ddl

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// split splits SQL into statements where psql and sqlite3 do: at semicolons outside quotes, comments, parentheses and
// the bodies of functions and triggers. Comments stay with the statement that they precede or are in. It refuses text
// that those clients would not read as SQL.
func split(d schema.Dialect, text string) ([]string, error) {
	parts, err := splitLexemes(d, text)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, part := range parts {
		if err := refuse(d, part); err != nil {
			return nil, err
		}
		texts = append(texts, strings.TrimSpace(join(part)))
	}
	return texts, nil
}

// splitLexemes is split without the refusals, for the SQL that Go code executes, which may have parameters.
func splitLexemes(d schema.Dialect, text string) (parts [][]lexeme, err error) {
	lexemes, err := lex(d, text)
	if err != nil {
		return nil, err
	}
	start := 0
	for i := 0; i <= len(lexemes); i++ {
		if i < len(lexemes) && (lexemes[i].text != ";" || inStatement(d, lexemes[start:i])) {
			continue
		}
		if some := lexemes[start:i]; slices.ContainsFunc(some, func(l lexeme) bool { return l.kind != gap }) {
			parts = append(parts, some)
		}
		start = i + 1
	}
	return parts, nil
}

func join(lexemes []lexeme) string {
	var b strings.Builder
	for _, l := range lexemes {
		b.WriteString(l.text)
	}
	return b.String()
}

// significant returns the lexemes without space and comments.
func significant(lexemes []lexeme) []lexeme {
	return slices.DeleteFunc(slices.Clone(lexemes), func(l lexeme) bool { return l.kind == gap })
}

// inStatement reports whether a semicolon after the lexemes belongs to their statement.
func inStatement(d schema.Dialect, lexemes []lexeme) bool {
	lexemes = significant(lexemes)
	if d == schema.SQLite {
		return inTrigger(lexemes)
	}
	depth := 0
	for _, l := range lexemes {
		switch l.text {
		case "(":
			depth++
		case ")":
			depth = max(depth-1, 0)
		}
	}
	return depth > 0 || inBody(lexemes)
}

// inBody reports whether the lexemes end inside BEGIN ATOMIC … END, by psql's rules (psqlscan.l): a CASE has its own
// END.
func inBody(lexemes []lexeme) bool {
	head := lexemes
	if len(head) > 3 && head[0].is("CREATE") && head[1].is("OR") {
		head = head[2:]
	}
	if len(head) < 2 || !lexemes[0].is("CREATE") || !head[1].is("FUNCTION", "PROCEDURE") {
		return false
	}
	depth := 0
	for _, l := range head {
		switch {
		case l.is("BEGIN"), depth > 0 && l.is("CASE"):
			depth++
		case depth > 0 && l.is("END"):
			depth--
		}
	}
	return depth > 0
}

// inTrigger reports whether the lexemes end inside a trigger, by the rules of
// https://www.sqlite.org/c3ref/complete.html: a trigger ends with END after a semicolon.
func inTrigger(lexemes []lexeme) bool {
	if len(lexemes) < 3 || !lexemes[0].is("CREATE") {
		return false
	}
	temporary := lexemes[1].is("TEMP", "TEMPORARY") && lexemes[2].is("TRIGGER")
	if !temporary && !lexemes[1].is("TRIGGER") {
		return false
	}
	last := len(lexemes) - 1
	return !lexemes[last].is("END") || lexemes[last-1].text != ";"
}

// refuse returns an error for text that psql or sqlite3 would read as one of its commands, and for parameters, which
// have no value.
func refuse(d schema.Dialect, lexemes []lexeme) error {
	lexemes = significant(lexemes)
	if d == schema.SQLite {
		return refuseSQLite(lexemes)
	}
	for i, l := range lexemes {
		if l.text == `\` {
			return errors.New(`the SQL has a \ outside quotes, which is no SQL and which psql reads as a command`)
		}
		if lexemes[0].is("COPY") && l.is("STDIN") && lexemes[i-1].is("FROM") {
			return errors.New("COPY FROM STDIN has nothing to read in a revision: use INSERT, or m.Run")
		}
	}
	return nil
}

func refuseSQLite(lexemes []lexeme) error {
	if lexemes[0].text == "." || lexemes[0].text == "#" {
		return fmt.Errorf("the SQL begins with %s, which is no SQL and which sqlite3 reads as a command",
			lexemes[0].text)
	}
	for i, l := range lexemes {
		named := i+1 < len(lexemes) && lexemes[i+1].kind == word && slices.Contains([]string{":", "@", "$"}, l.text)
		if l.text == "?" || named {
			return fmt.Errorf("the SQL has the parameter %s, which has no value; strings need quotes",
				join(lexemes[i:min(i+2, len(lexemes))]))
		}
	}
	return nil
}

// concurrent reports whether a PostgreSQL statement builds or drops an index CONCURRENTLY.
func concurrent(text string) bool {
	lexemes, err := lex(schema.Postgres, text)
	if err != nil {
		return false
	}
	lexemes = significant(lexemes)
	first := min(len(lexemes), 5) // CREATE UNIQUE INDEX CONCURRENTLY, REINDEX TABLE CONCURRENTLY
	return first > 0 && lexemes[0].is("CREATE", "DROP", "REINDEX") &&
		slices.ContainsFunc(lexemes[:first], func(l lexeme) bool { return l.is("CONCURRENTLY") })
}

// Line returns the statement for a script, escaped so that psql and sqlite3 execute exactly that: a trailing comment
// does not hide the semicolon, psql substitutes none of its variables, and sqlite3 does not end the statement early.
func (s Statement) Line(d schema.Dialect) string {
	lexemes, err := lex(d, s.SQL)
	if s.SQL == "" || err != nil {
		return s.String()
	}
	var b strings.Builder
	for i, l := range lexemes {
		switch {
		case d == schema.Postgres && i > 0 && isVariable(lexemes, i):
			b.WriteString(" ")
		case d == schema.SQLite && endsStatement(lexemes, i):
			b.WriteString("/**/ ")
		}
		b.WriteString(l.text)
	}
	switch last := lexemes[len(lexemes)-1]; {
	case last.lineComment():
		b.WriteString("\n")
	case strings.HasPrefix(last.text, "/*") && !strings.HasSuffix(last.text[2:], "*/"):
		b.WriteString("*/")
	}
	return Statement{SQL: b.String(), Remark: s.Remark}.String()
}

// isVariable reports whether psql would read the lexeme, after a colon, as one of its variables: :name, :'name',
// :"name", :{?name} (https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-INTERPOLATION). Two colons are a
// cast.
func isVariable(lexemes []lexeme, i int) bool {
	colons := 0
	for n := i - 1; n >= 0 && lexemes[n].text == ":"; n-- {
		colons++
	}
	l := lexemes[i]
	return colons%2 == 1 && (l.kind == word || l.kind == quoted && l.text[0] != '$' || l.text == "{")
}

// endsStatement reports whether sqlite3 would read the lexeme as the end of a statement: a / or GO alone on its line
// (shell.c).
func endsStatement(lexemes []lexeme, i int) bool {
	if lexemes[i].text != "/" && !lexemes[i].is("GO") {
		return false
	}
	for n := i - 1; n >= 0 && !strings.Contains(lexemes[n].text, "\n"); n-- {
		if lexemes[n].kind != gap {
			return false
		}
	}
	for n := i + 1; n < len(lexemes) && !strings.Contains(lexemes[n].text, "\n"); n++ {
		if lexemes[n].kind != gap {
			return false
		}
	}
	return true
}
