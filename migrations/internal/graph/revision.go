package graph

import "slices"

// Revision is a revision of the graph.
type Revision struct {
	Node
	Branches     []string // labels declared and inherited, sorted
	Dependencies []string // DependsOn as ids
	Parents      []string // Down, then those Dependencies not implied by an ancestor
	Next         []string // revisions that revise it, in load order
	AllNext      []string // revisions that revise it or depend on it
}

// IsHead reports whether no revision revises it.
func (r Revision) IsHead() bool { return len(r.Next) == 0 }

// IsRealHead reports whether no revision revises it or depends on it.
func (r Revision) IsRealHead() bool { return len(r.AllNext) == 0 }

// IsBranchPoint reports whether several revisions revise it.
func (r Revision) IsBranchPoint() bool { return len(r.Next) > 1 }

// IsMergePoint reports whether it revises several revisions.
func (r Revision) IsMergePoint() bool { return len(r.Down) > 1 }

// Len returns the number of revisions.
func (g *Graph) Len() int { return len(g.revs) }

// Revision returns the revision with exactly that id, and whether it exists.
func (g *Graph) Revision(id string) (Revision, bool) {
	rev, ok := g.names[id]
	if !ok || g.revs[rev].ID != id {
		return Revision{}, false
	}
	return g.view(rev), true
}

// Revisions returns all revisions in load order.
func (g *Graph) Revisions() []Revision {
	out := make([]Revision, len(g.revs))
	for i := range g.revs {
		out[i] = g.view(i)
	}
	return out
}

func (g *Graph) view(rev int) Revision {
	r := &g.revs[rev]
	return Revision{
		Node:         clone(r.Node),
		Branches:     slices.Clone(r.labels),
		Dependencies: g.ids(r.deps),
		Parents:      g.ids(r.parents),
		Next:         g.ids(r.next),
		AllNext:      g.ids(r.allNext),
	}
}

// Heads returns the revisions that no other revises, in load order.
func (g *Graph) Heads() []string { return g.ids(g.heads) }

// RealHeads returns the heads that no revision depends on: the current heads of a database to which everything is
// applied. The target "heads" means these.
func (g *Graph) RealHeads() []string { return g.ids(g.realHeads) }

// BranchPoints returns the revisions that several others revise, from head to base.
func (g *Graph) BranchPoints() []string {
	all := g.ancestors(g.realHeads, withDependencies)
	order, _ := g.sortDown(all, g.realHeads) // every revision is below a real head
	var out []string
	for _, rev := range order {
		if len(g.revs[rev].next) > 1 {
			out = append(out, g.revs[rev].ID)
		}
	}
	return out
}

// Ancestors returns, in load order, the revisions with the ids and everything they build on, including dependencies. It
// ignores unknown ids.
func (g *Graph) Ancestors(ids ...string) []string {
	revs, _ := g.known(ids)
	return g.ids(g.ancestors(revs, withDependencies).members())
}
