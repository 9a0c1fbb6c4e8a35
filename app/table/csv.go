package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

// rowTooLarge says that a row is too large.
var rowTooLarge = fmt.Sprintf("has more than %d cells or %d bytes", maxColumns, MaxRow)

// csvRows reads CSV (RFC 4180), also with other separators and line ends. A quote that begins a cell and is not closed
// is a part of it: it costs no more than its row.
type csvRows struct {
	in    *bufio.Reader // of more than MaxRow bytes
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
	_, _ = c.in.Discard(size) // it was peeked at
	if cells == nil && size > 0 && !isLineEnd(window[0]) {
		return nil, rowTooLarge, nil
	}
	return cells, "", nil
}

// skipLine reads up to the end of the line.
func (c *csvRows) skipLine() error {
	for {
		if _, err := c.in.Peek(1); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		part, _ := c.in.Peek(c.in.Buffered()) // all of it is there
		at := bytes.IndexAny(part, "\r\n")
		if at < 0 {
			_, _ = c.in.Discard(len(part))
			continue
		}
		_, _ = c.in.Discard(at)
		end, _ := c.in.Peek(2) // the next row begins with another error
		_, _ = c.in.Discard(lineEnd(end))
		return nil
	}
}

// maxStray is how many quotes that are not closed are looked for in a row: each takes a look at the rest of it.
const maxStray = 8

// parseRow returns the cells of the first row of the text and its size with the line end. They are none if the line is
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

// plain returns the cell without quotes with which the text begins, and its length.
func plainCell(text []byte, comma byte) (cell string, length int) {
	length = slices.IndexFunc(text, func(b byte) bool { return b == comma || isLineEnd(b) })
	if length < 0 {
		length = len(text)
	}
	return string(text[:length]), length
}

// quoted returns the cell in quotes with which the text begins, and its length; closed is false if there is none: the
// quote is not closed, or only in another line by a quote that begins a cell there.
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

// lineEnd returns the size of the line end with which the text begins: of CR LF, or of one of the two.
func lineEnd(text []byte) int {
	switch {
	case bytes.HasPrefix(text, []byte("\r\n")):
		return 2
	case len(text) > 0 && isLineEnd(text[0]):
		return 1
	}
	return 0
}
