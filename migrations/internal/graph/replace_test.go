package graph

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/internal/hint"
)

// replacing is like node, for a revision that replaces ids.
func replacing(text, ids string) Node {
	n := node(text)
	n.Replaces = strings.Fields(ids)
	return n
}

func mustBuild(t *testing.T, nodes ...Node) *Graph {
	t.Helper()
	g, err := New(nodes)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestReplacedIDsAreAliases checks that revisions can build on, and depend on, revisions that a squash has replaced.
func TestReplacedIDsAreAliases(t *testing.T) {
	t.Parallel()
	g := mustBuild(t, node("base0:"), replacing("s: base0 [lib]", "a b c"), node("d: c"), node("e: b"), node("m: c d e"),
		node("p: > b"), node("q: p > lib a c"))
	for id, want := range map[string]Node{
		"d": {Down: []string{"s"}}, "e": {Down: []string{"s"}}, "m": {Down: []string{"s", "d", "e"}},
		"p": {DependsOn: []string{"s"}}, "q": {Down: []string{"p"}, DependsOn: []string{"lib", "s"}},
	} {
		got, _ := g.Revision(id)
		if !reflect.DeepEqual([][]string{got.Down, got.DependsOn}, [][]string{want.Down, want.DependsOn}) {
			t.Errorf("%s: got %q as parents and %q as dependencies", id, got.Down, got.DependsOn)
		}
	}
	with, err := g.With(node("n: c a"))
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := with.Revision("n"); !slices.Equal(n.Down, []string{"s"}) {
		t.Errorf("a merge of two ids that s replaces: got parents %q, want only s", n.Down)
	}
}

func TestReplacedIDsInADatabase(t *testing.T) {
	t.Parallel()
	g := mustBuild(t, node("r:"), replacing("s: r", "a b c"), node("d: c"))
	for applied, want := range map[string]string{ // the current heads, or the error
		"r":         "r",
		"a b c r":   "s",
		"a b c r s": "s",
		"r s":       "s",
		"a r s":     "s", // a row that does no harm
		"c r":       "s", // an id implies those below it
		"a b c d r": "d",
		"d":         "d",
		"a r":       "the database has only some of the revisions that s (s.go) replaces: a of a, b, c",
		"a b d r":   "the database has only some of the revisions that s (s.go) replaces: a, b of a, b, c",
		"a z":       "Can't locate revision identified by 'z'",
	} {
		heads, err := g.CurrentHeads(strings.Fields(applied))
		got := strings.Join(heads, " ")
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", applied, got, want)
		}
	}
	_, err := g.Upgrade([]string{"a", "r"}, "head")
	want := "upgrade it to c with the old program, which still has that revision; if it has every change of s already," +
		" {db} stamp s"
	if got := hint.Of(err); got != want {
		t.Errorf("got hint %s, want %s", got, want)
	}
	plan, err := g.Stamp([]string{"a", "r"}, "s")
	if want := []string{"r", "s"}; err != nil || !slices.Equal(plan.Applied, want) {
		t.Errorf("got applied ids %q, %v; want %q, no error", plan.Applied, err, want)
	}
}

// TestMiddleErrorShortensLists has a long list of replaced ids, and one that is just short enough to show whole.
func TestMiddleErrorShortensLists(t *testing.T) {
	t.Parallel()
	for replaced, want := range map[string]string{
		"a b c d e f g h i j":   "a of a, b, c, d, e, f, g, h, i, j",
		"a b c d e f g h i j k": "a of a, b, c, ..., k (11)",
	} {
		_, err := mustBuild(t, replacing("s:", replaced)).CurrentHeads([]string{"a"})
		want = "the database has only some of the revisions that s (s.go) replaces: " + want
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", replaced, err, want)
		}
	}
}

func TestReplacedIDsAsTargets(t *testing.T) {
	t.Parallel()
	g := mustBuild(t, node("r0000:"), replacing("s0000: r0000", "a0000 ab000 c0000"), node("d0000: c0000"))
	for target, want := range map[string]string{
		"c0000": "s0000", "c000": "s0000", "c0000+1": "d0000", "c0000@head": "d0000", "d0000@c0000": "s0000",
		"d0000@a0000": "a0000 was replaced by s0000 (s0000.go); {db} history lists them",
		"a0000":       "a0000 was replaced by s0000 (s0000.go); {db} history lists them",
		"ab00":        "ab000 was replaced by s0000 (s0000.go); {db} history lists them",
		"a0001":       "{db} history lists them",
	} {
		ids, err := g.Resolve(target, nil)
		got := strings.Join(ids, " ")
		if err != nil {
			got = hint.Of(err)
		}
		if strings.TrimPrefix(got, "did you mean d0000? ") != want {
			t.Errorf("%s: got %s, want %s", target, got, want)
		}
	}
}

