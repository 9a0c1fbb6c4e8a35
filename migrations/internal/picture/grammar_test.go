package picture_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

// mermaidReader reads diagrams of tables as Mermaid's own parser does, following erDiagram.jison of Mermaid 11.14. The
// lexer takes the first of its patterns that matches, in upper or lower case, and has other patterns inside a block and
// in a line of styles.
type mermaidReader struct {
	rest   string
	tables map[string]*readTable
	keys   []readKey
	title  string
}

type readTable struct {
	alias, class string
	columns      []readColumn
}

type readColumn struct{ kind, name, keys, note string }

type readKey struct{ from, relation, to, label string }

// token is a pattern of the lexer.
type token struct {
	name    string
	pattern *regexp.Regexp
}

// tokens compiles pairs of names and patterns. The patterns keep \s and \w from JavaScript.
func tokens(pairs ...string) []token {
	var all []token
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, token{pairs[i], regexp.MustCompile(`(?i)^(?:` + pairs[i+1] + `)`)})
	}
	return all
}

var (
	outside = tokens(
		"title", `accTitle[\s]*:[\s]*[^\n]*`, "direction", `[^\n]*direction\s+(?:TB|BT|LR|RL)[^\n]*`, "newline", `\n+`,
		"space", `\s+`,
		"name", `"[^"%\r\n\v\\]+"`, "word", `"[^"]*"`, "start", `erDiagram`, "{", `\{`, ":::", `:::`, ":", `:`, "[", `\[`,
		"]", `\]`,
		"style", `style`, "classDef", `classDef`, "relation", `(?:\|\||\|o)(?:--|\.\.)(?:o\{|o\|)`,
		"text", `(?:[^\x00-\x7F]|\w|-|\*|\.)+`, "other", `.`)
	block = tokens(
		"space", `\s+`, "key", `(?:PK|FK|UK)\b`, "generic", `\S*~.*~\S*`,
		"word", `[*A-Za-z_\x{C0}-\x{FFFF}][A-Za-z0-9\-_\[\]()\x{C0}-\x{FFFF}*]*`, "note", `"[^"]*"`, "}", `\}`, "other", `.`)
)

func (m *mermaidReader) next(from []token, skip ...string) (string, string, error) {
	for m.rest != "" {
		found := false
		for _, t := range from {
			text := t.pattern.FindString(m.rest)
			if text == "" {
				continue
			}
			m.rest, found = m.rest[len(text):], true
			if !strings.Contains(strings.Join(skip, " "), t.name) {
				return t.name, text, nil
			}
			break
		}
		if !found {
			return "", "", fmt.Errorf("no token begins at %.40q", m.rest)
		}
	}
	return "end", "", nil
}

func (m *mermaidReader) want(from []token, name string) (string, error) {
	got, text, err := m.next(from, "space")
	if err == nil && got != name {
		err = fmt.Errorf("%s %q where a %s belongs, before %.60q", got, text, name, m.rest)
	}
	return text, err
}

// readMermaid parses a diagram. Like Mermaid, it first replaces numbered characters, which decode restores.
func readMermaid(text string) (*mermaidReader, error) {
	text = regexp.MustCompile(`#(\d+);`).ReplaceAllString(text, "ﬂ°°$1¶ß")
	if strings.Contains(text, "%%") {
		return nil, fmt.Errorf("a comment: %s", text)
	}
	// The lexer sees UTF-16, where a character beyond U+FFFF is two units, both in the range of letters.
	m := &mermaidReader{tables: map[string]*readTable{}, rest: strings.Map(func(r rune) rune {
		if utf16.RuneLen(r) == 2 {
			return '\uE000' + r%0x1000
		}
		return r
	}, text)}
	if _, err := m.want(outside, "start"); err != nil {
		return m, err
	}
	for {
		kind, text, err := m.next(outside, "space newline")
		switch {
		case err != nil:
			return m, err
		case kind == "end":
			return m, nil
		case kind == "title":
			_, m.title, _ = strings.Cut(text, ":")
		case kind == "classDef":
			_, m.rest, _ = strings.Cut(m.rest, "\n")
		case kind == "name":
			err = m.statement(decode(text))
		default:
			err = fmt.Errorf("a statement begins with %s %q", kind, text)
		}
		if err != nil {
			return m, err
		}
	}
}

// statement reads what follows the name of a table.
func (m *mermaidReader) statement(name string) error {
	kind, text, err := m.next(outside, "space")
	if err != nil {
		return err
	}
	if kind == "relation" {
		to, err := m.want(outside, "name")
		if err != nil {
			return err
		}
		if _, err = m.want(outside, ":"); err != nil {
			return err
		}
		label, err := m.want(outside, "name")
		m.keys = append(m.keys, readKey{name, text, decode(to), decode(label)})
		return err
	}
	t := &readTable{}
	if m.tables[name] != nil {
		return fmt.Errorf("table %q twice", name)
	}
	m.tables[name] = t
	if kind == "[" {
		alias, err := m.want(outside, "name")
		if err != nil {
			return err
		}
		t.alias = decode(alias)
		if _, err := m.want(outside, "]"); err != nil {
			return err
		}
		kind, text, err = m.next(outside, "space")
		if err != nil {
			return err
		}
	}
	if kind == ":::" {
		if t.class, err = m.want(outside, "text"); err != nil {
			return err
		}
		kind, text, err = m.next(outside, "space")
	}
	switch {
	case err != nil:
		return err
	case kind == "newline", kind == "end":
		return nil
	case kind == "{":
		return m.columns(t)
	}
	return fmt.Errorf("%s %q after table %q", kind, text, name)
}

func (m *mermaidReader) columns(t *readTable) error {
	kind, text, err := m.next(block, "space")
	for {
		switch {
		case err != nil:
			return err
		case kind == "}":
			return nil
		case kind != "word":
			return fmt.Errorf("%s %q where a type belongs", kind, text)
		}
		c := readColumn{kind: text}
		if c.name, err = m.want(block, "word"); err != nil {
			return err
		}
		kind, text, err = m.next(block, "space")
		for err == nil && (kind == "key" || kind == "other" && text == "," && c.keys != "") {
			c.keys += text
			kind, text, err = m.next(block, "space")
		}
		if kind == "note" {
			c.note = decode(text)
			kind, text, err = m.next(block, "space")
		}
		t.columns = append(t.columns, c)
	}
}

// decode removes the quotes and restores numbered characters.
func decode(text string) string {
	text = strings.ReplaceAll(text, `"`, "")
	return regexp.MustCompile(`ﬂ°°(\d+)¶ß`).ReplaceAllStringFunc(text, func(s string) string {
		n, _ := strconv.Atoi(strings.Trim(s, "ﬂ°¶ß"))
		return string(rune(n))
	})
}
