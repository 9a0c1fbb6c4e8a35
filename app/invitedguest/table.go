package invitedguest

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The limits of what one row of many may be.
const (
	maxColumns = 1000
	maxRow     = 64 << 10 // bytes
	maxCell    = 2048     // bytes of a value; no valid one is longer
)

// columnNames are the columns that a table may have and that mean something.
var columnNames = []string{"email", "firstname", "lastname", "user_title", "language", "role", "tag_ids"}

// table reads candidates from CSV (RFC 4180), whose first row names the columns, in any order: those of the export.
// Columns that it does not know are left out. A spreadsheet may have put semicolons between the cells.
type table struct {
	rows    *csv.Reader
	columns []string // empty: not one of columnNames
	role    string   // of rows that name none
}

// newTable reads the names of the columns. What is wrong with the file as a whole is an error in words that follow it.
func newTable(in io.Reader, role string) (*table, error) {
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
	columns, err := readColumns(names)
	return &table{rows, columns, role}, err
}

func readColumns(names []string) ([]string, error) {
	columns, seen := make([]string, len(names)), map[string]bool{}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "" && seen[name] {
			return nil, fmt.Errorf("has two columns %q", name)
		}
		seen[name] = true
		if slices.Contains(columnNames, name) {
			columns[i] = name
		}
	}
	if !seen["email"] {
		return nil, errors.New("has no column email in its first row")
	}
	return columns, nil
}

// next returns the next Candidate, or io.EOF.
func (t *table) next() (Candidate, error) {
	cells, err := t.rows.Read()
	if err != nil {
		return Candidate{}, err
	}
	r := Candidate{Role: t.role}
	if len(cells) > len(t.columns) {
		r.wrong.Add("row", "has more cells than there are columns")
		cells = cells[:len(t.columns)]
	}
	for i, cell := range cells {
		switch column := t.columns[i]; {
		case column == "":
		case !utf8.ValidString(cell):
			r.wrong.Add(column, "must be UTF-8")
		case len(cell) > maxCell:
			r.wrong.Add(column, fmt.Sprintf("must have at most %d bytes", maxCell))
		default:
			r.set(column, strings.Clone(readable(strings.TrimSpace(cell)))) // not to keep the row
		}
	}
	return r, nil
}

// set sets the field of a column.
func (r *Candidate) set(column, cell string) {
	switch column {
	case "email":
		r.Email = cell
	case "firstname":
		r.Firstname = cell
	case "lastname":
		r.Lastname = cell
	case "user_title":
		r.UserTitle = cell
	case "language":
		r.Language = cell
	case "role":
		if cell != "" {
			r.Role = cell
		}
	case "tag_ids":
		for _, text := range strings.FieldsFunc(cell, func(c rune) bool { return strings.ContainsRune(",; ", c) }) {
			id, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				r.wrong.Add(column, "must be whole numbers, with ; in between")
			}
			r.TagIDs = append(r.TagIDs, id)
		}
	}
}

// read returns the next candidates, at most atMost; none at the end.
func (t *table) read(atMost int) (result []Candidate, err error) {
	for len(result) < atMost {
		r, err := t.next()
		switch {
		case errors.Is(err, io.EOF):
			return result, nil
		case errors.Is(err, errRowLimit):
			return nil, err
		case err != nil:
			return nil, fmt.Errorf("is no CSV: %w", err)
		}
		result = append(result, r)
	}
	return result, nil
}

// errRowLimit is that a row is too large, in words that follow the table.
var errRowLimit = fmt.Errorf("has a row of more than %d cells or %d bytes", maxColumns, maxRow)

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
		if l.cells > maxColumns || l.size > maxRow {
			return 0, errRowLimit
		}
	}
	return n, err
}
