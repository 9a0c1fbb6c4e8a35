package ddl_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestStatementsRefuse checks the errors of operations that cannot be written as statements; it needs no database.
func TestStatementsRefuse(t *testing.T) {
	t.Parallel()
	before := schema.New(schema.Table{Name: "users", Columns: []schema.Column{{Name: "id"}}})
	for name, test := range map[string]struct {
		d         schema.Dialect
		operation op.Operation
		want      string
	}{
		"an unknown dialect":  {"oracle", &op.DropTable{Table: "users"}, `unknown dialect "oracle"`},
		"an unknown table":    {schema.SQLite, &op.DropTable{Table: "teams"}, "teams"},
		"into another schema": {schema.Postgres, &op.RenameTable{From: "users", To: "app.users"}, "into another schema"},
	} {
		got, err := ddl.Statements(test.d, test.operation, before)
		if err == nil || !strings.Contains(err.Error(), test.want) || got != nil {
			t.Errorf("%s: got %v, %v, want an error with %q", name, got, err, test.want)
		}
	}
}
