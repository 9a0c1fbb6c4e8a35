package graph

import "slices"

// checkCycles returns the revisions from base to head, or a [CycleError].
//
// The error lists revisions by Alembic's rule, since users know its text: those not reachable both from a head down and
// from a base up, by down revisions alone or, if those have no cycle, with dependencies. That rule misses a cycle
// between a base and a head, so whether there is a cycle is decided by whether an order exists.
func (g *Graph) checkCycles() ([]int, error) {
	order, all := g.baseToHead(func(r *revision) []int { return appendAll(r.down, r.deps) })
	if all {
		return order, nil
	}
	_, all = g.baseToHead(func(r *revision) []int { return r.down })
	return nil, g.cycleError(!all)
}

// baseToHead returns the revisions ordered so that each comes after those it points down to, and reports whether these
// are all; a cycle prevents that.
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

// unreachable returns the revisions not reachable both from the heads down and from the bases up, sorted; if there is
// no head or no base, all of them in load order.
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

// findCycle returns the revisions of one cycle, each followed by one it points to. It walks among the revisions that
// cannot be ordered, each of which points to another, until it returns to one.
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
