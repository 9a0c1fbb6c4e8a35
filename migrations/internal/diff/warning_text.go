package diff

import (
	"strings"

	"guestlist/migrations/schema"
)

// Warning is what may go wrong where a table has rows, and the safe way.
type Warning struct {
	Text   string // what happens: drops the column users.name with what is in it
	Advice string // what to do instead, a sentence
	Code   string // what to type for that, if there is something
	// Query counts the rows concerned, if there is a way.
	Query schema.SQL
	// Only is the database that the warning is about, or else empty.
	Only schema.Dialect
}

// code returns what there is to type, each in a line, with the database where it is not for both.
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

// On returns the warning as it is about one database, and whether it is.
func (w Warning) On(d schema.Dialect) (Warning, bool) {
	about := w.Only == "" || w.Only == d
	w.Only, w.Query = d, schema.Both(w.Query.For(d))
	return w, about
}

// String returns all of it in a line.
func (w Warning) String() string {
	if code := w.code(); len(code) > 0 {
		return w.Text + ". " + w.Advice + ": " + strings.Join(code, "; ")
	}
	return w.Text + ". " + w.Advice + "."
}

// comments returns all of it, the code by itself, so that it can be copied.
func (w Warning) comments() []string {
	if code := w.code(); len(code) > 0 {
		return append([]string{"WARNING: " + w.Text + ". " + w.Advice + ":"}, code...)
	}
	return []string{"WARNING: " + w.String()}
}
