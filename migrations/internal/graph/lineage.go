package graph

import "slices"

// reach returns the revisions and all that the edges lead to.
func (g *Graph) reach(from []int, edges func(*revision) []int) bitset {
	seen := newBitset(len(g.revs))
	todo := append([]int(nil), from...)
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen.has(i) {
			continue
		}
		seen.add(i)
		todo = append(todo, edges(&g.revs[i])...)
	}
	return seen
}

// scope says whether dependencies count as edges.
type scope bool

const (
	downOnly         scope = false
	withDependencies scope = true
)

// ancestors returns the revisions and all that they build on.
func (g *Graph) ancestors(of []int, s scope) bitset {
	if s == downOnly {
		return g.reach(of, func(r *revision) []int { return r.down })
	}
	out := newBitset(len(g.revs))
	for _, i := range of {
		out.addAll(g.below[i])
	}
	return out
}

// descendants returns the revisions and all that build on them.
func (g *Graph) descendants(of []int, s scope) bitset {
	if s == downOnly {
		return g.reach(of, func(r *revision) []int { return r.next })
	}
	return g.reach(of, func(r *revision) []int { return r.allNext })
}

// lineage returns the revisions, their ancestors and their descendants.
func (g *Graph) lineage(of []int, s scope) bitset {
	out := g.ancestors(of, s)
	out.addAll(g.descendants(of, s))
	return out
}

// tips returns the members of the set that no other member builds on. The set must contain the ancestors of its
// members.
func (g *Graph) tips(set bitset, s scope) []int {
	var out []int
	for _, i := range set.members() {
		above := g.revs[i].next
		if s == withDependencies {
			above = g.revs[i].allNext
		}
		if !set.hasAny(above) {
			out = append(out, i)
		}
	}
	return out
}

// ancestorsFirst sorts the revisions so that each comes after those that it builds on, and is otherwise stable.
func (g *Graph) ancestorsFirst(revs []int) []int {
	sorted := make([]int, 0, len(revs))
	for _, rev := range revs {
		at := slices.IndexFunc(sorted, func(other int) bool { return g.below[other].has(rev) })
		if at < 0 {
			at = len(sorted)
		}
		sorted = slices.Insert(sorted, at, rev)
	}
	return sorted
}

// checkOverlap returns an [OverlapError] if one of the targets is an ancestor of another. The same target twice is
// allowed.
func (g *Graph) checkOverlap(targets []int, s scope) error {
	wanted := newBitset(len(g.revs))
	for _, t := range targets {
		wanted.add(t)
	}
	for _, t := range targets {
		others := g.ancestors([]int{t}, s)
		others.keepOnly(wanted)
		others.remove(t)
		if !others.empty() {
			return &OverlapError{Revision: g.revs[t].ID, Others: g.ids(others.members())}
		}
	}
	return nil
}

func (g *Graph) ids(revs []int) []string {
	out := make([]string, len(revs))
	for i, r := range revs {
		out[i] = g.revs[r].ID
	}
	return out
}
