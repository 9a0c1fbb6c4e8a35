package runner

import (
	"slices"
	"strings"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// A script for PostgreSQL saves the state of the session in a setting, and restores it after every revision with its
// own SQL, as a run does (see sessionState).
const (
	noteSession = `DO $migrations$ BEGIN
	PERFORM set_config('migrations.session', (` + sessionQuery + `), false);
END $migrations$`

	resetSession = `DO $migrations$ DECLARE
	was json := current_setting('migrations.session');
	item text;
BEGIN
	PERFORM set_config('session_authorization', was->>'user', false), set_config('role', was->>'role', false);
	RESET ALL;
	PERFORM set_config('migrations.session', was::text, false);
	PERFORM set_config(key, value, false) FROM json_each_text(was->'settings');
	IF NOT (was->>'temp')::boolean THEN
		DISCARD TEMP;
	END IF;
	FOR item IN SELECT e.statement FROM (` + leftoversQuery + `) AS e
		EXCEPT SELECT json_array_elements_text(was->'ends') LOOP
		EXECUTE item;
	END LOOP;
END $migrations$`
)

// hasOwnSQL reports whether the operations include the revision's own SQL; scripts leave out Go code.
func hasOwnSQL(operations []op.Operation) bool {
	return slices.ContainsFunc(operations, func(o op.Operation) bool {
		switch o := o.(type) {
		case *op.SQL:
			return true
		case *op.Batches:
			return o.Step == nil
		}
		return false
	})
}

// noteSession saves the state of the PostgreSQL session if a revision has its own SQL.
func (w *scriptWriter) noteSession(steps []graph.Step) error {
	if w.dialect != schema.Postgres {
		return nil
	}
	for _, step := range steps {
		operations, err := w.Operations(step)
		if err != nil {
			return err
		}
		if hasOwnSQL(operations) {
			w.statement(noteSession)
			return nil
		}
	}
	return nil
}

// resetSession restores the PostgreSQL session after the operations of a revision.
func (w *scriptWriter) resetSession(operations []op.Operation) {
	if w.dialect == schema.Postgres && hasOwnSQL(operations) {
		w.statement("RESET statement_timeout") // or the next statement may exceed it
		w.statement(resetSession)
	}
}

// A script for SQLite checks foreign keys as a run does (see violations): it saves the violations before a revision; if
// there are new ones after it, it prints them and fails with a constraint.
const (
	// danglingTables are created before the first revision that is checked. They hold the names of tables in lower case.
	danglingTables = `CREATE TEMP TABLE IF NOT EXISTS migrations_dangled
  ("table" text, parent text, "row" integer, count integer);
CREATE TEMP TABLE IF NOT EXISTS migrations_dangling
  ("table" text, parent text, "row" integer, count integer);
CREATE TEMP TABLE IF NOT EXISTS migrations_check
  (count integer CONSTRAINT "rows reference missing rows" CHECK (count = 0))`

	danglingNow = `SELECT lower(k."table") AS "table", lower(k.parent) AS parent,
    CASE WHEN lower(k."table") IN (` + numberedTables + `) THEN k."rowid" END AS "row", count(*) AS count
  FROM pragma_foreign_key_check k GROUP BY 1, 2, 3`

	noteDangling = `DELETE FROM temp.migrations_dangled;
INSERT INTO temp.migrations_dangled ` + danglingNow

	checkDangling = `INSERT INTO temp.migrations_dangling
SELECT n."table", n.parent, n."row", n.count - coalesce(d.count, 0)
  FROM (` + danglingNow + `) AS n
  LEFT JOIN temp.migrations_dangled d ON d."table" = n."table" AND d.parent = n.parent AND d."row" IS n."row"
  WHERE n.count > coalesce(d.count, 0);
SELECT count || ' of ' || "table" || coalesce(' (rowid ' || "row" || ')', '') || ': no such row in ' || parent
  FROM temp.migrations_dangling;
INSERT INTO temp.migrations_check SELECT count(*) FROM temp.migrations_dangling`
)

// checkDangling checks the foreign keys of SQLite after the operations of a revision.
func (w *scriptWriter) checkDangling(operations []op.Operation) {
	if !w.checksForeignKeys(operations) {
		return
	}
	for _, o := range operations {
		if rename, ok := o.(*op.RenameTable); ok {
			from, to := literal(strings.ToLower(rename.From)), literal(strings.ToLower(rename.To))
			for _, column := range []string{`"table"`, "parent"} {
				w.statement("UPDATE temp.migrations_dangled SET " + column + " = " + to + " WHERE " + column + " = " + from)
			}
		}
	}
	w.statement(checkDangling)
}

func (w *scriptWriter) checksForeignKeys(operations []op.Operation) bool {
	return w.dialect == schema.SQLite && slices.ContainsFunc(operations, mayBreakForeignKeys)
}
