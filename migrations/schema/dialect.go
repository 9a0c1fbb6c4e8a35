package schema

// Dialect names a kind of database, by the name of its GORM dialector.
type Dialect string

// The dialects the engine writes for.
const (
	Postgres Dialect = "postgres"
	SQLite   Dialect = "sqlite"
)

// Dialects returns every dialect the engine writes for.
func Dialects() []Dialect { return []Dialect{Postgres, SQLite} }

// SQL is a piece of SQL text that may differ by dialect.
type SQL struct {
	Postgres string
	SQLite   string
}

// Both returns a text that is the same on every dialect.
func Both(text string) SQL { return SQL{Postgres: text, SQLite: text} }

// For returns the text for one dialect.
func (s SQL) For(d Dialect) string {
	if d == SQLite {
		return s.SQLite
	}
	return s.Postgres
}

// IsZero reports whether there is no text for any dialect.
func (s SQL) IsZero() bool { return s == SQL{} }

// String returns the text, or both texts where they differ.
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
