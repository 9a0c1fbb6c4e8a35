package render

import (
	"strings"
	"unicode"

	"guestlist/migrations/op"
)

// width is how long a line of code gets before it is broken, and commentWidth a comment; tab is how wide a tab is.
const width, commentWidth, tab = 116, 110, 4

// bodyIndent is how far the statements of Upgrade and Downgrade are indented, in tabs.
const bodyIndent = 3

// body returns the statements that record the operations, one a line where it fits.
func body(steps []Step) (string, error) {
	var b strings.Builder
	created := "" // the table that the lines before are about
	for n, s := range steps {
		statement, err := statement(s.Operation, bodyIndent)
		if err != nil {
			return "", err
		}
		if n > 0 && parted(steps[n-1], s, created) {
			b.WriteString("\n")
		}
		created = createdBy(s.Operation, created)
		for _, c := range s.Comments {
			writeComment(&b, c)
		}
		b.WriteString(indent(bodyIndent) + statement + "\n")
	}
	return b.String(), nil
}

// parted reports whether an empty line stands between two steps: around a table with its indexes, and around what has a
// comment.
func parted(before, step Step, created string) bool {
	_, creates := step.Operation.(*op.CreateTable)
	leaves := created != "" && createdBy(step.Operation, created) == ""
	return creates || leaves || len(step.Comments) > 0 || len(before.Comments) > 0
}

// createdBy returns the new table that the operation belongs to, of which created is the last.
func createdBy(o op.Operation, created string) string {
	switch o := o.(type) {
	case *op.CreateTable:
		return o.Table.Name
	case *op.CreateIndex:
		if o.Table == created {
			return created
		}
	}
	return ""
}

// writeComment breaks a comment between words.
func writeComment(b *strings.Builder, text string) {
	start := indent(bodyIndent) + "//"
	line, length := start, bodyIndent*tab+len("//")
	for _, word := range words(strings.Map(printable, strings.ToValidUTF8(text, "\uFFFD"))) {
		size := len([]rune(word)) + 1
		if length+size > commentWidth && line != start {
			b.WriteString(line + "\n")
			line, length = start, bodyIndent*tab+len("//")
		}
		line += " " + word
		length += size
	}
	b.WriteString(line + "\n")
}

// words splits a comment where a line may break: not inside a string of the SQL that follows a warning.
func words(text string) []string {
	if strings.HasPrefix(text, "WARNING:") {
		return strings.Fields(text)
	}
	inString := false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '\'' {
			inString = !inString
		}
		return unicode.IsSpace(r) && !inString
	})
}

func indent(tabs int) string { return strings.Repeat("\t", tabs) }

// chain joins a call and the methods called on it, with a break after a point where the line would be too long.
func chain(tabs int, calls ...string) string {
	text := calls[0]
	length := tabs*tab + lastLine(text)
	for _, c := range calls[1:] {
		first, _, _ := strings.Cut(c, "\n")
		if length+1+len([]rune(first)) > width {
			text += ".\n" + indent(tabs+1) + c
			length = (tabs+1)*tab + lastLine(c)
			continue
		}
		text += "." + c
		length += 1 + lastLine(c)
	}
	return text
}

// lastLine is the length of the last line of a text.
func lastLine(text string) int {
	return len([]rune(text[strings.LastIndex(text, "\n")+1:]))
}
