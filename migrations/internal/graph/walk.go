package graph

// walking is the options of a walk.
type walking struct {
	label string // of the branch to stay on when walking up
	clamp bool   // stop at an end of the graph rather than fail
}

// walk takes the identifier's steps from a revision or <base>. At a branch point or merge point the error is an
// [AmbiguousWalkError], past an end of the graph a [RelativeError].
func (g *Graph) walk(from int, id identifier, how walking) (int, error) {
	for range max(id.steps, -id.steps) {
		ways, err := g.ways(from, id.up(), how.label)
		switch {
		case err != nil:
			return noRevision, err
		case len(ways) == 0 && how.clamp:
			return from, nil
		case len(ways) == 0:
			return noRevision, &RelativeError{Relative: id.relative}
		case len(ways) > 1:
			return noRevision, g.ambiguous(from, ways)
		}
		from = ways[0]
	}
	return from, nil
}

// ways returns the revisions one step away. <base> is below every base, and nothing is below <base>.
func (g *Graph) ways(from int, up bool, label string) ([]int, error) {
	switch {
	case up && from == noRevision:
		return g.onBranch(g.bases, label)
	case up:
		return g.onBranch(g.revs[from].next, label)
	case from == noRevision:
		return nil, nil
	case len(g.revs[from].down) == 0:
		return []int{noRevision}, nil
	}
	return g.revs[from].down, nil
}

func (g *Graph) ambiguous(from int, ways []int) error {
	err := &AmbiguousWalkError{Choices: g.ids(ways)}
	if from != noRevision {
		err.From = g.revs[from].ID
	}
	return err
}

// walkFrom resolves a relative identifier that names the revision to count from. Walking up, the label selects the
// branch to follow; walking down, the start must be on it.
func (g *Graph) walkFrom(id identifier, clamp bool) (int, error) {
	label, how := id.label, walking{clamp: clamp}
	if id.up() {
		label, how.label = "", id.label
	}
	start, err := g.singleOrBase(label, id.name)
	if err != nil {
		return noRevision, err
	}
	return g.walk(start, id, how)
}
