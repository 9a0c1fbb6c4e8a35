package schema_test

import (
	"testing"

	"guestlist/migrations/schema"
)

// TestApartOnOneDialect splits types that have clauses on only one of the dialects.
func TestApartOnOneDialect(t *testing.T) {
	t.Parallel()
	verbatim := func(postgres, sqlite string) schema.Column {
		return schema.Column{Type: schema.Type{Kind: schema.Verbatim, SQL: schema.SQL{Postgres: postgres, SQLite: sqlite}}}
	}
	computed := verbatim("int", "int")
	computed.Generated = "a + 1"
	for name, test := range map[string]struct{ column, want schema.Column }{
		"PostgreSQL": {verbatim("int AS (a + 1)", "int"), computed},
		"SQLite": {verbatim("int", "int  AS  (a + 1)"),
			verbatim("int", "int GENERATED ALWAYS AS (a + 1) STORED")},
		"a default": {verbatim("int  DEFAULT 7", "int"), verbatim("int DEFAULT 7", "int")},
	} {
		if got := test.column.SplitClauses(); got != test.want {
			t.Errorf("%s: got %+v, want %+v", name, got, test.want)
		}
	}
}
