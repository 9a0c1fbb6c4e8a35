package runner

import (
	"fmt"
	"strings"

	"guestlist/migrations/schema"
)

// StampScript returns a stamp as SQL that is right whatever the database has recorded: it adds the rows of the targets
// and those below them, and deletes those above.
func (h *History) StampScript(d schema.Dialect, targets ...string) (string, error) {
	least, err := h.Graph.Stamp(nil, targets...)
	if err != nil {
		return "", err
	}
	all := make([]string, 0, h.Graph.Len())
	for _, r := range h.Graph.Revisions() {
		all = append(all, r.ID)
	}
	most, err := h.Graph.Stamp(all, targets...)
	if err != nil {
		return "", err
	}
	w := scriptWriter{History: h, dialect: d}
	if d == schema.SQLite {
		w.line(bail)
	}
	w.statement(h.createTable(d))
	w.line("BEGIN;")
	for _, id := range without(all, most.Applied) {
		w.statement(h.deleteRow(id))
	}
	for _, id := range least.Applied {
		w.statement(h.insertRow(id) + " ON CONFLICT DO NOTHING")
	}
	w.line("COMMIT;")
	return w.text.String(), nil
}

// StampScriptFrom returns a stamp as SQL for a database at the revision from. On another database it fails, because a
// row exists already, or leaves additional rows.
func (h *History) StampScriptFrom(d schema.Dialect, from string, targets ...string) (string, error) {
	applied, err := h.Graph.At(from)
	if err != nil {
		return "", err
	}
	plan, err := h.Graph.Stamp(applied, targets...)
	if err != nil {
		return "", err
	}
	w := scriptWriter{History: h, dialect: d}
	if d == schema.SQLite {
		w.line(bail)
	}
	if len(applied) == 0 {
		w.statement(h.createTable(d))
	}
	w.line("BEGIN;")
	for _, step := range plan.Steps {
		w.line(fmt.Sprintf("-- Running %s %s -> %s", step.Kind, strings.Join(step.From, ", "), strings.Join(step.To, ", ")))
	}
	for _, id := range without(applied, plan.Applied) {
		w.statement(h.deleteRow(id))
	}
	for _, id := range without(plan.Applied, applied) {
		w.statement(h.insertRow(id))
	}
	w.line("COMMIT;")
	return w.text.String(), nil
}
