// Package table reads tables that people or spreadsheets have written, row by row and in bounded memory, and writes
// cells that no spreadsheet takes for a formula.
package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"guestlist/app/utils"
)

// The limits of what one row of many may be.
const (
	maxColumns = 1000
	MaxRow     = 64 << 10 // bytes
	MaxCell    = 2048     // bytes of a value; no valid one is longer
)

// Reader reads CSV (RFC 4180), whose first row names the columns, in any order. A spreadsheet may have put semicolons
// between the cells.
type Reader struct {
	rows    *csv.Reader
	columns []string // empty: not known, and left out
}

// NewReader reads the names of the columns. One of them is email, and those that are not known are left out. What is
// wrong with the file as a whole is an error in words that follow it.
func NewReader(in io.Reader, known ...string) (*Reader, error) {
	first := make([]byte, 4096)
	n, err := io.ReadFull(in, first)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	first = bytes.TrimPrefix(first[:n], []byte("\uFEFF"))
	if bytes.HasPrefix(first, []byte("\xFF\xFE")) || bytes.HasPrefix(first, []byte("\xFE\xFF")) { // the byte order mark
		return nil, errors.New(`is UTF-16, and must be UTF-8: from Excel, save it as "CSV UTF-8"`)
	}
	comma := ','
	if line, _, _ := bytes.Cut(first, []byte("\n")); !bytes.ContainsRune(line, ',') && bytes.ContainsRune(line, ';') {
		comma = ';'
	}
	rows := csv.NewReader(&rowLimit{in: io.MultiReader(bytes.NewReader(first), in), comma: byte(comma), cells: 1})
	rows.FieldsPerRecord, rows.ReuseRecord, rows.Comma = -1, true, comma
	names, err := rows.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New("is empty: its first row must name the columns")
	case errors.Is(err, errRowLimit):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("has no row with the names of the columns: %w", err)
	}
	columns, err := readColumns(names, known)
	return &Reader{rows, columns}, err
}

func readColumns(names, known []string) ([]string, error) {
	columns, seen := make([]string, len(names)), map[string]bool{}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "" && seen[name] {
			return nil, fmt.Errorf("has two columns %q", name)
		}
		seen[name] = true
		if slices.Contains(known, name) {
			columns[i] = name
		}
	}
	if !seen["email"] {
		return nil, errors.New("has no column email in its first row")
	}
	return columns, nil
}

// Next passes the cells of the next row to set, one after the other, and returns what is wrong with those that it does
// not pass, by column. At the end it fails with io.EOF; the text of any other error follows the file's name.
func (r *Reader) Next(set func(column, cell string)) (wrong utils.FieldErrors, err error) {
	cells, err := r.rows.Read()
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, errRowLimit):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("is no CSV: %w", err)
	}
	if len(cells) > len(r.columns) {
		wrong.Add("row", "has more cells than there are columns")
		cells = cells[:len(r.columns)]
	}
	for i, cell := range cells {
		switch column := r.columns[i]; {
		case column == "":
		case !utf8.ValidString(cell):
			wrong.Add(column, "must be UTF-8")
		case len(cell) > MaxCell:
			wrong.Add(column, fmt.Sprintf("must have at most %d bytes", MaxCell))
		default:
			set(column, strings.Clone(readable(strings.TrimSpace(cell)))) // not to keep the row
		}
	}
	return wrong, nil
}

// errRowLimit is that a row is too large, in words that follow the table.
var errRowLimit = fmt.Errorf("has a row of more than %d cells or %d bytes", maxColumns, MaxRow)

// rowLimit is a reader of CSV that ends with errRowLimit before a row is longer than it may be: the reader behind it
// keeps a row whole, with every cell of it.
type rowLimit struct {
	in          io.Reader
	comma       byte
	quoted      bool // whether a cell in quotes is open; two quotes in one close and open it
	cells, size int  // of the row so far
}

// Read implements io.Reader.
func (l *rowLimit) Read(into []byte) (int, error) {
	n, err := l.in.Read(into)
	for _, b := range into[:n] {
		l.size++
		switch {
		case b == '"':
			l.quoted = !l.quoted
		case l.quoted:
		case b == l.comma:
			l.cells++
		case b == '\n':
			l.cells, l.size = 1, 0
		}
		if l.cells > maxColumns || l.size > MaxRow {
			return 0, errRowLimit
		}
	}
	return n, err
}
