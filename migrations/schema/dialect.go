package schema

// Dialect is a kind of database, by the name of its GORM dialector.
type Dialect string

// The supported dialects.
const (
	Postgres Dialect = "postgres"
	SQLite   Dialect = "sqlite"
)

// Dialects returns the supported dialects.
func Dialects() []Dialect { return []Dialect{Postgres, SQLite} }

// SQL is SQL that may differ by dialect.
type SQL struct {
	Postgres string
	SQLite   string
}

// Both returns SQL that is the same on every dialect.
func Both(text string) SQL { return SQL{Postgres: text, SQLite: text} }

// For returns the text for a dialect.
func (s SQL) For(d Dialect) string {
	if d == SQLite {
		return s.SQLite
	}
	return s.Postgres
}

// IsZero reports whether the text is empty on every dialect.
func (s SQL) IsZero() bool { return s == SQL{} }

// String returns the text, or both texts if they differ.
func (s SQL) String() string {
	switch {
	case s.Postgres == s.SQLite, s.SQLite == "":
		return s.Postgres
	case s.Postgres == "":
		return s.SQLite
	default:
		return s.Postgres + " / " + s.SQLite
	}
}
