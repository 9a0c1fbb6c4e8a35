package picture

import (
	"encoding/xml"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Sizes of letters and rows, in pixels.
const (
	fontSize   = 12
	titleSize  = 15
	nameSize   = 13
	smallSize  = 11
	cellTenths = 74 // the width of a character, in tenths, in the widest common monospaced font
	rowHeight  = 20
	headHeight = 28
	boxPad     = 10
)

// cells returns the width of a text in cells, the width of a Latin letter.
func cells(text string) int {
	n := 0
	for _, r := range text {
		n += runeCells(r)
	}
	return n
}

func runeCells(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1F000: // emoji and similar signs
		return 2
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// textWidth returns the width of a text in pixels.
func textWidth(text string) int { return (cells(text)*cellTenths + 9) / 10 }

// cut shortens a text to at most limit cells.
func cut(text string, limit int) string {
	if cells(text) <= limit {
		return text
	}
	n := 1 // of the ellipsis
	for i, r := range text {
		if n += runeCells(r); n > limit {
			return text[:i] + "…"
		}
	}
	return text
}

// escapeXML escapes a text for XML. Characters that XML does not allow become U+FFFD.
func escapeXML(text string) string {
	var w strings.Builder
	_ = xml.EscapeText(&w, []byte(text)) // a strings.Builder returns no errors
	return w.String()
}

// visible replaces invisible characters by U+FFFD, so that they can be seen.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u200d', r == '\u200c': // joiners of letters
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			return '\uFFFD'
		}
		return r
	}, text)
}

func joined(parts []string) string { return strings.Join(parts, ", ") }
