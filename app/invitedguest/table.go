package invitedguest

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"guestlist/app/table"
)

// guestTable reads candidates from a table with the columns of the export.
type guestTable struct {
	rows *table.Reader
	role string // of rows that name none
}

// newGuestTable reads the names of the columns. It fails as table.NewReader does.
func newGuestTable(in io.Reader, role string) (*guestTable, error) {
	rows, err := table.NewReader(in, "email", "firstname", "lastname", "user_title", "language", "role", "tag_ids")
	return &guestTable{rows, role}, err
}

// read returns the next candidates, at most atMost; none at the end. It fails as table.Reader.Next does.
func (t *guestTable) read(atMost int) (result []Candidate, err error) {
	for len(result) < atMost {
		r := Candidate{Role: t.role}
		wrong, err := t.rows.Next(r.set)
		if errors.Is(err, io.EOF) {
			return result, nil
		}
		if err != nil {
			return nil, err
		}
		for field, problem := range wrong {
			r.wrong.Add(field, problem)
		}
		result = append(result, r)
	}
	return result, nil
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
