package runner

import (
	"fmt"
	"slices"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
	"guestlist/migrations/schema"
)

// History is the graph of a project's revisions, with the operations of each. It is immutable and safe for concurrent
// use.
type History struct {
	Graph     *graph.Graph
	table     string // of applied ids
	revisions map[string]revision.Revision
}

// NewHistory returns the history of revisions, given in load order, whose applied ids are recorded in a table. Several
// histories may share a database if each has its own table. Revisions that do not form a valid history are an error of
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

// With returns the history with another revision, in place of those that it replaces.
func (h *History) With(added revision.Revision) (*History, error) {
	var all []revision.Revision
	for _, r := range h.Graph.Revisions() {
		if !slices.Contains(added.Replaces, r.ID) {
			all = append(all, h.revisions[r.ID])
		}
	}
	return NewHistory(h.table, append(all, added))
}

// Revision returns the revision with exactly that id, which must exist.
func (h *History) Revision(id string) revision.Revision { return h.revisions[id] }

// Operations returns the operations of a step. A downgrade without a Downgrade function is an IrreversibleError, unless
// the upgrade is empty too. Batches in a revision that is one transaction are an error.
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

// SchemaAt replays the history and returns the schema of a database with the applied ids.
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

// Rehearse replays a plan for a database with the applied ids, and returns the error that running it would, as far as
// it can be known without a database.
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

func (h *History) replay(step graph.Step, operations []op.Operation, before schema.Schema) (schema.Schema, error) {
	after := before
	for _, o := range operations {
		var err error
		if after, err = o.Apply(after); err != nil {
			return before, h.inRevision(step.Revision, &ReplayError{Operation: o, reason: err})
		}
	}
	return after, nil
}

// inRevision adds the revision to an error.
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

// IrreversibleError is returned for a downgrade of a revision without Downgrade.
type IrreversibleError struct{ Revision, File string }

func (e *IrreversibleError) Error() string {
	return fmt.Sprintf("revision %s (%s) has no Downgrade", e.Revision, e.File)
}

// Hint says what to do about it.
func (e *IrreversibleError) Hint() string {
	return "write one, or restore a backup made before the revision was applied"
}
