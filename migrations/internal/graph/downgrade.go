package graph

import (
	"errors"
	"slices"
	"strings"
)

// Downgrade plans a downgrade to the target: it undoes the applied revisions that revise the target and everything
// applied that builds on those, highest first. The target stays, and so do revisions that only depend on it.
// "label@base" and "label@id" downgrade that branch alone.
func (g *Graph) Downgrade(applied []string, target string) (Plan, error) {
	st, err := g.state(applied)
	if err != nil {
		return Plan{}, err
	}
	if strings.Contains(target, ":") {
		return Plan{}, ErrRangeNotAllowed
	}
	goal, err := g.downgradeTarget(g.parse(target), st)
	if err != nil {
		return Plan{}, asked(err, target, AsTarget)
	}
	going, err := g.above(goal)
	if err != nil {
		return Plan{}, err
	}
	going.keepOnly(st.applied)
	if goal.rev != noRevision && going.empty() && !slices.Contains(st.heads, goal.rev) {
		return Plan{}, &DestinationError{Destination: target}
	}
	return g.downgradeBy(going, st), nil
}

func (g *Graph) downgradeBy(going bitset, st state) Plan {
	order, _ := g.sortDown(going, st.heads) // going contains everything applied above its members
	steps := make([]Step, len(order))
	for i, rev := range order {
		steps[i] = g.step(Downgrade, rev)
	}
	st.applied.removeAll(going)
	return g.plan(steps, st.applied)
}

// goal is where a downgrade ends, and the branch it is limited to.
type goal struct {
	rev   int // noRevision for <base>
	label string
}

func (g *Graph) downgradeTarget(id identifier, st state) (goal, error) {
	switch {
	case id.isFree() && id.steps >= 0:
		return goal{}, &RelativeError{Relative: id.relative}
	case id.isFree():
		return g.downgradeSteps(id, st)
	case id.relative != "":
		rev, err := g.walkFrom(id, false)
		if _, ok := errors.AsType[*RelativeError](err); ok {
			err = &RelativeError{Relative: id.relative, TooFar: true}
		}
		return goal{rev: rev, label: id.label}, err
	}
	if _, err := g.onBranch(nil, id.label); err != nil {
		return goal{}, err
	}
	// "label@id" limits the downgrade to a branch. Unlike elsewhere, the id need not be on the branch, which may begin
	// above it.
	rev, err := g.singleOrBase(labelOfSymbol(id), id.name)
	return goal{rev: rev, label: id.label}, err
}

// labelOfSymbol returns the label if it selects among heads, or "".
func labelOfSymbol(id identifier) string {
	if id.name == "head" || id.name == "heads" {
		return id.label
	}
	return ""
}

// downgradeSteps counts down from the current head, or from that of the branch if one is given, and limits the
// downgrade to its line. With several heads to start from, Alembic takes the first and warns that it is deprecated;
// here it is a [ManyStartsError].
func (g *Graph) downgradeSteps(id identifier, st state) (goal, error) {
	label := id.label
	starts, err := g.currentOnBranch(label, st)
	if err != nil {
		return goal{}, err
	}
	if len(starts) == 0 {
		return goal{}, &RelativeError{Relative: id.relative}
	}
	if len(starts) > 1 {
		return goal{}, &ManyStartsError{Relative: id.relative, Label: label, Starts: g.ids(starts)}
	}
	out := goal{label: label}
	if label == "" {
		out.label = g.revs[starts[0]].ID
	}
	out.rev, err = g.walk(starts[0], id, walking{})
	return out, err
}

// currentOnBranch returns the current heads of the branch or, if it is applied only because others depend on it, the
// ends of its applied part. Without a label, it returns all current heads.
func (g *Graph) currentOnBranch(label string, st state) ([]int, error) {
	heads, err := g.onBranch(st.heads, label)
	if err != nil || len(heads) > 0 {
		return heads, err
	}
	return g.onBranch(g.tips(st.applied, downOnly), label)
}

// above returns the revisions above the goal, applied or not. If several lines start there, the label selects one.
func (g *Graph) above(to goal) (bitset, error) {
	roots := g.bases
	if to.rev != noRevision {
		roots = g.revs[to.rev].next
	}
	if to.label != "" && len(roots) > 1 {
		branch, err := g.lookup(to.label, "")
		if err != nil {
			return nil, err
		}
		roots = g.ancestors([]int{branch}, downOnly).only(roots)
		if len(roots) == 0 {
			return nil, ErrNotBelowHeads
		}
	}
	return g.descendants(roots, withDependencies), nil
}
