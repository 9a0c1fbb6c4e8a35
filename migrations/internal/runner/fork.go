package runner

import (
	"guestlist/migrations/internal/graph"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Fork is several lines of history that part somewhere: what a merge brings together.
type Fork struct {
	Base  schema.Schema // what all sides build on
	Sides []Side
}

// Side is what one head of a fork has that the others, together, do not share.
type Side struct {
	Head  string
	Steps []graph.Step
	// Operations are what each step does.
	Operations [][]op.Operation
}

// Fork returns what leads to the heads, given by exact ids. An operation that the history before it does not allow is a
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

// common lists the revisions that all heads build on.
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
