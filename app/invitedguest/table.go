package invitedguest

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"guestlist/app/table"
)

// invitationColumns are the columns of a table of people to be invited.
var invitationColumns = []string{
	table.Email, table.Firstname, table.Lastname, table.UserTitle, table.Language, table.Role, table.TagIDs, table.Tags,
}

// updateColumns are the additional columns of a table of guests to update.
var updateColumns = []string{"invited_guest_id", "status", "answered_at"}

// guestTable reads candidates from a table with the columns of an export.
type guestTable struct {
	*table.Reader

	role  string          // of rows without a role
	given map[string]bool // the columns that are present
}

// newGuestTable reads the header row; update allows the columns of updates. It fails as table.NewReader does.
func newGuestTable(in io.Reader, role string, update bool, options table.Options) (*guestTable, error) {
	options.Known = invitationColumns
	if update {
		options.Known = slices.Concat(invitationColumns, updateColumns)
	}
	rows, err := table.NewReader(in, options)
	if err != nil {
		return nil, err
	}
	given := map[string]bool{}
	for _, column := range options.Known {
		given[column] = rows.Has(column)
	}
	return &guestTable{rows, role, given}, nil
}

// read returns up to atMost candidates; none at the end. It fails as table.Reader.Next does.
func (t *guestTable) read(atMost int) (result []Candidate, err error) {
	for len(result) < atMost {
		r := Candidate{Role: t.role, given: t.given}
		row, wrong, err := t.Next(r.set)
		if errors.Is(err, io.EOF) {
			return result, nil
		}
		if err != nil {
			return nil, err
		}
		r.row = row
		for field, problem := range wrong {
			r.wrong.Add(field, problem)
		}
		result = append(result, r)
	}
	return result, nil
}

// set stores a cell in the field of its column.
func (r *Candidate) set(column, cell string) {
	switch column {
	case table.Language:
		r.Language = strings.ReplaceAll(cell, "_", "-") // pt_BR is a POSIX locale
	case table.Role:
		if cell != "" {
			r.Role, r.ownRole = cell, true
		}
	case table.TagIDs:
		r.setTagIDs(cell)
	case table.Tags:
		for name := range strings.FieldsFuncSeq(cell, func(c rune) bool { return c == ',' || c == ';' }) {
			if name = strings.TrimSpace(name); name != "" {
				r.tagNames = append(r.tagNames, name)
			}
		}
	case "invited_guest_id":
		id, err := strconv.ParseInt(cell, 10, 64)
		if cell != "" && (err != nil || id < 1) {
			r.wrong.Add(column, "must be a whole number greater than 0")
		}
		r.GuestID = id
	case "status":
		r.Status = Status(strings.ToLower(cell))
	case "answered_at":
		r.answeredAt = cell
	default:
		r.setPerson(column, cell)
	}
}

func (r *Candidate) setPerson(column, cell string) {
	switch column {
	case table.Email:
		r.Email = cell
	case table.Firstname:
		r.Firstname = cell
	case table.Lastname:
		r.Lastname = cell
	case table.UserTitle:
		r.UserTitle = cell
	}
}

func (r *Candidate) setTagIDs(cell string) {
	for _, text := range strings.FieldsFunc(cell, func(c rune) bool { return strings.ContainsRune(",; ", c) }) {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			r.wrong.Add(table.TagIDs, "must be whole numbers, separated by ;")
		}
		r.TagIDs = append(r.TagIDs, id)
	}
}
