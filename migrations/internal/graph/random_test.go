package graph

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// randomGraph returns a graph of the given number of revisions, some of them merges, with labels and dependencies, in
// random order.
func randomGraph(rng *rand.Rand, revisions, merges int) []Node {
	var out []Node
	mergeAt := map[int]bool{}
	for _, i := range rng.Perm(revisions - 4)[:merges] {
		mergeAt[i+4] = true
	}
	for i := range revisions {
		n := Node{ID: fmt.Sprintf("%04x%04d", rng.IntN(1<<16), i), File: fmt.Sprintf("%04d.go", i)}
		switch {
		case i == 0 || rng.IntN(40) == 0 && !mergeAt[i]:
		case mergeAt[i]:
			a, b := rng.IntN(i), rng.IntN(i-1)
			if b >= a {
				b++
			}
			n.Down = []string{out[a].ID, out[b].ID}
		default:
			n.Down = []string{out[i-1-rng.IntN(min(i, 4))].ID}
		}
		if i > 0 && rng.IntN(10) == 0 {
			n.DependsOn = []string{out[rng.IntN(i)].ID}
		}
		if rng.IntN(15) == 0 {
			n.Labels = []string{fmt.Sprintf("branch-%d", i)}
		}
		out = append(out, n)
	}
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func TestRandomGraphs(t *testing.T) {
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 1))
		list := randomGraph(rng, 200, 40)
		g, err := New(list)
		if err == nil {
			err = errors.Join(checkRoundTrip(g), checkStates(g, rng), checkRepeat(list))
		}
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

// checkRoundTrip checks an upgrade to the heads and a downgrade to the base.
func checkRoundTrip(g *Graph) error {
	up, err := g.Upgrade(nil, "heads")
	if err != nil {
		return err
	}
	if len(up.Steps) != g.Len() {
		return fmt.Errorf("%d steps up, want %d", len(up.Steps), g.Len())
	}
	down, err := g.Downgrade(up.Applied, "base")
	return errors.Join(err,
		checkUpwards(g, nil, up),
		checkSet("heads", up.Heads, g.RealHeads()),
		checkDownwards(g, up.Applied, down),
		checkSet("applied after going down", down.Applied, nil),
		checkSet("heads after going down", down.Heads, nil))
}

// checkStates checks that random states can be upgraded to the heads, downgraded to one of their revisions, and stamped
// with any revision.
func checkStates(g *Graph, rng *rand.Rand) error {
	var faults []error
	for range 30 {
		var picked []string
		for range 1 + rng.IntN(4) {
			picked = append(picked, g.revs[rng.IntN(g.Len())].ID)
		}
		applied := closure(g, picked)
		faults = append(faults,
			checkUpFrom(g, applied),
			checkDownFrom(g, applied, applied[rng.IntN(len(applied))]),
			checkStampFrom(g, applied, g.revs[rng.IntN(g.Len())].ID))
	}
	return errors.Join(faults...)
}

func checkUpFrom(g *Graph, applied []string) error {
	plan, err := g.Upgrade(applied, "heads")
	return errors.Join(err,
		checkUpwards(g, applied, plan),
		checkSet("heads", plan.Heads, g.RealHeads()),
		checkSet("applied and run", append(revisions(plan), applied...), g.Ancestors(g.RealHeads()...)))
}

// checkDownFrom checks a downgrade. It may be refused only if no applied revision revises the target.
func checkDownFrom(g *Graph, applied []string, target string) error {
	plan, err := g.Downgrade(applied, target)
	r, _ := g.Revision(target)
	if _, ok := errors.AsType[*DestinationError](err); ok {
		for _, next := range r.Next {
			if slices.Contains(applied, next) {
				return fmt.Errorf("%w, but %s is applied", err, next)
			}
		}
		return nil
	}
	if err != nil {
		return err
	}
	for _, next := range r.Next {
		if slices.Contains(plan.Applied, next) {
			err = fmt.Errorf("%s is still applied after the downgrade to %s", next, target)
		}
	}
	if !slices.Contains(plan.Applied, target) {
		err = fmt.Errorf("%s is gone after the downgrade to it", target)
	}
	return errors.Join(err,
		checkDownwards(g, applied, plan),
		checkSet("applied", plan.Applied, closure(g, plan.Heads)))
}

func checkStampFrom(g *Graph, applied []string, target string) error {
	plan, err := g.Stamp(applied, target)
	if err == nil && !slices.Contains(plan.Heads, target) {
		err = fmt.Errorf("%s is no head after its stamp: %v", target, plan.Heads)
	}
	return errors.Join(err, checkSet("applied", plan.Applied, closure(g, plan.Heads)))
}

// checkRepeat builds the graph again, and checks that the results and their order are the same.
func checkRepeat(list []Node) error {
	var first []any
	for range 3 {
		g, err := New(list)
		if err != nil {
			return err
		}
		up, _ := g.Upgrade(nil, "heads")
		down, _ := g.Downgrade(up.Applied, "base")
		history, _ := g.History(Range{}, nil)
		answers := []any{up, down, history, g.Revisions(), g.BranchPoints()}
		if first == nil {
			first = answers
		}
		if !reflect.DeepEqual(first, answers) {
			return errors.New("the same graph gave different results")
		}
	}
	return nil
}

// FuzzTargets checks that no identifier makes a graph panic.
func FuzzTargets(f *testing.F) {
	for _, target := range []string{"head", "plug@+1", "a1-1", "@", "+", "plug@head-9", "a:b", "--", "+0"} {
		f.Add(target)
	}
	f.Fuzz(func(t *testing.T, target string) {
		g := picture(t)
		applied := closure(g, []string{"b1", "p1"})
		_, _ = g.Resolve(target, applied)
		_, _ = g.Upgrade(applied, target)
		_, _ = g.Downgrade(applied, target)
		_, _ = g.Stamp(applied, target)
		_, _ = g.History(Range{Lower: target, Upper: target}, applied)
		_, _ = g.Propose(Proposal{ID: "n", Heads: []string{target}, DependsOn: []string{target}})
		_, _ = New([]Node{{ID: target, Labels: []string{target}}})
	})
}
