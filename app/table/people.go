package table

import (
	"strings"
	"unicode"
)

// cleanCell returns a cell in one line, without invisible characters such as direction marks, which spreadsheets and
// mail programs leave around names and addresses.
func cleanCell(cell string) string {
	if strings.ContainsFunc(cell, isMark) {
		cell = strings.Map(func(r rune) rune {
			if isMark(r) {
				return -1
			}
			return r
		}, cell)
	}
	if strings.ContainsFunc(cell, isLine) {
		lines := strings.FieldsFunc(cell, isLine)
		for i := range lines {
			lines[i] = strings.TrimSpace(lines[i])
		}
		cell = strings.Join(lines, " ")
	}
	return strings.TrimSpace(cell)
}

// Clean returns a text as a Reader would return it after a Writer wrote it.
func Clean(text string) string { return cleanCell(strings.TrimSpace(text)) }

// isMark reports whether a character is invisible. The joiners U+200C and U+200D are not, since some scripts need them.
func isMark(r rune) bool {
	return r == '\u200B' || r == '\u2060' || r == '\uFEFF' || r == '\u00AD' || unicode.Is(unicode.Bidi_Control, r)
}

func isLine(r rune) bool { return strings.ContainsRune("\n\r\t\v\f\u0085\u2028\u2029", r) }

func cleanNames(cells []string) []string {
	names := make([]string, len(cells))
	for i, cell := range cells {
		names[i] = cleanCell(unescapeFormula(strings.TrimSpace(strings.ToValidUTF8(cell, "\uFFFD"))))
	}
	return names
}

// splitAddress splits "Ann Lee <ann@example.org>" into name and address, and removes mailto: from the address.
func splitAddress(cell string) (name, address string) {
	if begin := strings.LastIndexByte(cell, '<'); begin >= 0 && strings.HasSuffix(cell, ">") {
		name, cell = strings.Trim(cell[:begin], `"' `), strings.TrimSpace(cell[begin+1:len(cell)-1])
	}
	if len(cell) > len("mailto:") && strings.EqualFold(cell[:len("mailto:")], "mailto:") {
		cell = cell[len("mailto:"):]
	}
	return name, strings.Trim(cell, "\u200C\u200D ")
}

// splitName splits a whole name at its last space, or "Lee, Ann" at the comma. A single word is a last name.
func splitName(name string) (first, last string) {
	if last, first, ok := strings.Cut(name, ","); ok && !strings.Contains(first, ",") {
		return strings.TrimSpace(first), strings.TrimSpace(last)
	}
	at := strings.LastIndexFunc(name, unicode.IsSpace)
	if at < 0 {
		return "", name
	}
	return strings.TrimSpace(name[:at]), strings.TrimSpace(name[at:])
}
