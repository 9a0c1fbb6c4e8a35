package table

import (
	"strings"
	"unicode"
)

// clean returns a cell as a person reads it: in one line, without the marks for the direction of writing and others
// that nobody sees, which spreadsheets and mail programs leave around names and addresses.
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

// Clean returns a text as a Reader returns it after it was written to a table.
func Clean(text string) string { return cleanCell(strings.TrimSpace(text)) }

// isMark leaves the joiners of characters (U+200C, U+200D), which some scripts cannot do without.
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

// splitAddress takes "Ann Lee <ann@example.org>" apart. Also mailto: may be before an address.
func splitAddress(cell string) (name, address string) {
	if begin := strings.LastIndexByte(cell, '<'); begin >= 0 && strings.HasSuffix(cell, ">") {
		name, cell = strings.Trim(cell[:begin], `"' `), strings.TrimSpace(cell[begin+1:len(cell)-1])
	}
	if len(cell) > len("mailto:") && strings.EqualFold(cell[:len("mailto:")], "mailto:") {
		cell = cell[len("mailto:"):]
	}
	return name, strings.Trim(cell, "\u200C\u200D ")
}

// splitName splits a whole name at its last blank, or "Lee, Ann" at its comma. A single word is the last name.
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
