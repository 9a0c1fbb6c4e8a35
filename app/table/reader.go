// Package table reads tables that people or spreadsheets wrote, row by row and in bounded memory: CSV and Excel files,
// with the columns of common exports. It also writes tables, with cells that no spreadsheet takes for formulas.
package table

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"guestlist/app/utils"
)

// Limits of a row.
const (
	maxColumns = 1000
	MaxRow     = 64 << 10 // bytes
	MaxCell    = 2048     // bytes; longer than any valid value

	maxLeadingRows = 20 // title rows above the header row
)

// rows iterates over the rows of a file.
type rows interface {
	// next returns the cells of the next row, or what is wrong with it, in words that follow "row". At the end it returns
	// io.EOF; the text of any other error follows the file's name.
	next() (cells []string, problem string, err error)
}

// Options control how a table is read.
type Options struct {
	Known    []string          // columns, including email
	Map      map[string]string // from ParseMap
	Encoding string            // valid by CheckEncoding; empty: UTF-8 or UTF-16, whichever the text is
}

// Reader reads a table. One of the first rows is the header, which names the columns in any order.
type Reader struct {
	rows   rows
	layout *layout
	row    int // number of the last one read; 1 is the first below the header
}

// NewReader reads a table up to its header row. The text of an error follows the file's name.
func NewReader(in io.Reader, o Options) (*Reader, error) {
	buffered := bufio.NewReaderSize(in, 4096)
	first, err := buffered.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	r := &Reader{}
	if isZip(first) {
		r.rows, err = newWorkbookRows(buffered)
	} else {
		r.rows, err = newCSVRows(buffered, first, o)
	}
	if err != nil {
		return nil, err
	}
	return r, r.findNames(o)
}

