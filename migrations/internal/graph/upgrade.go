package graph

import (
	"slices"
	"strings"
)

// Upgrade plans the way up to the targets, usually one: everything that they build on
// and that is not applied, lowest first. Targets that lie below the current state give
// a plan without steps.
func (g *Graph) Upgrade(applied []string, targets ...string) (Plan, error) {
	st, err := g.state(applied)
	if err != nil {
		return Plan{}, err
	}
	var revs []int
	for _, target := range targets {
		if strings.Contains(target, ":") {
			return Plan{}, ErrRangeNotAllowed
		}
		found, err := g.upgradeTarget(g.parse(target), st, false)
		if err != nil {
			return Plan{}, asked(err, target, AsTarget)
		}
		revs = append(revs, found...)
	}
	if err := g.checkOverlap(revs, withDependencies); err != nil {
		return Plan{}, err
	}
	return g.upgradeTo(revs, st), nil
}

func (g *Graph) upgradeTo(targets []int, st state) Plan {
	needed := g.ancestors(targets, withDependencies)
	needed.removeAll(st.applied)
	order, _ := g.sortDown(needed, targets) // all of it builds up to a target
	slices.Reverse(order)
	steps := make([]Step, len(order))
	for i, rev := range order {
		steps[i] = g.step(Upgrade, rev)
	}
	needed.addAll(st.applied)
	return g.plan(steps, needed)
}

// upgradeTarget resolves an identifier for going up. Counting without a name starts
// from the current heads; clamp lets the steps end at the top of the graph.
func (g *Graph) upgradeTarget(id identifier, st state, clamp bool) ([]int, error) {
	if !id.isFree() {
		return g.resolveRevision(id)
	}
	if !id.up() {
		return nil, &RelativeError{Relative: id.relative}
	}
	start, err := g.upgradeStart(id.label, st)
	if err != nil {
		return nil, err
	}
	rev, err := g.walk(start, id, walking{label: id.label, clamp: clamp})
	return some(rev), err
}

// resolveRevision is resolve, but a walk must end on a revision: stepping down to
// <base> is one step too many.
func (g *Graph) resolveRevision(id identifier) ([]int, error) {
	revs, err := g.resolve(id)
	if err == nil && id.relative != "" && len(revs) == 0 {
		return nil, &RelativeError{Relative: id.relative}
	}
	return revs, err
}

// upgradeStart is the single place that "+N" counts from: the current head (of the
// branch), else where the applied part of the branch ends, else <base>.
func (g *Graph) upgradeStart(label string, st state) (int, error) {
	starts, err := g.onBranch(st.heads, label)
	if err != nil {
		return noRevision, err
	}
	if len(starts) == 0 && label != "" {
		active, err := g.onBranch(st.applied.members(), label)
		if err != nil {
			return noRevision, err
		}
		starts = g.ends(active)
	}
	switch len(starts) {
	case 0:
		return noRevision, nil
	case 1:
		return starts[0], nil
	}
	return noRevision, ErrAmbiguousUpgrade
}

// ends keeps those revisions that are no parent of another one given.
func (g *Graph) ends(revs []int) []int {
	below := newBitset(len(g.revs))
	for _, r := range revs {
		for _, p := range g.revs[r].parents {
			below.add(p)
		}
	}
	var out []int
	for _, r := range revs {
		if !below.has(r) {
			out = append(out, r)
		}
	}
	return out
}
