package diff

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// errRenameForm is returned for text that is not a rename.
var errRenameForm = errors.New("write users=people for a table, " +
	"users.name=users.full_name for anything in it")

// ParseRename parses a rename: users=people for a table; users.name=users.full_name or users.name=full_name for a
// column, an index or a constraint. Its kind is that of the object that has the old name in the schema from.
func ParseRename(text string, from, to schema.Schema) (Rename, error) {
	left, right, ok := strings.Cut(text, "=")
	left, right = strings.TrimSpace(left), strings.TrimSpace(right)
	if !ok || left == "" || right == "" {
		return Rename{}, fmt.Errorf("cannot read rename %q: %w", text, errRenameForm)
	}
	if tableIn(from, left) {
		r := Rename{Kind: Table, From: left, To: right}
		return r, r.check(has(from, tableIn), has(to, tableIn))
	}
	dot := strings.LastIndex(left, ".")
	if dot < 0 {
		return Rename{}, fmt.Errorf("cannot rename %s: the history has no table %s: %w", text, left, errRenameForm)
	}
	table, name := cutLast(right)
	r := Rename{Table: left[:dot], From: left[dot+1:], To: name}
	was, ok := from.Table(r.Table)
	if !ok {
		return Rename{}, fmt.Errorf("cannot rename %s: the history has no table %s", text, r.Table)
	}
	if table != "" && table != r.Table && (tableIn(from, table) || !tableIn(to, table)) {
		return Rename{}, fmt.Errorf("cannot rename %s: a rename cannot move anything from table %s to %s",
			text, r.Table, table)
	}
	r.Kind, ok = kindIn(was, r.From)
	if !ok {
		return Rename{}, fmt.Errorf("cannot rename %s: table %s of the history has no column, index or constraint %s",
			text, r.Table, r.From)
	}
	return r, nil
}

// cutLast splits text at its last dot; the table is empty if there is none.
func cutLast(text string) (table, name string) {
	dot := strings.LastIndex(text, ".")
	return text[:max(dot, 0)], text[dot+1:]
}

// kindIn returns the kind of the object of that name in the table, and reports whether there is one.
func kindIn(t schema.Table, name string) (Kind, bool) {
	_, isColumn := t.Column(name)
	_, isIndex := t.Index(name)
	switch {
	case isColumn:
		return Column, true
	case isIndex:
		return Index, true
	default:
		return Constraint, slices.Contains(labelNames(t), name)
	}
}
