package graph

import (
	"cmp"
	"slices"
)

// sortDown orders the revisions of the set from head to base. The starting points
// are those of the heads that are in the set; it reports false if some of the set
// cannot be reached from them within it.
//
// The order is Alembic's. A list of lines is kept, one per head in load order, and
// one line is followed: its revision is emitted unless another line still builds on
// it, in which case that line is followed first. The emitted revision's first
// parent takes its place, further parents become new lines at the end. When a line
// ends, the one before it in the list is taken up.
func (g *Graph) sortDown(set bitset, heads []int) ([]int, bool) {
	todo := slices.Clone(set)
	lines := g.startLines(todo, heads)
	out := make([]int, 0, set.count())
	for at := 0; len(lines) > 0; {
		rev := lines[at]
		if other := g.lineAbove(rev, lines); other >= 0 {
			at = other
			continue
		}
		out = append(out, rev)
		todo.remove(rev)
		parents := nextParents(g.revs[rev].parents, todo, lines)
		if len(parents) == 0 {
			lines = slices.Delete(lines, at, at+1)
			at = max(at-1, 0)
			continue
		}
		lines[at] = parents[0]
		lines = append(lines, parents[1:]...)
	}
	return out, todo.empty()
}

func (g *Graph) startLines(todo bitset, heads []int) []int {
	var lines []int
	for _, h := range todo.only(heads) {
		lines = appendNew(lines, h)
	}
	slices.SortFunc(lines, cmp.Compare[int])
	return lines
}

// lineAbove finds the first other line that still builds on the revision, or -1.
func (g *Graph) lineAbove(rev int, lines []int) int {
	for i, other := range lines {
		if other != rev && g.below[other].has(rev) {
			return i
		}
	}
	return -1
}

func nextParents(parents []int, todo bitset, lines []int) []int {
	var out []int
	for _, p := range parents {
		if todo.has(p) && !slices.Contains(lines, p) {
			out = append(out, p)
		}
	}
	return out
}
