package graph

import (
	"slices"
	"strings"
)

// Upgrade plans an upgrade to the targets, usually one: the revisions that they build on and that are not applied,
// lowest first. For targets that are already applied, the plan has no steps.
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
	order, _ := g.sortDown(needed, targets) // all of it is below a target
	slices.Reverse(order)
	steps := make([]Step, len(order))
	for i, rev := range order {
		steps[i] = g.step(Upgrade, rev)
	}
	needed.addAll(st.applied)
	return g.plan(steps, needed)
}

// upgradeTarget resolves the target of an upgrade. Without a name, steps count from the current head; with clamp, they
// stop at the top of the graph.
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

// resolveRevision is like resolve, but relative steps down to <base> are an error.
func (g *Graph) resolveRevision(id identifier) ([]int, error) {
	revs, err := g.resolve(id)
	if err == nil && id.relative != "" && len(revs) == 0 {
		return nil, &RelativeError{Relative: id.relative}
	}
	return revs, err
}

// upgradeStart returns the revision that "+N" counts from: the current head (of the branch), else the end of the
// applied part of the branch, else <base>.
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

// ends returns the given revisions that are not parents of another of them.
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
