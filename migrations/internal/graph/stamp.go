package graph

// Stamp plans to set the state to the targets without running anything. Each target replaces the current heads above
// and below it, including dependencies; other heads stay. "base" removes all heads, "label@base" those of a branch.
//
// Unlike elsewhere, applied ids that no file declares are not an error, since a stamp is how to get rid of them: they
// are removed and listed in Plan.Unknown. To purge the table first, pass no applied ids.
//
// The order of the targets does not matter: bases come first, and a revision before those that depend on it. If a
// target is an ancestor of another on the same line, the error is an [OverlapError].
func (g *Graph) Stamp(applied []string, targets ...string) (Plan, error) {
	revs, unknown := g.known(applied)
	st := g.stateOf(revs)
	s := stamp{g: g, before: st.heads, now: st.heads}
	for _, target := range targets {
		if err := s.resolve(target); err != nil {
			return Plan{}, asked(err, target, AsStamp)
		}
	}
	if err := g.checkOverlap(s.targets, downOnly); err != nil {
		return Plan{}, err
	}
	for _, rev := range g.ancestorsFirst(s.targets) {
		s.toRevision(rev)
	}
	plan := g.plan(s.steps, g.ancestors(s.now, withDependencies))
	plan.Unknown = unknown
	return plan, nil
}

// stamp is an unfinished plan. Its steps start from the heads before the stamp, even if an earlier target of it has
// already replaced them.
type stamp struct {
	g      *Graph
	before []int
	now    []int
	steps  []Step

	targets []int
}

// resolve adds the revisions of a target to targets, and applies a base immediately.
func (s *stamp) resolve(target string) error {
	id := s.g.parse(target)
	revs, err := s.g.resolve(id)
	if err != nil {
		return err
	}
	if len(revs) == 0 {
		return s.toBase(id.label)
	}
	s.targets = append(s.targets, revs...)
	return nil
}

func (s *stamp) toBase(label string) error {
	going := s.now
	if label != "" {
		branch, err := s.g.lookup(label, "")
		if err != nil {
			return err
		}
		going = s.g.lineage([]int{branch}, withDependencies).only(s.now)
	}
	for _, head := range going {
		s.steps = append(s.steps, Step{Kind: Stamp, From: s.g.ids([]int{head})})
	}
	s.drop(going)
	return nil
}

func (s *stamp) toRevision(rev int) {
	line := s.g.lineage([]int{rev}, withDependencies)
	replaced := line.only(s.now)
	if len(replaced) == 1 && replaced[0] == rev {
		return
	}
	s.steps = append(s.steps, Step{
		Kind: Stamp,
		From: s.g.ids(line.only(s.before)),
		To:   s.g.ids([]int{rev}),
	})
	s.drop(replaced)
	s.now = append(s.now, rev)
}

func (s *stamp) drop(going []int) {
	gone := newBitset(len(s.g.revs))
	for _, rev := range going {
		gone.add(rev)
	}
	var left []int
	for _, rev := range s.now {
		if !gone.has(rev) {
			left = append(left, rev)
		}
	}
	s.now = left
}
