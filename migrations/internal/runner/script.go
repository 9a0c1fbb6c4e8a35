package runner

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Script is a run as SQL, for psql or sqlite3.
type Script struct {
	Text string
	// Remarks list the steps of Go code, which the SQL leaves out.
	Remarks []string
}

// Script returns a plan, made for a database with the applied ids, as SQL of a dialect. A revision that would run in
// one transaction is one transaction in the script too, including its row.
func (h *History) Script(d schema.Dialect, applied []string, plan graph.Plan) (Script, error) {
	before, err := h.SchemaAt(applied)
	if err != nil {
		return Script{}, err
	}
	w := scriptWriter{History: h, dialect: d, schema: before}
	if d == schema.SQLite && len(plan.Steps) > 0 {
		w.line(bail)
	}
	if err := w.noteSession(plan.Steps); err != nil {
		return Script{}, err
	}
	if len(applied) == 0 && len(plan.Steps) > 0 {
		w.statement(h.createTable(d))
	}
	for _, step := range plan.Steps {
		if err := w.step(step); err != nil {
			return Script{}, err
		}
	}
	return Script{Text: w.text.String(), Remarks: w.remarks}, nil
}

// bail begins a script for sqlite3, which by default continues after an error (https://www.sqlite.org/cli.html); psql
// has an option for it.
const bail = "-- Run it with: sqlite3 FILE < SCRIPT\n.bail on"

// Statements returns the text without the instructions for sqlite3.
func (s Script) Statements() string { return strings.TrimPrefix(s.Text, bail+"\n\n") }

type scriptWriter struct {
	*History
	dialect schema.Dialect
	schema  schema.Schema
	checked bool // danglingTables are written
	text    strings.Builder
	remarks []string
}

func (w *scriptWriter) line(text string) { w.text.WriteString(text + "\n\n") }

func (w *scriptWriter) statement(sql string) { w.line(sql + ";") }

func (w *scriptWriter) step(step graph.Step) error {
	operations, err := w.Operations(step)
	if err != nil {
		return err
	}
	inTransaction := w.transactional(w.dialect, step.Revision, operations)
	parts := w.parts(operations)
	for n, part := range parts {
		w.begin(inTransaction, part)
		if n == 0 {
			w.line(fmt.Sprintf("-- Running %s %s -> %s", step.Kind, strings.Join(step.From, ", "), strings.Join(step.To, ", ")))
		}
		if err := w.operations(step, part, inTransaction); err != nil {
			return w.inRevision(step.Revision, err)
		}
		w.resetSession(part)
		w.checkDangling(part)
		if n == len(parts)-1 {
			w.record(step, operations)
		}
		if inTransaction {
			w.line("COMMIT;")
		}
	}
	return nil
}

// parts returns the transactions of a revision. With batches it has many in a run; a script has many only for SQLite,
// if its operations need different settings of foreign keys.
func (w *scriptWriter) parts(operations []op.Operation) [][]op.Operation {
	if w.dialect != schema.SQLite || !hasBatches(operations) || !ddl.DropsTables(operations, w.schema) {
		return [][]op.Operation{operations}
	}
	return slices.Collect(slices.Chunk(operations, 1))
}

func (w *scriptWriter) operations(step graph.Step, operations []op.Operation, inTransaction bool) error {
	for _, o := range operations {
		if inTransaction {
			if err := ddl.CheckTransaction(w.dialect, o); err != nil {
				return err
			}
		}
		if err := w.operation(step, o); err != nil {
			return err
		}
	}
	return nil
}

// record inserts or deletes the row of a revision.
func (w *scriptWriter) record(step graph.Step, operations []op.Operation) {
	record := w.insertRow(step.Revision)
	if step.Kind == graph.Downgrade {
		record = w.deleteRow(step.Revision)
	}
	if w.dialect == schema.SQLite && hasOwnSQL(operations) { // a temporary table may have its name
		record = strings.Replace(record, w.quotedTable(), "main."+w.quotedTable(), 1)
	}
	w.statement(record)
}

// begin begins the transaction of a revision. On SQLite it first sets foreign keys as a run does: the setting cannot
// change within the transaction.
func (w *scriptWriter) begin(inTransaction bool, operations []op.Operation) {
	checks := w.checksForeignKeys(operations)
	foreignKeys := checks && !ddl.DropsTables(operations, w.schema)
	if checks && !w.checked {
		w.checked = true
		w.statement(danglingTables)
	}
	switch {
	case foreignKeys:
		w.statement("PRAGMA foreign_keys = ON")
	case checks:
		w.statement("PRAGMA foreign_keys = OFF")
	}
	if inTransaction {
		w.line("BEGIN;")
	}
	if foreignKeys {
		w.statement("PRAGMA defer_foreign_keys = ON")
	}
	if checks {
		w.statement(noteDangling)
	}
}

func (w *scriptWriter) operation(step graph.Step, o op.Operation) error {
	statements, err := ddl.Statements(w.dialect, o, w.schema)
	if err != nil {
		return err
	}
	for _, s := range statements {
		w.line(s.Line(w.dialect))
	}
	if isCode(o) {
		w.remarks = append(w.remarks, fmt.Sprintf("revision %s: %s is Go code, which is not in the script", step.Revision, o))
	}
	w.schema, err = o.Apply(w.schema)
	return err
}

// transactional reports whether a revision is one transaction.
func (h *History) transactional(d schema.Dialect, id string, operations []op.Operation) bool {
	if d == schema.SQLite {
		return true
	}
	for _, o := range operations {
		if !ddl.Transactional(d, o) {
			return false
		}
	}
	return !h.revisions[id].NoTransaction
}

// InTransaction reports whether a step is one transaction on the dialect.
func (h *History) InTransaction(d schema.Dialect, step graph.Step) (bool, error) {
	operations, err := h.Operations(step)
	return err == nil && h.transactional(d, step.Revision, operations), err
}

// createTable returns the statement with which gormigrate creates its table.
func (h *History) createTable(d schema.Dialect) string {
	if d == schema.SQLite {
		return "CREATE TABLE IF NOT EXISTS `" + h.table + "` (`id` text,PRIMARY KEY (`id`))"
	}
	return "CREATE TABLE IF NOT EXISTS " + h.quotedTable() + ` ("id" varchar(255),PRIMARY KEY ("id"))`
}

func (h *History) insertRow(id string) string {
	return "INSERT INTO " + h.quotedTable() + " (id) VALUES (" + literal(id) + ")"
}

// deleteRow deletes the rows of a revision and of those it replaces.
func (h *History) deleteRow(id string) string {
	where := " WHERE id = " + literal(id)
	if replaced := h.revisions[id].Replaces; len(replaced) > 0 {
		ids := make([]string, 0, len(replaced)+1)
		for _, one := range append([]string{id}, replaced...) {
			ids = append(ids, literal(one))
		}
		where = " WHERE id IN (" + strings.Join(ids, ", ") + ")"
	}
	return "DELETE FROM " + h.quotedTable() + where
}

// quotedTable is the table of applied ids in SQL; checkTable rejects names with quotes.
func (h *History) quotedTable() string { return `"` + h.table + `"` }

// literal quotes an id. Ids of revisions have no quotes, but those in a database may be anything.
func literal(id string) string { return "'" + strings.ReplaceAll(id, "'", "''") + "'" }

// without returns the ids that are not among the others, in order.
func without(ids, others []string) []string {
	known := make(map[string]bool, len(others))
	for _, id := range others {
		known[id] = true
	}
	var left []string
	for _, id := range ids {
		if !known[id] {
			left = append(left, id)
		}
	}
	return left
}
