package runner

import (
	"fmt"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Fork is several lines of history that part somewhere: what a merge brings together.
type Fork struct {
	Sides []Side
	// Conflicts are reasons why the sides should not be merged without a look; none if they get along.
	Conflicts []string
}

// Side is what one head of a fork has that the others, together, do not share.
type Side struct {
	Head  string
	Steps []graph.Step
	// Operations are what each step does.
	Operations [][]op.Operation
}

// Fork compares what leads to the heads, given by exact ids.
func (h *History) Fork(heads []string) (Fork, error) {
	var fork Fork
	common := h.common(heads...)
	for _, head := range heads {
		side, err := h.side(common, head)
		if err != nil {
			return Fork{}, err
		}
		fork.Sides = append(fork.Sides, side)
	}
	for i, a := range heads {
		for _, b := range heads[i+1:] {
			conflicts, err := h.conflicts(a, b)
			if err != nil {
				return Fork{}, err
			}
			fork.Conflicts = append(fork.Conflicts, conflicts...)
		}
	}
	return fork, nil
}

// common lists the revisions that all heads build on.
func (h *History) common(heads ...string) []string {
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

func (s Side) apply(before schema.Schema) (schema.Schema, error) {
	now := before
	for i, operations := range s.Operations {
		var err error
		if now, err = op.ApplyAll(now, operations); err != nil {
			return schema.Schema{}, fmt.Errorf("revision %s: %w", s.Steps[i].Revision, err)
		}
	}
	return now, nil
}

// conflicts compares two sides of a fork: what both change, and whether their order matters.
func (h *History) conflicts(a, b string) ([]string, error) {
	common := h.common(a, b)
	base, err := h.SchemaAt(common)
	if err != nil {
		return nil, err
	}
	left, err := h.side(common, a)
	if err != nil {
		return nil, err
	}
	right, err := h.side(common, b)
	if err != nil {
		return nil, err
	}
	afterLeft, err := left.apply(base)
	if err != nil {
		return nil, err
	}
	afterRight, err := right.apply(base)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, object := range both(changed(base, afterLeft), changed(base, afterRight)) {
		found = append(found, fmt.Sprintf("%s and %s both change %s", a, b, object))
	}
	return append(found, order(left, right, afterLeft, afterRight)...), nil
}

// order tells what becomes of the two sides one after the other, both ways.
func order(left, right Side, afterLeft, afterRight schema.Schema) []string {
	leftFirst, err := right.apply(afterLeft)
	if err != nil {
		return []string{fmt.Sprintf("%s cannot be applied after %s: %v", right.Head, left.Head, err)}
	}
	rightFirst, err := left.apply(afterRight)
	if err != nil {
		return []string{fmt.Sprintf("%s cannot be applied after %s: %v", left.Head, right.Head, err)}
	}
	if !schema.Equal(leftFirst, rightFirst) {
		return []string{fmt.Sprintf("%s and %s give different schemas, depending on which is applied first", left.Head, right.Head)}
	}
	return nil
}
