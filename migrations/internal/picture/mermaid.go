package picture

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mermaid returns the diagram as a Mermaid erDiagram (https://mermaid.js.org/syntax/entityRelationshipDiagram.html).
// The grammar cannot style single columns, so the comment of a column says how it has changed.
func (d Diagram) Mermaid() string {
	var w strings.Builder
	w.WriteString("erDiagram\n")
	if title := escaped(d.Title); title != "" {
		fmt.Fprintf(&w, "    accTitle: %s\n", title)
	}
	for _, k := range d.Keys {
		if d.has(k.Table) && d.has(k.To) {
			w.WriteString("    " + k.mermaid() + "\n")
		}
	}
	for _, t := range d.Tables {
		t.mermaid(&w)
	}
	if d.Compared {
		w.WriteString(mermaidClasses)
	}
	return w.String()
}

// mermaidClasses are the colours of marks, which are readable on light and dark pages.
const mermaidClasses = `    classDef added fill:#dafbe1,stroke:#1a7f37,color:#1f2328
    classDef removed fill:#ffebe9,stroke:#cf222e,color:#1f2328
    classDef changed fill:#fff8c5,stroke:#9a6700,color:#1f2328
`

func (d Diagram) has(table string) bool {
	for _, t := range d.Tables {
		if t.Name == table {
			return true
		}
	}
	return false
}

// mermaid returns the key as a relationship with its cardinalities.
func (k Key) mermaid() string {
	one, many, line := "||", "o{", ".."
	if k.Optional {
		one = "|o"
	}
	if k.Single {
		many = "o|"
	}
	if k.Identifying {
		line = "--"
	}
	label := strings.Join(k.Columns, ", ")
	if k.Mark != Same {
		label = k.Mark.Sign() + " " + label + " " + k.Mark.String()
	}
	if len(k.Was) > 0 {
		label += ", was " + joined(k.Was)
	}
	return fmt.Sprintf("%s %s%s%s %s : %s", quoted(k.To), one, line, many, quoted(k.Table), quoted(label))
}

func (t Table) mermaid(w *strings.Builder) {
	w.WriteString("    " + quoted(t.Name))
	if t.Was != "" {
		w.WriteString("[" + quoted(t.Name+" (was "+t.Was+")") + "]")
	}
	if t.Mark != Same {
		w.WriteString(":::" + t.Mark.String())
	}
	if len(t.Columns) == 0 {
		w.WriteString("\n")
		return
	}
	w.WriteString(" {\n")
	for _, c := range t.Columns {
		w.WriteString("        " + c.mermaid() + "\n")
	}
	for _, i := range t.Items {
		w.WriteString("        " + i.mermaid() + "\n")
	}
	w.WriteString("    }\n")
}

func (c Column) mermaid() string {
	kind, sameType := word(c.Type)
	name, sameName := word(c.Name)
	text := kind + " " + name
	if keys := c.keys("UK"); len(keys) > 0 {
		text += " " + joined(keys)
	}
	var notes []string
	if c.Mark != Same {
		notes = append(notes, c.Mark.Sign()+" "+c.Mark.String())
	}
	if len(c.Was) > 0 {
		notes = append(notes, "was "+joined(c.Was))
	}
	if !sameName {
		notes = append(notes, c.Name)
	}
	if !sameType {
		notes = append(notes, c.Type)
	}
	if c.Null {
		notes = append(notes, "null")
	}
	if c.Default != "" {
		notes = append(notes, "default "+c.Default)
	}
	if len(notes) > 0 {
		text += " " + quoted(joined(notes))
	}
	return text
}

// keys returns the abbreviations of the keys that a column is in. That of a unique key depends on the format.
func (c Column) keys(unique string) []string {
	var keys []string
	if c.Primary {
		keys = append(keys, "PK")
	}
	if c.Foreign {
		keys = append(keys, "FK")
	}
	if c.Unique {
		keys = append(keys, unique)
	}
	return keys
}

// mermaid returns the item as a row of the entity: its kind as the type, and the rest as a comment.
func (i Item) mermaid() string {
	kind, rest, _ := strings.Cut(i.Text, " ")
	if i.Mark != Same {
		rest = i.Mark.Sign() + " " + i.Mark.String() + ", " + rest
	}
	return kind + " on " + quoted(rest)
}

// word returns a text as a Mermaid word, and reports whether it is unchanged. A word begins with a letter, contains
// only letters, digits and - _ [ ] ( ), and must not begin like the abbreviation of a key.
func word(text string) (string, bool) {
	var w strings.Builder
	for i, r := range text {
		switch first, later := inWord(r); {
		case first, later && i > 0:
			w.WriteRune(r)
		case later:
			w.WriteRune('_')
			w.WriteRune(r)
		default:
			w.WriteRune('_')
		}
	}
	written := w.String()
	if written == "" || beginsAsKey(written) {
		written = "_" + written
	}
	return written, written == text
}

// inWord reports whether a Mermaid word may begin with the character, and whether it may contain it later.
func inWord(r rune) (first, later bool) {
	if r < utf8.RuneSelf {
		return r == '_' || unicode.IsLetter(r), unicode.IsDigit(r) || strings.ContainsRune("-[]()", r)
	}
	return r >= 0xC0 && (unicode.IsLetter(r) || unicode.IsMark(r)), r >= 0xC0 && unicode.IsDigit(r)
}

// beginsAsKey reports whether Mermaid would read the beginning of a word as PK, FK or UK.
func beginsAsKey(text string) bool {
	if len(text) < 2 || !slices.Contains([]string{"pk", "fk", "uk"}, strings.ToLower(text[:2])) {
		return false
	}
	if len(text) == 2 {
		return true
	}
	next := rune(text[2])
	return next != '_' && (next >= utf8.RuneSelf || !unicode.IsLetter(next) && !unicode.IsDigit(next))
}

// quoted returns a text in Mermaid's quotes.
func quoted(text string) string {
	return `"` + cmp.Or(escaped(text), " ") + `"`
}

// plainSigns are characters without a meaning for Mermaid inside a text.
const plainSigns = " .,-+−→'()="

// escaped returns a text with the characters that are special to Mermaid, Markdown or HTML as numeric entities.
func escaped(text string) string {
	var w strings.Builder
	runes := []rune(oneLine(text))
	for i, r := range runes {
		between := r == '_' && i > 0 && i+1 < len(runes) && alphanumeric(runes[i-1]) && alphanumeric(runes[i+1])
		if alphanumeric(r) || between || strings.ContainsRune(plainSigns, r) && (r != ' ' || !endsWithDirection(runes[:i])) {
			w.WriteRune(r)
		} else {
			fmt.Fprintf(&w, "#%d;", r)
		}
	}
	return w.String()
}

// endsWithDirection reports whether the text ends with the word that Mermaid, before a space, reads as the drawing
// direction.
func endsWithDirection(before []rune) bool {
	return strings.HasSuffix(strings.ToLower(string(before)), "direction")
}

func alphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) }
