package graph

import "slices"

// spreadLabels gives every revision the labels of its branch. A label declared on a
// revision is carried by all its descendants (down revisions only), and by the line
// below it as far as that is this branch's alone, that is until a branch point or a
// merge point. A branch point or a merge point above ends the downward spread too:
// the line below is then shared, or no longer the whole of the branch.
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

// isPlainLine reports whether the revision and all above it form one line.
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

// lineBelow lists the revisions below up to, and without, the first junction.
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

// isJunction reports a merge point, or a branch point counting dependencies.
func (g *Graph) isJunction(i int) bool {
	return len(g.revs[i].allNext) > 1 || len(g.revs[i].down) > 1
}
