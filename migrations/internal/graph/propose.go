package graph

import "slices"

// Proposal is a new revision.
type Proposal struct {
	ID        string
	Heads     []string // its parents; none means "head", and "base" starts a new line
	Splice    bool     // allow parents that are already revised
	Labels    []string
	DependsOn []string // any identifier of one revision; labels are kept as labels
}

// Propose resolves a proposal into a node, and checks that the graph with it is valid. Several heads make it a merge;
// see [Graph.Merge].
func (g *Graph) Propose(p Proposal) (Node, error) {
	if err := ValidateID(p.ID); err != nil {
		return Node{}, err
	}
	if err := g.checkFree(p.ID); err != nil {
		return Node{}, err
	}
	down, err := g.parents(p)
	if err != nil {
		return Node{}, err
	}
	node := Node{ID: p.ID, Down: g.ids(down), Labels: p.Labels}
	for _, name := range p.DependsOn {
		dep, err := g.dependency(name)
		if err != nil {
			return Node{}, err
		}
		node.DependsOn = append(node.DependsOn, dep)
	}
	_, err = g.With(node)
	return node, err
}

// checkFree returns a [DuplicateRevisionError] if the id is that of a revision or of a replaced one.
func (g *Graph) checkFree(id string) error {
	i, taken := g.ownerOf(id)
	if !taken || !slices.Contains(append([]string{g.revs[i].ID}, g.revs[i].Replaces...), id) {
		return nil // New checks labels
	}
	return &DuplicateRevisionError{ID: id, Files: [2]string{g.revs[i].File}}
}

// Merge is Propose for two or more heads; fewer are a [NothingToMergeError].
func (g *Graph) Merge(p Proposal) (Node, error) {
	if len(p.Heads) == 0 {
		return Node{}, &NothingToMergeError{}
	}
	node, err := g.Propose(p)
	if err == nil && len(node.Down) < 2 {
		return Node{}, &NothingToMergeError{Heads: node.Down}
	}
	return node, err
}

// parents returns the parents of the proposal, and checks that it may be based on them.
func (g *Graph) parents(p Proposal) ([]int, error) {
	heads := p.Heads
	if len(heads) == 0 {
		heads = []string{"head"}
	}
	var out []int
	for _, head := range heads {
		revs, err := g.resolveRevision(g.parse(head))
		if err != nil {
			return nil, asked(err, head, AsParent)
		}
		out = append(out, revs...)
	}
	for i, rev := range out {
		if slices.Contains(out[:i], rev) {
			return nil, ErrDuplicateHeads
		}
	}
	return out, g.checkSplice(out, p.Splice)
}

func (g *Graph) checkSplice(revs []int, splice bool) error {
	for _, rev := range revs {
		if r := &g.revs[rev]; len(r.next) > 0 && !splice {
			return &NotHeadError{Revision: r.ID, Next: g.ids(r.next)}
		}
	}
	return nil
}

// dependency returns the name to write for a dependency: its id, or the label if a label was given.
func (g *Graph) dependency(name string) (string, error) {
	revs, err := g.resolveRevision(g.parse(name))
	switch {
	case err != nil:
		return "", asked(err, name, AsTarget)
	case len(revs) > 1:
		return "", &MultipleHeadsError{Argument: name, Heads: g.ids(revs)}
	case len(revs) == 0:
		return "", g.unknown(name, "a revision cannot depend on the base")
	}
	rev := revs[0]
	if slices.Contains(g.revs[rev].labels, name) {
		return name, nil
	}
	return g.revs[rev].ID, nil
}
