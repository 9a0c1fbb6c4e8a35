package render

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"guestlist/migrations/op"
)

// width and commentWidth are the columns at which lines of code and of comments are broken; tab is the width of a tab.
const width, commentWidth, tab = 116, 110, 4

// bodyIndent is the indentation of the statements of Upgrade and Downgrade, in tabs.
const bodyIndent = 3

// body returns the statements that record the operations.
func body(steps []Step) (string, error) {
	var b strings.Builder
	created := "" // the table that the previous statements create
	for n, s := range steps {
		statement, err := statement(s.Operation, bodyIndent)
		if err != nil {
			return "", err
		}
		if n > 0 && separated(steps[n-1], s, created) {
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

// separated reports whether an empty line separates two steps: around a table with its indexes, and around a step with
// comments.
func separated(before, step Step, created string) bool {
	_, creates := step.Operation.(*op.CreateTable)
	leaves := created != "" && createdBy(step.Operation, created) == ""
	return creates || leaves || len(step.Comments) > 0 || len(before.Comments) > 0
}

// createdBy returns the new table that the operation belongs to, or "". created is that of the previous operation.
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

// writeComment writes a comment above a statement.
func writeComment(b *strings.Builder, text string) {
	const longest = commentWidth - bodyIndent*tab - len("// ")
	for _, line := range fill(words(strings.Map(printable, strings.ToValidUTF8(text, "\uFFFD")), longest), longest) {
		b.WriteString(indent(bodyIndent) + "// " + line + "\n")
	}
}

// words splits a comment where a line may break: not inside a string of SQL, unless that is longer than a line.
func words(text string, longest int) []string {
	if strings.HasPrefix(text, "WARNING:") {
		return strings.Fields(text)
	}
	inString := false
	parts := strings.FieldsFunc(text, func(r rune) bool {
		if r == '\'' {
			inString = !inString
		}
		return unicode.IsSpace(r) && !inString
	})
	if slices.ContainsFunc(parts, func(part string) bool { return utf8.RuneCountInString(part) > longest }) {
		return strings.Fields(text)
	}
	return parts
}

// fill puts words into lines of at most longest characters. A longer word gets a line to itself.
func fill(words []string, longest int) []string {
	var lines []string
	line, length := "", 0
	for _, word := range words {
		size := utf8.RuneCountInString(word)
		if line != "" && length+1+size > longest {
			lines, line, length = append(lines, line), "", 0
		}
		if line != "" {
			line, length = line+" ", length+1
		}
		line, length = line+word, length+size
	}
	return append(lines, line)
}

func indent(tabs int) string { return strings.Repeat("\t", tabs) }

// chain joins a call and the methods called on it, with a break after a dot where the line would be too long.
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

// lastLine returns the length of the last line of a text.
func lastLine(text string) int {
	return len([]rune(text[strings.LastIndex(text, "\n")+1:]))
}
