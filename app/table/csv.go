package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

// rowTooLarge is the problem of a row that is too large.
var rowTooLarge = fmt.Sprintf("has more than %d cells or %d bytes", maxColumns, MaxRow)

// csvRows reads CSV (RFC 4180), also with other separators and line breaks. A cell's opening quote without a closing
// one is part of the cell, so that it damages no more than its row.
type csvRows struct {
	in    *bufio.Reader // its buffer holds more than MaxRow bytes
	comma byte
}

// next implements rows. An empty line is a row without cells.
func (c *csvRows) next() (cells []string, problem string, err error) {
	window, err := c.in.Peek(MaxRow + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, "", err
	}
	if len(window) == 0 {
		return nil, "", io.EOF
	}
	cells, size := parseRow(window, c.comma)
	if size > MaxRow {
		return nil, rowTooLarge, c.skipLine()
	}
	_, _ = c.in.Discard(size) // was peeked at
	if cells == nil && size > 0 && !isLineEnd(window[0]) {
		return nil, rowTooLarge, nil
	}
	return cells, "", nil
}

// skipLine reads past the end of the line.
func (c *csvRows) skipLine() error {
	for {
		if _, err := c.in.Peek(1); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		part, _ := c.in.Peek(c.in.Buffered()) // buffered, so no error
		at := bytes.IndexAny(part, "\r\n")
		if at < 0 {
			_, _ = c.in.Discard(len(part))
			continue
		}
		_, _ = c.in.Discard(at)
		end, _ := c.in.Peek(2) // the next row reports the error
		_, _ = c.in.Discard(lineEnd(end))
		return nil
	}
}

// maxStray is how many unclosed quotes are searched for in a row: each search scans the rest of it.
const maxStray = 8

// parseRow returns the cells of the first row of text and its size with the line break. cells is nil if the line is
// empty or has too many.
func parseRow(text []byte, comma byte) (cells []string, size int) {
	if len(text) > 0 && isLineEnd(text[0]) {
		return nil, lineEnd(text)
	}
	for at, stray, many := 0, 0, false; ; at++ {
		cell, length, closed := "", 0, false
		if stray < maxStray && at < len(text) && text[at] == '"' {
			if cell, length, closed = quotedCell(text[at:], comma); !closed {
				stray++
			}
		}
		if !closed {
			cell, length = plainCell(text[at:], comma)
		}
		if many = many || len(cells) == maxColumns; many {
			cells = nil
		} else {
			cells = append(cells, cell)
		}
		if at += length; at == len(text) || isLineEnd(text[at]) {
			return cells, at + lineEnd(text[at:])
		}
	}
}

// plainCell returns the unquoted cell at the start of text, and its length.
func plainCell(text []byte, comma byte) (cell string, length int) {
	length = slices.IndexFunc(text, func(b byte) bool { return b == comma || isLineEnd(b) })
	if length < 0 {
		length = len(text)
	}
	return string(text[:length]), length
}

// quotedCell returns the quoted cell at the start of text, and its length. closed is false if the quote is not closed,
// or only by a quote that starts a cell on another line.
func quotedCell(text []byte, comma byte) (cell string, length int, closed bool) {
	var out []byte
	lines := false
	for at := 1; at < len(text); at++ {
		b := text[at]
		switch {
		case b != '"':
			lines = lines || isLineEnd(b)
		case at+1 < len(text) && text[at+1] == '"':
			at++
		default:
			end := at + 1
			for end < len(text) && text[end] == ' ' {
				end++
			}
			if end == len(text) || text[end] == comma || isLineEnd(text[end]) {
				return string(out), end, true
			}
			if lines {
				return "", 0, false
			}
		}
		out = append(out, b)
	}
	return "", 0, false
}

func isLineEnd(b byte) bool { return b == '\n' || b == '\r' }

// lineEnd returns the size of the line break at the start of text: CR LF, CR or LF.
func lineEnd(text []byte) int {
	switch {
	case bytes.HasPrefix(text, []byte("\r\n")):
		return 2
	case len(text) > 0 && isLineEnd(text[0]):
		return 1
	}
	return 0
}
