package ddl_test

import (
	"slices"
	"testing"

	"guestlist/migrations/internal/ddl"
)

// TestSQLiteConstraints reads the constraints of definitions that SQLite would store.
func TestSQLiteConstraints(t *testing.T) {
	t.Parallel()
	for create, want := range map[string][]ddl.SQLiteConstraint{
		"CREATE TABLE t (a integer UNIQUE CHECK (a > 0))":    nil, // the column's own
		"CREATE TABLE t (a integer, PRIMARY KEY (a))":        nil,
		"CREATE VIRTUAL TABLE t USING fts5(a, CHECK (a))":    nil,
		"CREATE TABLE t (a integer, CHECK (a > ')":           nil,
		"CREATE TABLE t (a, b, UNIQUE (a))":                  {{Kind: "UNIQUE", Of: "a"}},
		"CREATE TABLE t (a, b, constraint Uni unique (B,a))": {{Name: "uni", Kind: "UNIQUE", Of: "b, a"}},
		"CREATE TABLE t (\"unique\", check_, CONSTRAINT \"Check\" UNIQUE (\"unique\" COLLATE NOCASE DESC, [check_] ASC))": {
			{Name: "check", Kind: "UNIQUE", Of: "unique, check_"},
		},
		"CREATE TABLE t (a, b, CHECK ((a+1) * (b) > 0) , CONSTRAINT k FOREIGN KEY (A, `b`) REFERENCES u (c, d))": {
			{Kind: "CHECK", Of: "( a + 1 ) * ( b ) > 0"}, {Name: "k", Kind: "FOREIGN", Of: "a, b"},
		},
		"CREATE TABLE t (a, CONSTRAINT c CHECK (a > 0) ON CONFLICT IGNORE, CONSTRAINT d CHECK (a < (9)) /* (why) */)": {
			{Name: "c", Kind: "CHECK", Of: "a > 0"}, {Name: "d", Kind: "CHECK", Of: "a < ( 9 )"},
		},
		"CREATE TABLE t (a, UNIQUE (a) ON CONFLICT REPLACE) STRICT": {{Kind: "UNIQUE", Of: "a"}},
	} {
		if got := ddl.SQLiteConstraints(create); !slices.Equal(got, want) {
			t.Errorf("%s:\ngot  %q\nwant %q", create, got, want)
		}
	}
}
