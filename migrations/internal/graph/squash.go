package graph

import (
	"fmt"
	"slices"
	"strings"
)

// Squash is a range of the history that one revision replaces.
type Squash struct {
	Node     Node     // the revision, without its File
	Replaced []string // the ids of this graph that it replaces, lowest first
}

// Squash returns the node, with that id, that replaces a range, both ends included: it has the parents of the range,
// its labels, and its dependencies outside the range. Only the ends of the range may be connected with revisions
// outside it. It does not check for cycles: build the graph without the replaced revisions to do so.
func (g *Graph) Squash(id string, replaced Range) (Squash, error) {
	if err := g.checkFree(id); err != nil {
		return Squash{}, err
	}
	from, to, err := g.squashEnds(replaced)
	if err != nil {
		return Squash{}, err
	}
	within := g.ancestors([]int{to}, downOnly)
	if from != noRevision {
		within.keepOnly(g.descendants([]int{from}, downOnly))
	}
	if within.empty() {
		return Squash{}, &RangeError{Lower: replaced.Lower, Upper: replaced.Upper}
	}
	if err := g.checkSquash(within, from, to); err != nil {
		return Squash{}, err
	}
	order, _ := g.sortDown(within, []int{to}) // all of it is below to
	slices.Reverse(order)
	squash := Squash{Node: Node{ID: id}, Replaced: g.ids(order)}
	if from != noRevision {
		squash.Node.Down = slices.Clone(g.revs[from].Down)
	}
	for _, rev := range order {
		r := &g.revs[rev]
		squash.Node.Replaces = append(append(squash.Node.Replaces, r.Replaces...), r.ID)
		squash.Node.Labels = append(squash.Node.Labels, r.Labels...)
		for _, name := range r.DependsOn {
			if !within.has(g.names[name]) {
				squash.Node.DependsOn = appendNew(squash.Node.DependsOn, name)
			}
		}
	}
	return squash, nil
}

// squashEnds resolves the ends of the range. An empty lower end is <base>.
func (g *Graph) squashEnds(replaced Range) (from, to int, err error) {
	from = noRevision
	if replaced.Lower != "" {
		if from, err = g.squashEnd(replaced.Lower); err != nil {
			return from, noRevision, err
		}
	}
	upper := replaced.Upper
	if upper == "" {
		upper = "head"
	}
	if to, err = g.squashEnd(upper); err == nil && to == noRevision {
		err = &NothingToSquashError{}
	}
	return from, to, err
}

func (g *Graph) squashEnd(name string) (int, error) {
	revs, err := g.resolve(g.parse(name))
	switch {
	case err != nil:
		return noRevision, asked(err, name, AsTarget)
	case len(revs) > 1:
		return noRevision, &MultipleHeadsError{Argument: name, Heads: g.ids(revs)}
	case len(revs) == 0:
		return noRevision, nil
	}
	return revs[0], nil
}

// checkSquash checks that one revision can replace the revisions.
func (g *Graph) checkSquash(within bitset, from, to int) error {
	if r := &g.revs[to]; within.count() < 2 {
		return &NothingToSquashError{Revision: r.ID}
	} else if len(r.Replaces) > 0 {
		return &SquashEndError{Revision: r.ID, File: r.File}
	}
	for _, i := range within.members() {
		r := &g.revs[i]
		if i != from {
			if others := outside(within, r.down); len(others) > 0 {
				return g.openRange(i, others, true)
			}
		}
		if i != to {
			if others := outside(within, r.allNext); len(others) > 0 {
				return g.openRange(i, others, false)
			}
		}
	}
	return nil
}

func outside(within bitset, revs []int) []int {
	return slices.DeleteFunc(slices.Clone(revs), within.has)
}

func (g *Graph) openRange(in int, others []int, enters bool) error {
	err := &OpenRangeError{Revision: g.revs[in].ID, File: g.revs[in].File, Enters: enters}
	for _, other := range others {
		err.Others = append(err.Others, named(g.revs[other].ID, g.revs[other].File))
	}
	return err
}

// OpenRangeError is a range that one revision cannot replace, as its middle is connected with revisions outside it.
type OpenRangeError struct {
	Revision, File string   // in the range
	Others         []string // outside it, with their files
	Enters         bool     // Revision builds on Others, rather than Others on Revision
}

func (e *OpenRangeError) Error() string {
	in, outside := named(e.Revision, e.File), strings.Join(e.Others, ", ")
	switch {
	case e.Enters:
		return fmt.Sprintf("The range cannot be squashed: %s in it builds on %s outside of it", in, outside)
	case len(e.Others) == 1:
		return fmt.Sprintf("The range cannot be squashed: %s outside of it builds on %s in it", outside, in)
	}
	return fmt.Sprintf("The range cannot be squashed: %s outside of it build on %s in it", outside, in)
}

// Hint says what to do about it.
func (e *OpenRangeError) Hint() string {
	if e.Enters {
		return "start the range where both lines start, such as base, or after they merge"
	}
	return fmt.Sprintf("end the range at %s, or where the lines merge again", e.Revision)
}

// NothingToSquashError is a range of fewer than two revisions.
type NothingToSquashError struct{ Revision string }

func (e *NothingToSquashError) Error() string {
	if e.Revision == "" {
		return "Nothing to squash: there is no revision in the range"
	}
	return fmt.Sprintf("Nothing to squash: %s is the only revision in the range", e.Revision)
}

// Hint says what a squash takes.
func (e *NothingToSquashError) Hint() string {
	return "a squash takes two or more revisions, both ends included, as in {db} squash 8f0c:3c9a"
}

// SquashEndError is a range that ends at a revision that itself replaces others. A database with the last of those
// could have the whole range or only a part of it.
type SquashEndError struct{ Revision, File string }

func (e *SquashEndError) Error() string {
	return fmt.Sprintf("A squash cannot end at %s, which replaces others itself", named(e.Revision, e.File))
}

// Hint says what to do about it.
func (e *SquashEndError) Hint() string {
	return "end it at a later revision; or restore the revisions it replaces, and squash all of them at once"
}
