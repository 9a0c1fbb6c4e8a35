package invitedguest

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// Candidate is a person to be invited, one of many.
type Candidate struct {
	Email     string  `json:"email"`
	Firstname string  `json:"firstname"`
	Lastname  string  `json:"lastname"`
	UserTitle string  `json:"user_title"`
	Language  string  `json:"language"`
	Role      string  `json:"role"`
	TagIDs    []int64 `json:"tag_ids"`

	wrong utils.FieldErrors // what kept it from being read
}

// Validate implements utils.Validator. It leaves Email in its canonical form.
func (r *Candidate) Validate() utils.FieldErrors {
	wrong := r.wrong
	person := r.person()
	for field, problem := range person.Validate() {
		wrong.Add(field, problem)
	}
	if wrong["email"] == "" {
		r.Email = person.Email
	}
	wrong.Add("role", checkRole(r.Role))
	wrong.Add("tag_ids", checkTags(r.TagIDs))
	return wrong
}

func (r *Candidate) person() users.Person {
	return users.Person{Email: r.Email, Firstname: r.Firstname, Lastname: r.Lastname, UserTitle: r.UserTitle, Language: r.Language}
}

// parseObjects reads candidates from JSON objects. One that cannot be read becomes a candidate whose errors say so.
func parseObjects(objects []jsontext.Value, role string) []Candidate {
	result := make([]Candidate, len(objects))
	for i, object := range objects {
		var r Candidate
		err := utils.DecodeJSON(object, (*unchecked)(&r))
		if fields, ok := errors.AsType[utils.FieldErrors](err); ok {
			r.wrong = fields
		} else if err != nil {
			r.wrong.Add("guest", "must be an object")
		}
		r.Role = cmp.Or(r.Role, role)
		result[i] = r
	}
	return result
}

// unchecked is a candidate that is only read; it is validated with all others later.
type unchecked Candidate

// Validate implements utils.Validator.
func (*unchecked) Validate() utils.FieldErrors { return nil }

// table reads candidates from CSV (RFC 4180), whose first row names the columns, in any order: those of the export.
// Columns that it does not know are left out. A spreadsheet may have put semicolons between the cells.
type table struct {
	rows    *csv.Reader
	columns []string
	role    string // of rows that name none
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
	t := &table{rows: csv.NewReader(io.MultiReader(bytes.NewReader(first), in)), role: role}
	t.rows.FieldsPerRecord, t.rows.ReuseRecord = -1, true
	if line, _, _ := bytes.Cut(first, []byte("\n")); !bytes.ContainsRune(line, ',') && bytes.ContainsRune(line, ';') {
		t.rows.Comma = ';'
	}
	names, err := t.rows.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New("is empty: its first row must name the columns")
	case err != nil:
		return nil, fmt.Errorf("has no row with the names of the columns: %w", err)
	}
	for _, name := range names {
		t.columns = append(t.columns, strings.ToLower(strings.TrimSpace(name)))
	}
	if !slices.Contains(t.columns, "email") {
		return nil, errors.New("has no column email in its first row")
	}
	for i, name := range t.columns {
		if slices.Index(t.columns, name) < i && name != "" {
			return nil, fmt.Errorf("has two columns %q", name)
		}
	}
	return t, nil
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
		if !utf8.ValidString(cell) {
			r.wrong.Add(t.columns[i], "must be UTF-8")
			continue
		}
		r.set(t.columns[i], strings.Clone(readable(strings.TrimSpace(cell)))) // not to keep the row
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
		if errors.Is(err, io.EOF) {
			return result, nil
		}
		if err != nil {
			return nil, fmt.Errorf("is no CSV: %w", err)
		}
		result = append(result, r)
	}
	return result, nil
}
