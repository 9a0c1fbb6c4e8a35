package ddl

import (
	"strings"
	"testing"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// TestTablesInUseAreNotDropped checks views and triggers that use the table, and some that use its name for something
// else.
func TestTablesInUseAreNotDropped(t *testing.T) {
	t.Parallel()
	for create, used := range map[string]bool{
		"CREATE VIEW v AS SELECT * FROM notes":                                                         true,
		"CREATE VIEW v AS SELECT * FROM main.Notes":                                                    true,
		"CREATE VIEW v AS SELECT * FROM [notes]":                                                       true,
		"CREATE VIEW v AS SELECT * FROM 'notes'":                                                       true,
		"CREATE VIEW v AS SELECT * FROM others, notes":                                                 true,
		"CREATE VIEW v AS SELECT * FROM others AS o JOIN (SELECT 1 AS one) ON one = 1, \"notes\" AS n": true,
		"CREATE VIEW v AS SELECT * FROM (others, notes)":                                               true,
		"CREATE VIEW v AS SELECT * FROM ((others) LEFT JOIN notes)":                                    true,
		"CREATE VIEW v AS SELECT 1 IN notes FROM others":                                               true,
		"CREATE VIEW v AS SELECT 1 FROM others WHERE EXISTS (SELECT 1 FROM notes)":                     true,
		"CREATE VIEW v AS SELECT 1 FROM others UNION SELECT 1 FROM notes":                              true,
		"CREATE VIEW v AS WITH n AS (SELECT * FROM notes) SELECT * FROM n":                             true,
		"CREATE VIEW v AS SELECT (SELECT count(*) FROM notes) AS n FROM others":                        true,
		"CREATE TRIGGER tr AFTER INSERT ON others BEGIN DELETE FROM notes; END":                        true,
		"CREATE TRIGGER tr AFTER INSERT ON others BEGIN INSERT INTO notes (body) VALUES (1); END":      true,
		"CREATE TRIGGER tr AFTER INSERT ON others BEGIN REPLACE INTO notes VALUES (1); END":            true,
		"CREATE TRIGGER tr AFTER INSERT ON others BEGIN UPDATE notes SET body = 1; END":                true,
		"CREATE TRIGGER tr AFTER INSERT ON others BEGIN UPDATE OR IGNORE notes SET body = 1; END":      true,

		"CREATE VIEW v AS SELECT notes FROM others":                                                                false,
		"CREATE VIEW v AS SELECT id, notes FROM others":                                                            false,
		"CREATE VIEW v AS SELECT id AS notes FROM others":                                                          false,
		"CREATE VIEW v AS SELECT id notes FROM others":                                                             false,
		"CREATE VIEW v AS SELECT notes.id FROM others AS notes":                                                    false,
		"CREATE VIEW v (id, notes) AS SELECT 1, 2":                                                                 false,
		"CREATE VIEW v AS SELECT 1 FROM others ORDER BY id, notes":                                                 false,
		"CREATE VIEW v AS SELECT 1 FROM others GROUP BY id, notes":                                                 false,
		"CREATE VIEW v AS SELECT max(id, notes) FROM others":                                                       false,
		"CREATE VIEW v AS SELECT 1 FROM others JOIN others AS o USING (id, notes)":                                 false,
		"CREATE VIEW v AS SELECT 1 FROM others WHERE id IN (1, notes)":                                             false,
		"CREATE VIEW v AS SELECT 'FROM notes' FROM others -- FROM notes":                                           false,
		"CREATE VIEW v AS WITH notes AS (SELECT 1 AS a) SELECT * FROM notes":                                       false,
		"CREATE VIEW v AS WITH o AS (SELECT 1), notes (a) AS NOT MATERIALIZED (SELECT 1) SELECT * FROM notes":      false,
		"CREATE TRIGGER tr AFTER UPDATE OF notes ON others BEGIN SELECT 1; END":                                    false,
		"CREATE TRIGGER tr AFTER INSERT ON others BEGIN UPDATE others SET id = 1, notes = 2; END":                  false,
		"CREATE TRIGGER tr AFTER INSERT ON others BEGIN INSERT INTO others (id, notes) VALUES (1, new.notes); END": false,
		"CREATE TRIGGER notes AFTER INSERT ON others BEGIN DELETE FROM others WHERE old.notes = 1; END":            false,
	} {
		t.Run(create, func(t *testing.T) {
			t.Parallel()
			db := newServer(t, schema.SQLite).open(t)
			before, err := op.ApplyAll(schema.Schema{}, op.Record(func(m *op.Migration) {
				m.CreateTable("notes", op.Column("body", op.Text()))
			}))
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(create, "old.notes") {
				create = strings.Replace(create, "INSERT", "DELETE", 1)
			}
			db.Exec(t, "CREATE TABLE notes (body text)", "CREATE TABLE others (id integer, notes text)", create)
			_, err = db.migrate(t, before, op.Record(func(m *op.Migration) { m.DropTable("notes") }))
			want := ""
			if used {
				want = "drop table notes: table notes is still used; drop this first: " + create
			}
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("got error %q, want %q", got, want)
			}
		})
	}
}
