package graph

// walking is how to go: only along the branch of the label (when going up), and
// whether to stay at an end of the graph instead of failing there.
type walking struct {
	label string
	clamp bool
}

// walk takes the identifier's steps from a revision or <base>. Where ways part the
// error is an [AmbiguousWalkError], past an end of the graph a [RelativeError].
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

// ways are the places one step away; <base> is below every base, and nothing is
// below <base>.
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

// walkFrom follows an identifier that names the revision to count from. Going up,
// the label chooses the way; going down, it must be the branch of the start.
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
