package diff

import (
	"strings"

	"guestlist/migrations/schema"
)

// Warning says what an operation does to rows, or why rows may make it fail, and how to do it safely.
type Warning struct {
	Text   string // what happens: drops users.name with its values
	Advice string // what to do instead, a sentence
	Code   string // what to type for that, if anything
	// Query counts the affected rows; it is empty if no query can.
	Query schema.SQL
	// Only is the database that the warning is about; it is empty if it is about both.
	Only schema.Dialect
}

// code returns the lines to type; a query that differs between the databases names its database.
func (w Warning) code() []string {
	query := w.Query
	switch {
	case w.Code != "":
		return []string{w.Code}
	case query.IsZero():
		return nil
	case w.Only != "" || query.Postgres == query.SQLite:
		return []string{query.String()}
	}
	var code []string
	if query.Postgres != "" {
		code = append(code, "PostgreSQL: "+query.Postgres)
	}
	if query.SQLite != "" {
		code = append(code, "SQLite: "+query.SQLite)
	}
	return code
}

// On returns the warning for one database, and reports whether it is about that database.
func (w Warning) On(d schema.Dialect) (Warning, bool) {
	about := w.Only == "" || w.Only == d
	w.Only, w.Query = d, schema.Both(w.Query.For(d))
	return w, about
}

// String returns the warning on one line.
func (w Warning) String() string {
	if code := w.code(); len(code) > 0 {
		return w.Text + ". " + w.Advice + ": " + strings.Join(code, "; ")
	}
	return w.Text + ". " + w.Advice + "."
}

// comments returns the lines of the warning; code is on separate lines, so that it can be copied.
func (w Warning) comments() []string {
	if code := w.code(); len(code) > 0 {
		return append([]string{"WARNING: " + w.Text + ". " + w.Advice + ":"}, code...)
	}
	return []string{"WARNING: " + w.String()}
}
