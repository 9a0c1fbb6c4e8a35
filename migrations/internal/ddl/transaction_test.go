package ddl_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestCheckTransaction checks which statements begin or end a transaction.
func TestCheckTransaction(t *testing.T) {
	t.Parallel()
	for text, word := range map[string]string{
		"BEGIN": "BEGIN", "begin immediate": "begin", "COMMIT": "COMMIT", "SELECT 1; END": "END", "ABORT": "ABORT",
		"START TRANSACTION": "START", "PREPARE TRANSACTION 'x'": "PREPARE", "ROLLBACK": "ROLLBACK",
		"ROLLBACK WORK": "ROLLBACK", "ROLLBACK AND CHAIN": "ROLLBACK", "rollback transaction": "rollback",
		"ROLLBACK PREPARED 'x'": "ROLLBACK", "/* why */ COMMIT": "COMMIT", "SAVEPOINT s; COMMIT": "COMMIT",

		"": "", "SELECT 'COMMIT'": "", "SAVEPOINT s": "", "RELEASE s": "", "ROLLBACK TO s": "", "rollback to savepoint s": "",
		"ROLLBACK WORK TO s": "", "ROLLBACK TRANSACTION TO SAVEPOINT s": "", "PREPARE q AS SELECT 1": "", "PREPARE": "",
		"START": "", "COMMIT '": "", // the database refuses it
	} {
		for _, d := range schema.Dialects() {
			o := &op.SQL{Text: schema.Both(text)}
			batches := &op.Batches{Table: "users", Size: 1, Text: schema.Both(text)}
			for _, o := range []op.Operation{o, batches} {
				err := ddl.CheckTransaction(d, o)
				want := o.String() + ": " + word + " in the SQL of a revision that runs in a transaction"
				if word == "" && err != nil || word != "" && (err == nil || err.Error() != want) {
					t.Errorf("%s: got error %v, want one for %q", d, err, word)
				}
				if offers := strings.Contains(hint.Of(err), "NoTransaction"); offers != (word != "" && d == schema.Postgres) {
					t.Errorf("%s: %s: got the hint %q", d, o, hint.Of(err))
				}
			}
		}
	}
	if err := ddl.CheckTransaction(schema.SQLite, &op.DropTable{Table: "commit"}); err != nil {
		t.Errorf("got error %v for an operation without SQL, want none", err)
	}
}

// TestDropsTables checks which operations drop a table on SQLite.
func TestDropsTables(t *testing.T) {
	t.Parallel()
	before := schema.New(schema.Table{Name: "users", Columns: []schema.Column{
		{Name: "id", Type: op.Int(64)}, {Name: "name", Type: op.String(9)},
	}})
	for name, test := range map[string]struct {
		change func(m *op.Migration)
		want   bool
	}{
		"nothing":          {func(*op.Migration) {}, false},
		"a table":          {func(m *op.Migration) { m.DropTable("users") }, true},
		"an unknown table": {func(m *op.Migration) { m.RenameTable("teams", "t") }, true},
		"a column":         {func(m *op.Migration) { m.AddColumn("users", op.Column("x", op.Text())) }, false},
		"a longer string":  {func(m *op.Migration) { m.AlterColumn("users", "name").Type(op.String(10)) }, false},
		"a rebuild":        {func(m *op.Migration) { m.AddCheck("chk", "users", "id > 0") }, true},
		"a rebuild of a table made before": {func(m *op.Migration) {
			m.CreateTable("teams", op.Column("id", op.Int(64)))
			m.AddCheck("chk", "teams", "id > 0")
		}, true},
		"SQL":                      {func(m *op.Migration) { m.SQL("SELECT 1; drop /* it */ table users") }, true},
		"SQL that cannot be split": {func(m *op.Migration) { m.SQL("SELECT '") }, true},
		"SQL for PostgreSQL": {func(m *op.Migration) {
			m.SQLFor(op.Dialects{Postgres: "DROP TABLE users", SQLite: "SELECT 1"})
		}, false},
		"SQL that drops another": {func(m *op.Migration) { m.SQL("DROP INDEX idx; DROP") }, false},
		"SQL about dropping": {func(m *op.Migration) {
			m.SQL("SELECT 1 AS drop_, 2 AS \"table\"; ANALYZE TABLE")
		}, false},
		"batches that cannot be split": {func(m *op.Migration) {
			m.CreateTable("t", op.Column("id", op.Int(64)).PrimaryKey())
			m.BatchesSQL("t", 1, "DELETE FROM t WHERE {rows} AND 'x")
		}, true},
	} {
		if got := ddl.DropsTables(op.Record(test.change), before); got != test.want {
			t.Errorf("%s: got %t, want %t", name, got, test.want)
		}
	}
}