// TestWithReplaced lists what a table of applied ids may contain. It takes unknown ids as they are.
func TestWithReplaced(t *testing.T) {
	t.Parallel()
	g := mustBuild(t, replacing("s:", "a b"), node("c: b"))
	if got, want := g.WithReplaced([]string{"c", "s", "z"}), []string{"c", "s", "z", "a", "b"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestKnownKeepsReplacedIDs checks that a table with both a squash and what it replaces is returned as it is.
func TestKnownKeepsReplacedIDs(t *testing.T) {
	t.Parallel()
	applied := []string{"a", "b", "s"}
	if got, err := mustBuild(t, replacing("s:", "a b")).Known(applied); err != nil || !slices.Equal(got, applied) {
		t.Errorf("got %q, %v; want %q, no error", got, err, applied)
	}
}

func TestReplacedIDsAreTaken(t *testing.T) {
	t.Parallel()
	g := mustBuild(t, replacing("s:", "a b"), node("c: b"))
	for _, id := range []string{"a", "b", "s", "c"} {
		var taken *DuplicateRevisionError
		if _, err := g.Propose(Proposal{ID: id}); !errors.As(err, &taken) {
			t.Errorf("%s: got %v from Propose, want a DuplicateRevisionError", id, err)
		}
		if _, err := g.Squash(id, Range{}); !errors.As(err, &taken) {
			t.Errorf("%s: got %v from Squash, want a DuplicateRevisionError", id, err)
		}
	}
}

func TestSquash(t *testing.T) {
	t.Parallel()
	all := nodes("p:[plug]", "a:", "b: a [one]", "c: b > plug", "x: b", "m: c x", "d: m > b", "q: p > d")
	for span, want := range map[string]Squash{
		":d": {Node{Replaces: []string{"a", "b", "x", "c", "m", "d"}, Labels: []string{"one"},
			DependsOn: []string{"plug"}}, nil},
		"m:d": {Node{Replaces: []string{"m", "d"}, Down: []string{"c", "x"}, DependsOn: []string{"b"}}, nil},
		"a:b": {Node{Replaces: []string{"a", "b"}, Labels: []string{"one"}}, nil},
	} {
		r, err := ParseRange(span)
		if err != nil {
			t.Fatal(err)
		}
		got, err := mustBuild(t, all...).Squash("s", r)
		want.Node.ID, want.Replaced = "s", want.Node.Replaces
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v\nwant %+v", span, got, err, want)
		}
	}
}

func TestSquashOfASquashKeepsWhatThatReplaces(t *testing.T) {
	t.Parallel()
	g := mustBuild(t, replacing("s:", "a b"), node("c: b"), node("d: c"))
	got, err := g.Squash("t", Range{Upper: "c"})
	if want := []string{"a", "b", "s", "c"}; err != nil || !slices.Equal(got.Node.Replaces, want) {
		t.Fatalf("got %+v, %v; want it to replace %q, no error", got, err, want)
	}
	squashed := mustBuild(t, got.Node, node("d: c"))
	for _, applied := range [][]string{{"a", "b", "c"}, {"s", "c"}, {"a", "b", "s", "c"}, {"t"}} {
		if heads, err := squashed.CurrentHeads(applied); err != nil || !slices.Equal(heads, []string{"t"}) {
			t.Errorf("%q: got heads %q, %v; want t, no error", applied, heads, err)
		}
	}
	var middle *MiddleError
	for _, applied := range [][]string{{"a"}, {"a", "b"}, {"s"}} {
		if _, err := squashed.CurrentHeads(applied); !errors.As(err, &middle) {
			t.Errorf("%q: got %v, want a MiddleError", applied, err)
		}
	}
}

func TestSquashRefusals(t *testing.T) {
	t.Parallel()
	g := mustBuild(t, node("a:"), node("b: a"), node("x: b"), node("c: b"), node("m: c x"), node("y:"), node("n: m y"),
		node("o: n"), node("z: n"), replacing("s: o", "h i"))
	for span, want := range map[string][2]string{
		"a:c": {"The range cannot be squashed: x (x.go) outside of it builds on b (b.go) in it",
			"end the range at b, or where the lines merge again"},
		"b:n": {"The range cannot be squashed: n (n.go) in it builds on y (y.go) outside of it",
			"start the range where both lines start, such as base, or after they merge"},
		":o": {"The range cannot be squashed: z (z.go) outside of it builds on n (n.go) in it",
			"end the range at n, or where the lines merge again"},
		"b:b":    {"Nothing to squash: b is the only revision in the range", "both ends included"},
		":a":     {"Nothing to squash: a is the only revision in the range", "both ends included"},
		":":      {"Multiple head revisions are present for given argument 'head'", "the heads are z, s"},
		"c:x":    {"Requested range c:x does not refer to ancestor/descendant revisions along the same branch", ""},
		"b:a":    {"Requested range b:a does not refer to ancestor/descendant revisions along the same branch", ""},
		":heads": {"Multiple head revisions are present for given argument 'heads'", "the heads are z, s"},
		":s":     {"A squash cannot end at s (s.go), which replaces others itself", "end it at a later revision"},
		"zz:a":   {"Can't locate revision identified by 'zz'", ""},
		"a:zz":   {"Can't locate revision identified by 'zz'", ""},
		"a:+1":   {"Can't locate revision identified by '+1'", "no revision to count from here"},
		":base": {"Nothing to squash: there is no revision in the range",
			"a squash takes two or more revisions"},
	} {
		r, _ := ParseRange(span)
		_, err := g.Squash("t", r)
		if err == nil || !strings.HasPrefix(err.Error(), want[0]) || !strings.Contains(hint.Of(err), want[1]) {
			t.Errorf("%s: got %v, hint %s\nwant %s, hint %s", span, err, hint.Of(err), want[0], want[1])
		}
	}
}

// TestSquashKnowsDependants checks that a range cannot be squashed if a revision of another line depends on one in the
// middle of it.
func TestSquashKnowsDependants(t *testing.T) {
	t.Parallel()
	want := "The range cannot be squashed: p (p.go) outside of it builds on b (b.go) in it"
	if _, err := build(t, "a:", "b: a", "c: b", "p: > b").Squash("s", Range{Upper: "c"}); err == nil ||
		err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := build(t, "a:", "b: a", "c: b", "p: > c").Squash("s", Range{Upper: "c"}); err != nil {
		t.Error(err)
	}
}
