package graph

import "slices"

// state is the state of a database: the recorded revisions and all that they imply.
type state struct {
	applied bitset
	heads   []int // in the order in which the ids were given
}

// state returns the state of the applied ids. The error is an [UnknownAppliedError] or a [MiddleError].
func (g *Graph) state(applied []string) (state, error) {
	revs, unknown := g.known(applied)
	if len(unknown) > 0 {
		nearest, _ := g.nearest(unknown[0])
		return state{}, &UnknownAppliedError{ID: unknown[0], Others: unknown[1:], Nearest: nearest}
	}
	if err := g.checkMiddle(applied, revs); err != nil {
		return state{}, err
	}
	return g.stateOf(revs), nil
}

func (g *Graph) stateOf(recorded []int) state {
	st := state{applied: g.ancestors(recorded, withDependencies)}
	for _, r := range recorded {
		if !st.applied.hasAny(g.revs[r].allNext) {
			st.heads = appendNew(st.heads, r)
		}
	}
	return st
}

// known splits ids into revisions and unknown ids. The last id that a revision replaces means that revision; the others
// that it replaces are in neither list.
func (g *Graph) known(ids []string) (revs []int, unknown []string) {
	for _, id := range ids {
		rev, ok := g.names[id]
		if ok && g.revs[rev].ID == id {
			revs = append(revs, rev)
			continue
		}
		rev, ok = g.replaced[id]
		switch {
		case !ok:
			unknown = appendNew(unknown, id)
		case g.revs[rev].end() == id:
			revs = appendNew(revs, rev)
		}
	}
	return revs, unknown
}

// Known returns the applied ids that a file declares. If there are others, it also returns an [UnknownAppliedError]
// that names them, or a [MiddleError].
func (g *Graph) Known(applied []string) ([]string, error) {
	if _, err := g.state(applied); err != nil {
		revs, _ := g.known(applied)
		return g.ids(revs), err
	}
	return applied, nil
}

// CurrentHeads returns the applied ids that no other applied id builds on, by down revision or dependency, in the order
// given.
func (g *Graph) CurrentHeads(applied []string) ([]string, error) {
	st, err := g.state(applied)
	return g.ids(st.heads), err
}

// Current returns the end of every applied line, in load order, as the command current shows them. Unlike
// [Graph.CurrentHeads], it includes the ends of lines that another applied revision depends on.
func (g *Graph) Current(applied []string) ([]string, error) {
	st, err := g.state(applied)
	if err != nil {
		return nil, err
	}
	return g.ids(g.tips(st.applied, downOnly)), nil
}

// CheckHeads returns [ErrNotAtHeads] unless the current heads are exactly the heads.
func (g *Graph) CheckHeads(applied []string) error {
	st, err := g.state(applied)
	if err != nil {
		return err
	}
	for _, h := range g.heads { // if all of them are current, no other revision is: each is below a head
		if !slices.Contains(st.heads, h) {
			return ErrNotAtHeads
		}
	}
	return nil
}

// Missing returns, in load order, the revisions that the applied ids imply but do not include: they were inserted into
// the history below an applied revision. Plans treat them as applied, which they may not be.
func (g *Graph) Missing(applied []string) ([]string, error) {
	st, err := g.state(applied)
	if err != nil {
		return nil, err
	}
	recorded, _ := g.known(applied)
	for _, r := range recorded {
		st.applied.remove(r)
	}
	return g.ids(st.applied.members()), nil
}

// At returns, in load order, the ids applied in a database that is at the target, such as the starting point of an
// offline run.
func (g *Graph) At(target string) ([]string, error) {
	revs, err := g.resolve(g.parse(target))
	if err != nil {
		return nil, asked(err, target, AsTarget)
	}
	return g.ids(g.ancestors(revs, withDependencies).members()), nil
}
