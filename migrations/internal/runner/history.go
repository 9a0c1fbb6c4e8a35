package runner

import (
	"fmt"
	"slices"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// History is the revisions of a project put together: their graph, and what each of them does. It never changes once
// made and may be used by several goroutines.
type History struct {
	Graph     *graph.Graph
	table     string // of applied ids
	revisions map[string]revision.Revision
}

// NewHistory puts revisions together, given in load order, whose ids are recorded in a table. Several histories may
// share a database if each has a table of its own. Revisions that make no sound history are one of the errors of
// graph.New.
func NewHistory(table string, revisions []revision.Revision) (*History, error) {
	if err := checkTable(table); err != nil {
		return nil, err
	}
	nodes := make([]graph.Node, 0, len(revisions))
	byID := make(map[string]revision.Revision, len(revisions))
	for _, r := range revisions {
		nodes = append(nodes, graph.Node{
			ID: r.ID, Down: r.DownRevision, DependsOn: r.DependsOn, Labels: r.BranchLabels, Replaces: r.Replaces,
			File: r.File,
		})
		byID[r.ID] = r
	}
	g, err := graph.New(nodes)
	if err != nil {
		return nil, err
	}
	return &History{Graph: g, table: table, revisions: byID}, nil
}

// With returns the history with a revision more, in place of those that it replaces.
func (h *History) With(added revision.Revision) (*History, error) {
	var all []revision.Revision
	for _, r := range h.Graph.Revisions() {
		if !slices.Contains(added.Replaces, r.ID) {
			all = append(all, h.revisions[r.ID])
		}
	}
	return NewHistory(h.table, append(all, added))
}

// Revision returns the revision of exactly that id; it must exist.
func (h *History) Revision(id string) revision.Revision { return h.revisions[id] }

// Operations returns what a step of a plan does. A downgrade that the revision's file does not give, of an upgrade that
// does something, is an IrreversibleError; batches in a revision that is a transaction are an error as well.
func (h *History) Operations(step graph.Step) ([]op.Operation, error) {
	r := h.revisions[step.Revision]
	operations := op.Record(r.Upgrade)
	if step.Kind == graph.Downgrade {
		if r.Downgrade == nil && len(operations) > 0 {
			return nil, &IrreversibleError{Revision: r.ID, File: r.File}
		}
		operations = op.Record(r.Downgrade)
	}
	if err := checkBatches(r, operations); err != nil {
		return nil, h.inRevision(r.ID, err)
	}
	return operations, nil
}

// SchemaAt returns the schema of a database that has the ids applied, by replaying their history.
func (h *History) SchemaAt(applied []string) (schema.Schema, error) {
	heads, err := h.Graph.CurrentHeads(applied)
	if err != nil || len(heads) == 0 {
		return schema.Schema{}, err
	}
	plan, err := h.Graph.Upgrade(nil, heads...)
	if err != nil {
		return schema.Schema{}, err
	}
	var now schema.Schema
	for _, step := range plan.Steps {
		if now, err = h.after(step, now); err != nil {
			return schema.Schema{}, err
		}
	}
	return now, nil
}

// Rehearse replays the steps of a plan for a database that has the ids applied. Its error is the one that running them
// would end with, as far as it can be known without a database.
func (h *History) Rehearse(applied []string, plan graph.Plan) error {
	if len(plan.Steps) == 0 {
		return nil
	}
	before, err := h.SchemaAt(applied)
	if err != nil {
		return err
	}
	return h.rehearse(before, plan.Steps)
}

func (h *History) rehearse(before schema.Schema, steps []graph.Step) error {
	now := before
	for _, step := range steps {
		var err error
		if now, err = h.after(step, now); err != nil {
			return err
		}
	}
	return nil
}

// after returns the schema after a step.
func (h *History) after(step graph.Step, before schema.Schema) (schema.Schema, error) {
	operations, err := h.Operations(step)
	if err != nil {
		return schema.Schema{}, err
	}
	return h.replay(step, operations, before)
}

func (h *History) replay(step graph.Step, operations []op.Operation, before schema.Schema) (after schema.Schema,
	err error) {
	after = before
	for _, o := range operations {
		if after, err = o.Apply(after); err != nil {
			return before, h.inRevision(step.Revision, &ReplayError{Operation: o, reason: err})
		}
	}
	return after, nil
}

// inRevision adds to an error which revision it came from.
func (h *History) inRevision(id string, err error) error {
	return fmt.Errorf("revision %s (%s): %w", id, h.revisions[id].File, err)
}

// ReplayError is an operation that the history before it does not allow.
type ReplayError struct {
	Operation op.Operation
	reason    error
}

func (e *ReplayError) Error() string { return fmt.Sprintf("%s: %v", e.Operation, e.reason) }

// Unwrap returns the reason.
func (e *ReplayError) Unwrap() error { return e.reason }

// Hint says what to do about it.
func (e *ReplayError) Hint() string {
	return "correct the revision, or the one before it that should have made this possible"
}

// IrreversibleError is a downgrade of a revision that has no way back.
type IrreversibleError struct{ Revision, File string }

func (e *IrreversibleError) Error() string {
	return fmt.Sprintf("revision %s (%s) has no Downgrade", e.Revision, e.File)
}

// Hint says what to do about it.
func (e *IrreversibleError) Hint() string {
	return "write one, or restore a backup made before the revision was applied"
}
