package graph

import "slices"

// Revision is what the graph knows about one revision.
type Revision struct {
	Node
	Branches     []string // labels declared and inherited, sorted
	Dependencies []string // DependsOn as ids
	Parents      []string // Down, then those Dependencies not implied by an ancestor
	Next         []string // revisions that revise it, in load order
	AllNext      []string // the same and those that depend on it
}

// IsHead reports that nothing revises it.
func (r Revision) IsHead() bool { return len(r.Next) == 0 }

// IsRealHead reports that nothing revises it or depends on it.
func (r Revision) IsRealHead() bool { return len(r.AllNext) == 0 }

// IsBranchPoint reports that several revisions revise it.
func (r Revision) IsBranchPoint() bool { return len(r.Next) > 1 }

// IsMergePoint reports that it revises several revisions.
func (r Revision) IsMergePoint() bool { return len(r.Down) > 1 }

// Len is the number of revisions.
func (g *Graph) Len() int { return len(g.revs) }

// Revision returns the revision of exactly that id.
func (g *Graph) Revision(id string) (Revision, bool) {
	rev, ok := g.names[id]
	if !ok || g.revs[rev].ID != id {
		return Revision{}, false
	}
	return g.view(rev), true
}

// Revisions lists all revisions in load order.
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

// Heads lists the revisions that nothing revises, in load order.
func (g *Graph) Heads() []string { return g.ids(g.heads) }

// RealHeads lists the heads that nothing depends on: the current heads of a database
// to which everything is applied. The target "heads" means these.
func (g *Graph) RealHeads() []string { return g.ids(g.realHeads) }

// BranchPoints lists the revisions that several others revise, from head to base.
func (g *Graph) BranchPoints() []string {
	all := g.ancestors(g.realHeads, withDependencies)
	order, _ := g.sortDown(all, g.realHeads) // every revision lies below a real head
	var out []string
	for _, rev := range order {
		if len(g.revs[rev].next) > 1 {
			out = append(out, g.revs[rev].ID)
		}
	}
	return out
}

// Ancestors lists, in load order, the revisions named by exact ids and everything that
// they build on, dependencies included. Ids that are unknown count for nothing.
func (g *Graph) Ancestors(ids ...string) []string {
	revs, _ := g.known(ids)
	return g.ids(g.ancestors(revs, withDependencies).members())
}