func newCSVRows(in io.Reader, first []byte, o Options) (*csvRows, error) {
	text, err := decode(in, first, o.Encoding)
	if err != nil {
		return nil, err
	}
	buffered := bufio.NewReaderSize(text, MaxRow+2)
	begin, err := buffered.Peek(MaxRow + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	return &csvRows{buffered, separator(begin, o)}, nil
}

// separator returns the separator of cells: the one in a first line such as "sep=;", an Excel convention, else the one
// that splits a row into the most columns, preferring a row with a column of addresses.
func separator(begin []byte, o Options) byte {
	first, _ := parseRow(begin, 0)
	if len(first) == 1 && len(first[0]) == len("sep=;") && strings.EqualFold(first[0][:4], "sep=") {
		return first[0][4]
	}
	best, most := byte(','), 0
	for _, comma := range []byte(",;\t") {
		for text, n := begin, 0; len(text) > 0 && n <= maxLeadingRows; n++ {
			cells, size := parseRow(text, comma)
			text = text[size:]
			weight := len(cells)
			if l, err := newLayout(cleanNames(cells), o.Known, o.Map); err == nil && l.has(Email) {
				weight += maxColumns
			}
			if weight > most {
				best, most = comma, weight
			}
		}
	}
	return best
}

// findNames finds the header: the first row with a column of addresses. If there is none, it returns the error of the
// first row that is not empty.
func (r *Reader) findNames(o Options) error {
	var failed error
	for n := 0; n <= maxLeadingRows; n++ {
		cells, problem, err := r.rows.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		found, err := r.takeNames(cells, problem, o)
		if found {
			return err
		}
		if failed == nil {
			failed = err
		}
	}
	if failed == nil {
		return errors.New("is empty: its first row must name the columns")
	}
	return failed
}

// takeNames takes a row as the header if it has a column of addresses. Otherwise the error says why not, unless the row
// is empty.
func (r *Reader) takeNames(cells []string, problem string, o Options) (found bool, err error) {
	names := cleanNames(cells)
	switch {
	case problem != "":
		return false, errors.New("has a row that " + problem)
	case strings.Join(names, "") == "" || strings.HasPrefix(strings.ToLower(names[0]), "sep="):
		return false, nil
	}
	l, err := newLayout(names, o.Known, o.Map)
	switch {
	case err != nil:
		return false, err
	case !l.has(Email):
		return false, l.check()
	case !utf8.ValidString(strings.Join(cells, "")):
		return true, errors.New("is not UTF-8: name its encoding, such as windows-1252 or macintosh")
	}
	r.layout = l
	return true, l.check()
}

// Used returns, by known column, the names that the used columns have in the table.
func (r *Reader) Used() map[string]string {
	used := map[string]string{}
	for i, column := range r.layout.columns {
		if column != "" {
			used[column] = r.layout.names[i]
		}
	}
	return used
}

// Unused returns the names of the unused columns.
func (r *Reader) Unused() []string {
	unused := []string{}
	for i, column := range r.layout.columns {
		if column == "" && r.layout.names[i] != "" {
			unused = append(unused, r.layout.names[i])
		}
	}
	return unused
}

// Columns describes the used and unused columns in a line for users.
func (r *Reader) Columns() string {
	var used []string
	for i, column := range r.layout.columns {
		switch name := r.layout.names[i]; {
		case column == "":
		case strings.EqualFold(name, column):
			used = append(used, column)
		default:
			used = append(used, fmt.Sprintf("%s (%q)", column, name))
		}
	}
	line := "Columns: " + strings.Join(used, ", ") + "."
	if unused := r.Unused(); len(unused) > 0 {
		line += " Not used: " + quotedNames(unused) + "."
	}
	return line
}

// Has reports whether the table has a known column.
func (r *Reader) Has(column string) bool {
	whole := (column == Firstname || column == Lastname) && r.layout.has(wholeName)
	return whole || r.layout.has(column)
}

// Next calls set with each cell of the next row, and returns the number of the row, from 1 below the header, and the
// problems of the cells that it left out, by column. It skips empty rows. At the end it returns io.EOF; the text of any
// other error follows the file's name.
func (r *Reader) Next(set func(column, cell string)) (row int, wrong utils.FieldErrors, err error) {
	for {
		cells, problem, err := r.rows.next()
		if err != nil {
			return r.row, nil, err
		}
		r.row++
		if problem != "" {
			wrong.Add("row", problem)
			return r.row, wrong, nil
		}
		if strings.TrimSpace(strings.Join(cells, "")) != "" {
			return r.row, r.setCells(cells, set), nil
		}
	}
}

// cellProblem returns what is wrong with a cell, in words that follow its column, or "".
func cellProblem(cell string) string {
	switch {
	case !utf8.ValidString(cell):
		return "is not UTF-8: name the file's encoding, such as windows-1252"
	case len(cell) > MaxCell:
		return fmt.Sprintf("must have at most %d bytes", MaxCell)
	}
	return ""
}

// setCells calls set with the cells of a row.
func (r *Reader) setCells(cells []string, set func(column, cell string)) (wrong utils.FieldErrors) {
	var name, inAddress string
	named := false
	for i, cell := range cells {
		column := ""
		if i < len(r.layout.columns) {
			column = r.layout.columns[i]
		} else if strings.TrimSpace(cell) != "" {
			wrong.Add("row", "has more cells than there are columns")
		}
		if column == "" {
			continue
		}
		if problem := cellProblem(cell); problem != "" {
			wrong.Add(column, problem)
			continue
		}
		cell = cleanCell(unescapeFormula(strings.TrimSpace(cell)))
		named = named || cell != "" && (column == Firstname || column == Lastname || column == wholeName)
		switch column {
		case Email:
			inAddress, cell = splitAddress(cell)
			set(column, cell)
		case wholeName:
			name = cell
		default:
			set(column, cell)
		}
	}
	if !named {
		name = inAddress
	}
	if name != "" || r.layout.has(wholeName) {
		first, last := splitName(name)
		set(Firstname, first)
		set(Lastname, last)
	}
	return wrong
}
