package render

import (
	"bytes"
	"go/format"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxLine is the length of the longest line in characters, where a tab is one, as linters count it.
const maxLine = 120

// wrap breaks the lines of code that are longer than maxLine, as far as they can be: before an argument or, where that
// would not fit a line either, between the words of a string.
func wrap(source []byte) ([]byte, error) {
	for {
		at, inserted := findBreak(source)
		if inserted == "" {
			return source, nil
		}
		var err error
		if source, err = format.Source(slices.Concat(source[:at], []byte(inserted), source[at:])); err != nil {
			return nil, err
		}
	}
}

// findBreak returns where to break the first line that is too long and can be broken, and what to insert there, or "".
func findBreak(source []byte) (at int, inserted string) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(source))
	s.Init(file, source, nil, 0)
	var l line
	for {
		pos, kind, literal := s.Scan()
		if kind == token.EOF {
			return 0, ""
		}
		start := file.Offset(pos)
		if l.text == nil || start > l.start+len(l.text) {
			l = lineAt(source, start)
		}
		if !l.long() {
			continue
		}
		if at, inserted = l.breakAt(start, kind, literal); inserted != "" {
			return at, inserted
		}
	}
}

// line is a line of source that is read token by token. Its offsets are those of the source.
type line struct {
	start    int
	text     []byte
	argument int    // the start of the last argument, if it can begin a line; 0 if none
	quoted   int    // the start of the last string in double quotes
	literal  string // that string
}

func lineAt(source []byte, offset int) line {
	start := bytes.LastIndexByte(source[:offset], '\n') + 1
	text, _, _ := bytes.Cut(source[start:], []byte("\n"))
	return line{start: start, text: text}
}

func (l *line) long() bool { return utf8.RuneCount(l.text) > maxLine }

// breakAt takes note of a token, and breaks the line once one ends beyond maxLine.
func (l *line) breakAt(start int, kind token.Token, literal string) (at int, inserted string) {
	if kind == token.STRING && literal[0] == '"' {
		l.quoted, l.literal = start, literal
	}
	end := start + max(1, len(literal))
	if l.column(end) <= maxLine {
		if kind == token.COMMA || kind == token.LPAREN {
			l.argument = end
		}
		return 0, ""
	}
	if l.argument > 0 && (l.literal == "" || l.fits(l.argument)) {
		return l.argument, "\n"
	}
	if split := l.lastSpace(); split > 0 {
		return split, "\" +\n\""
	}
	if l.argument > 0 {
		return l.argument, "\n"
	}
	return 0, ""
}

// column returns the number of characters of the line before an offset.
func (l *line) column(offset int) int {
	return utf8.RuneCount(l.text[:min(offset-l.start, len(l.text))])
}

// fits reports whether the rest of the line from an offset fits a line.
func (l *line) fits(offset int) bool {
	tabs := len(l.text) - len(bytes.TrimLeft(l.text, "\t"))
	return tabs+1+utf8.RuneCount(bytes.TrimSpace(l.text[offset-l.start:])) <= maxLine
}

// lastSpace returns the offset after the last space of the string at which it can be split, or 0.
func (l *line) lastSpace() int {
	last := 0
	for i, r := range l.literal {
		after := l.quoted + i + 1
		if r == ' ' && l.column(after)+len(`" +`) <= maxLine && strings.Trim(l.literal[i:], ` "`) != "" {
			last = after
		}
	}
	return last
}
