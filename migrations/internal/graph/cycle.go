package graph

import "slices"

// checkCycles returns the revisions from base to head, or a [CycleError].
//
// Which revisions the error lists is Alembic's rule, kept because the text is
// known: all that are not on a way from a head down and from a base up, first by
// down revisions alone, then with dependencies. That rule overlooks a cycle that
// hangs between a base and a head, so what really decides is whether an order
// exists at all.
func (g *Graph) checkCycles() ([]int, error) {
	order, all := g.baseToHead(func(r *revision) []int { return appendAll(r.down, r.deps) })
	if all {
		return order, nil
	}
	_, all = g.baseToHead(func(r *revision) []int { return r.down })
	return nil, g.cycleError(!all)
}

// baseToHead orders the revisions so that each comes after those it points down to;
// it reports false if a cycle keeps some of them out.
func (g *Graph) baseToHead(down func(*revision) []int) ([]int, bool) {
	waiting := make([]int, len(g.revs))
	above := make([][]int, len(g.revs))
	for i := range g.revs {
		for _, d := range down(&g.revs[i]) {
			waiting[i]++
			above[d] = append(above[d], i)
		}
	}
	var order []int
	for i := range g.revs {
		if waiting[i] == 0 {
			order = append(order, i)
		}
	}
	for at := 0; at < len(order); at++ {
		for _, up := range above[order[at]] {
			if waiting[up]--; waiting[up] == 0 {
				order = append(order, up)
			}
		}
	}
	return order, len(order) == len(g.revs)
}

func (g *Graph) cycleError(downOnly bool) error {
	lower := func(r *revision) []int { return appendAll(r.down, r.deps) }
	upper := func(r *revision) []int { return r.allNext }
	heads, bases := g.realHeads, g.realBases
	if downOnly {
		lower = func(r *revision) []int { return r.down }
		upper = func(r *revision) []int { return r.next }
		heads, bases = g.heads, g.bases
	}
	path := g.findCycle(lower)
	listed := g.unreachable(heads, lower, bases, upper)
	if len(listed) == 0 {
		listed = g.ids(path)
		slices.Sort(listed)
	}
	err := &CycleError{Revisions: listed, Dependency: !downOnly, Path: g.ids(path)}
	for _, i := range path {
		err.Files = append(err.Files, g.revs[i].File)
	}
	return err
}

// unreachable lists the revisions not reached both from the heads down and from the
// bases up: in load order if there is no head or no base at all, else sorted.
func (g *Graph) unreachable(
	heads []int, lower func(*revision) []int, bases []int, upper func(*revision) []int,
) []string {
	all := make([]int, len(g.revs))
	for i := range all {
		all[i] = i
	}
	if len(heads) == 0 || len(bases) == 0 {
		return g.ids(all)
	}
	reached := g.reach(heads, lower)
	reached.keepOnly(g.reach(bases, upper))
	var out []string
	for _, i := range all {
		if !reached.has(i) {
			out = append(out, g.revs[i].ID)
		}
	}
	slices.Sort(out)
	return out
}

// findCycle returns the revisions of one cycle, each followed by one it points to.
// It starts among the revisions that no order exists for and always takes a step to
// another such one, so it must come back to where it has been.
func (g *Graph) findCycle(lower func(*revision) []int) []int {
	order, _ := g.baseToHead(lower)
	ordered := newBitset(len(g.revs))
	for _, i := range order {
		ordered.add(i)
	}
	at := 0
	for ordered.has(at) {
		at++
	}
	var path []int
	for !slices.Contains(path, at) {
		path = append(path, at)
		for _, d := range lower(&g.revs[at]) {
			if !ordered.has(d) {
				at = d
				break
			}
		}
	}
	return path[slices.Index(path, at):]
}

func appendAll(a, b []int) []int {
	out := slices.Clone(a)
	for _, i := range b {
		out = appendNew(out, i)
	}
	return out
}
