package runner

import (
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Fork is several lines of history that diverge: the input of a merge.
type Fork struct {
	Base  schema.Schema // the schema at the common revisions
	Sides []Side
}

// Side is the part of one head's history that not all heads share.
type Side struct {
	Head  string
	Steps []graph.Step
	// Operations are the operations of each step.
	Operations [][]op.Operation
}

// Fork returns the fork of the heads, given by exact ids. An operation that the history before it does not allow is a
// ReplayError.
func (h *History) Fork(heads ...string) (Fork, error) {
	common := h.common(heads)
	base, err := h.SchemaAt(common)
	if err != nil {
		return Fork{}, err
	}
	fork := Fork{Base: base}
	for _, head := range heads {
		side, err := h.side(common, head)
		if err != nil {
			return Fork{}, err
		}
		if err := h.rehearse(base, side.Steps); err != nil {
			return Fork{}, err
		}
		fork.Sides = append(fork.Sides, side)
	}
	return fork, nil
}

// common lists the revisions below all heads.
func (h *History) common(heads []string) []string {
	counts := map[string]int{}
	for _, head := range heads {
		for _, id := range h.Graph.Ancestors(head) {
			counts[id]++
		}
	}
	var shared []string
	for _, r := range h.Graph.Revisions() {
		if counts[r.ID] == len(heads) {
			shared = append(shared, r.ID)
		}
	}
	return shared
}

func (h *History) side(common []string, head string) (Side, error) {
	plan, err := h.Graph.Upgrade(common, head)
	if err != nil {
		return Side{}, err
	}
	side := Side{Head: head, Steps: plan.Steps}
	for _, step := range plan.Steps {
		operations, err := h.Operations(step)
		if err != nil {
			return Side{}, err
		}
		side.Operations = append(side.Operations, operations)
	}
	return side, nil
}
