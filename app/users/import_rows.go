package users

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"guestlist/app/table"
	"guestlist/app/utils"
)

// importRow is an account in a file.
type importRow struct {
	Email        string `json:"email"`
	Firstname    string `json:"firstname"`
	Lastname     string `json:"lastname"`
	UserTitle    string `json:"user_title"`
	Language     string `json:"language"`
	Verified     bool   `json:"verified"`
	PolicyAgreed bool   `json:"policy_agreed"`
	PasswordHash string `json:"password_hash"`

	number int               // of the row in a table; else 0
	wrong  utils.FieldErrors // errors from reading it
}

// importColumns are the columns of a table of accounts: the members of importRow.
var importColumns = []string{
	"email", "firstname", "lastname", "user_title", "language", "verified", "policy_agreed", "password_hash",
}

// Validate implements utils.Validator. It does nothing: account validates the row, and adds the errors from reading it.
func (*importRow) Validate() utils.FieldErrors { return nil }

// account returns the account and its errors.
func (r *importRow) account() (Account, utils.FieldErrors) {
	account := Account{
		Person: Person{
			Email: r.Email, Firstname: r.Firstname, Lastname: r.Lastname, UserTitle: r.UserTitle, Language: r.Language,
			PolicyAgreed: r.PolicyAgreed,
		},
		PasswordHash: r.PasswordHash,
		Verified:     r.Verified,
	}
	wrong := r.wrong
	for field, problem := range account.Validate() {
		wrong.Add(field, problem)
	}
	return account, wrong
}

// set sets a column's field.
func (r *importRow) set(column, cell string) {
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
	case "password_hash":
		r.PasswordHash = cell
	case "verified":
		r.Verified = r.parseBool(column, cell)
	case "policy_agreed":
		r.PolicyAgreed = r.parseBool(column, cell)
	}
}

// parseBool parses true or false as databases and spreadsheets write them; an empty cell is false.
func (r *importRow) parseBool(column, cell string) bool {
	switch strings.ToLower(cell) {
	case "true", "t", "yes", "1":
		return true
	case "false", "f", "no", "0", "":
		return false
	}
	r.wrong.Add(column, "must be true or false")
	return false
}

// rowReader reads the rows of a file.
type rowReader interface {
	// next returns the next row, or fails with io.EOF; the text of any other error follows the file's name.
	next() (importRow, error)
	// columns says which columns are used, in a line for people; it may be empty.
	columns() string
}

// newRowReader returns a reader of JSON if the file begins with [ or {, else of a table.
func newRowReader(in io.Reader, options table.Options) (rowReader, error) {
	buffered := bufio.NewReader(in)
	first, err := buffered.Peek(64)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	if first = bytes.TrimSpace(bytes.TrimPrefix(first, []byte("\uFEFF"))); len(first) > 0 &&
		strings.ContainsRune("[{", rune(first[0])) {
		objects, err := table.NewObjects(buffered, table.MaxRow)
		return jsonRows{objects}, err
	}
	options.Known = importColumns
	rows, err := table.NewReader(buffered, options)
	return tableRows{rows}, err
}

type tableRows struct{ *table.Reader }

func (t tableRows) next() (row importRow, err error) {
	number, wrong, err := t.Next(row.set)
	row.number = number
	for field, problem := range wrong {
		row.wrong.Add(field, problem)
	}
	return row, err
}

func (t tableRows) columns() string { return t.Columns() }

type jsonRows struct{ *table.Objects }

func (jsonRows) columns() string { return "" }

func (j jsonRows) next() (row importRow, err error) {
	value, err := j.Next()
	if err != nil {
		return row, err
	}
	err = utils.DecodeJSON(value, &row)
	if fields, ok := errors.AsType[utils.FieldErrors](err); ok {
		row.wrong = fields
	} else if err != nil {
		row.wrong.Add("row", "must be an object without duplicate keys, invalid UTF-8 or U+0000")
	}
	return row, nil
}
