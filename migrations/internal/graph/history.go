package graph

import "slices"

// History returns the revisions of a range from head to base: the lower end and those that revise it or, without a
// lower end, everything that the upper end builds on. A lower end on a branch ("label@base") limits the upper end to
// that branch. "current" means the current heads. Ends that are not on one line are a [RangeError].
func (g *Graph) History(shown Range, applied []string) ([]string, error) {
	ends, err := g.rangeEnds(shown, applied)
	if err != nil {
		return nil, err
	}
	revs, err := g.between(ends, spanning{inclusive: true})
	return g.ids(revs), err
}

// span is a range with its ends resolved. An empty lower end is <base>.
type span struct {
	Range        // as written, for errors
	lower, upper []int
}

// spanning says what a span includes.
type spanning struct {
	inclusive bool // the lower end itself
	branches  bool // ancestors of the upper end that are not descendants of the lower end
}

// between returns the revisions of a span from head to base.
func (g *Graph) between(s span, how spanning) ([]int, error) {
	upper, err := g.onBranch(s.upper, g.parse(s.Lower).label)
	if err != nil {
		return nil, err
	}
	needed := g.ancestors(upper, withDependencies)
	if !how.branches && len(needed.only(s.lower)) < len(s.lower) {
		return nil, &RangeError{Lower: s.Lower, Upper: s.Upper}
	}
	for _, end := range [][]int{upper, s.lower} {
		if err := g.checkOverlap(end, withDependencies); err != nil {
			return nil, err
		}
	}
	needed.removeAll(g.ancestors(s.lower, withDependencies))
	if how.inclusive {
		for _, low := range s.lower {
			needed.add(low)
		}
	}
	if len(s.lower) > 0 && !how.branches {
		needed.keepOnly(g.descendants(s.lower, downOnly))
	}
	order, all := g.sortDown(needed, upper)
	if !all {
		return nil, &RangeError{Lower: s.Lower, Upper: s.Upper}
	}
	return order, nil
}

// rangeEnds resolves both ends. Either may be relative to the other, so an upper "+N" is resolved last.
func (g *Graph) rangeEnds(shown Range, applied []string) (span, error) {
	ends := span{Range: shown}
	if ends.Lower == "" {
		ends.Lower = "base"
	}
	if ends.Upper == "" {
		ends.Upper = "heads"
	}
	st, err := g.rangeState(ends.Range, applied)
	if err != nil {
		return ends, err
	}
	upper := g.parse(ends.Upper)
	if !upper.isFree() || !upper.up() {
		if ends.upper, err = g.rangeEnd(upper, st); err != nil {
			return ends, err
		}
	}
	if ends.lower, err = g.lowerEnd(g.parse(ends.Lower), ends.upper, st); err != nil {
		return ends, err
	}
	if upper.isFree() && upper.up() {
		ends.upper, err = g.upgradeTarget(upper, g.stateOf(ends.lower), true)
	}
	return ends, err
}

// rangeState returns the state only if the range refers to it. Any other range can be shown whatever is applied.
func (g *Graph) rangeState(shown Range, applied []string) (state, error) {
	if shown.Lower != "current" && shown.Upper != "current" {
		return state{}, nil
	}
	return g.state(applied)
}

// rangeEnd resolves an end on its own. Steps past the end of the graph stop there.
func (g *Graph) rangeEnd(id identifier, st state) ([]int, error) {
	switch {
	case id.text == "current":
		return st.heads, nil
	case id.isFree():
		return nil, &RelativeError{Relative: id.relative}
	case id.relative != "":
		rev, err := g.walkFrom(id, true)
		return some(rev), asked(err, id.text, AsTarget)
	}
	revs, err := g.resolve(id)
	return revs, asked(err, id.text, AsTarget)
}

// lowerEnd resolves the lower end, which may be relative to the upper one.
func (g *Graph) lowerEnd(id identifier, upper []int, st state) ([]int, error) {
	if !id.isFree() || id.up() {
		return g.rangeEnd(id, st)
	}
	starts, err := g.onBranch(upper, id.label)
	if err != nil {
		return nil, err
	}
	var out []int
	for _, start := range starts {
		rev, err := g.walk(start, id, walking{clamp: true})
		if err != nil {
			return nil, err
		}
		if rev == noRevision {
			return nil, nil
		}
		out = appendNew(out, rev)
	}
	slices.Sort(out)
	return out, nil
}
