package graph

import "slices"

// spreadLabels gives every revision the labels of its branch. A revision passes its labels on to all its descendants
// (by down revisions only), and to the line below it down to the first branch point or merge point, where the branch
// ends. If there is a branch point or merge point above, nothing is passed down: the line below is shared, or not the
// whole branch.
func (g *Graph) spreadLabels() {
	for i := range g.revs {
		if len(g.revs[i].Labels) == 0 {
			continue
		}
		carriers := g.descendants([]int{i}, downOnly)
		if g.isPlainLine(i) {
			for _, p := range g.lineBelow(i) {
				carriers.add(p)
			}
		}
		for _, c := range carriers.members() {
			for _, label := range g.revs[i].Labels {
				g.revs[c].labels = appendNew(g.revs[c].labels, label)
			}
		}
	}
	for i := range g.revs {
		slices.Sort(g.revs[i].labels)
	}
}

// isPlainLine reports whether the revision and its descendants form one line.
func (g *Graph) isPlainLine(i int) bool {
	for {
		if g.isJunction(i) {
			return false
		}
		if len(g.revs[i].next) == 0 {
			return true
		}
		i = g.revs[i].next[0]
	}
}

// lineBelow returns the revisions below, down to the first junction and without it.
func (g *Graph) lineBelow(i int) []int {
	var out []int
	for len(g.revs[i].down) == 1 {
		i = g.revs[i].down[0]
		if g.isJunction(i) {
			break
		}
		out = append(out, i)
	}
	return out
}

// isJunction reports whether the revision is a merge point or, counting dependencies, a branch point.
func (g *Graph) isJunction(i int) bool {
	return len(g.revs[i].allNext) > 1 || len(g.revs[i].down) > 1
}
