package graph

import (
	"cmp"
	"slices"
)

// sortDown orders the revisions of the set from head to base, starting from the heads that are in the set. It reports
// whether the whole set can be reached from them without leaving it.
//
// The order is Alembic's. There is a list of lines, one for each head in load order. One line is followed at a time:
// its revision is emitted, unless another line still builds on it; then that line is followed first. The first parent
// of an emitted revision takes its place, and further parents become new lines at the end of the list. When a line
// ends, the previous one in the list is followed.
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

// lineAbove returns the index of the first other line that builds on the revision, or -1.
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
