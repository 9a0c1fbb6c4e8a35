package graph

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/internal/hint"
)

// picture returns the graph in the package documentation.
func picture(t testing.TB) *Graph {
	return build(t, "a1:", "a2: a1", "b1: a2", "b2: a2", "c1: b1", "m: c1 b2", "d: m > p2",
		"p1:[plug]", "p2: p1")
}

func TestPicture(t *testing.T) {
	g := picture(t)
	lists := []struct {
		name string
		got  []string
		want string
	}{
		{"heads", g.Heads(), "d p2"},
		{"real heads", g.RealHeads(), "d"},
		{"bases", g.ids(g.bases), "a1 p1"},
		{"real bases", g.ids(g.realBases), "a1 p1"},
		{"branch points", g.BranchPoints(), "a2"},
		{"ancestors", g.Ancestors("d"), "a1 a2 b1 b2 c1 m d p1 p2"},
		{"descendants", g.ids(g.descendants([]int{g.names["p1"]}, withDependencies).members()), "d p1 p2"},
	}
	for _, list := range lists {
		if got := strings.Join(list.got, " "); got != list.want {
			t.Errorf("%s %q, want %q", list.name, got, list.want)
		}
	}
	if r, ok := g.Revision("m"); !ok || !r.IsMergePoint() {
		t.Errorf("m: got %+v, %t; want a merge point", r, ok)
	}
	if r, ok := g.Revision("p2"); !ok || !slices.Equal(r.Branches, []string{"plug"}) {
		t.Errorf("p2: got %+v, %t; want the branch plug", r, ok)
	}
	if _, ok := g.Revision("plug"); ok {
		t.Error("got a revision for a label, want none")
	}
}

func TestResolve(t *testing.T) {
	g := build(t, "8f0c3f6d1a2b:", "3c9a51d2b0f4: 8f0c3f6d1a2b", "3d0000000000: 3c9a51d2b0f4 [release-2]",
		"77aa00000000:[plug]", "77bb00000000: 77aa00000000", "a1: 77bb00000000")
	applied := []string{"3c9a51d2b0f4", "8f0c3f6d1a2b", "77aa00000000"}
	tests := []struct{ target, want string }{
		{"heads", "3d0000000000 a1"},
		{"head", "Multiple head revisions are present for given argument 'head'; please specify " +
			"a specific target revision, '<branchname>@head' to narrow to a specific head, or " +
			"'heads' for all heads"},
		{"base", ""},
		{"plug@base", ""},
		{"current", "3c9a51d2b0f4 77aa00000000"},
		{"8", "8f0c3f6d1a2b"},
		{"3c9a51d2b0f4", "3c9a51d2b0f4"},
		{"3", "Can't locate revision identified by '3'"},
		{"a", "Can't locate revision identified by 'a'"}, // a1 is too short to be given by a prefix
		{"a1", "a1"},
		{"plug", "77aa00000000"},
		{"pl", "77aa00000000"},
		{"plug@head", "a1"},
		{"plug@heads", "a1"},
		{"77bb@head", "a1"},
		{"77@head", "Can't locate revision identified by '77'"},
		{"plug@3c", "Can't locate revision identified by '3c'"}, // which is on another branch
		{"plug@77b", "77bb00000000"},
		{"plug@8f0c3f6d1a2b", "Can't locate revision identified by '8f0c3f6d1a2b'"},
		{"nope@base", "Can't locate revision identified by 'nope'"},
		{"release-2", "3d0000000000"},
		{"release-2@head-1", "3c9a51d2b0f4"},
		{"release-2@-1", "3c9a51d2b0f4"},
		{"8f0c+1", "3c9a51d2b0f4"},
		{"77bb-1", "77aa00000000"},
		{"plug@+1", "77bb00000000"},
		{"plug@-1", "77bb00000000"},
		{"plug@base+3", "a1"},
		{"-1", "3c9a51d2b0f4 77bb00000000"},
		{"-9", "Relative revision -9 didn't produce 9 migrations"},
		{"+1", "Ambiguous upgrade from multiple current revisions"},
		{"base+1", "Ambiguous walk"},
		{"heads-1", "Multiple head revisions are present for given argument 'heads'; please specify " +
			"a specific target revision, '<branchname>@heads' to narrow to a specific head, or " +
			"'heads' for all heads"},
		{"zz+1", "Can't locate revision identified by 'zz'"},
		{"nope@8f0c", "Can't locate revision identified by 'nope'"},
		{"nope@8f0c+1", "Can't locate revision identified by 'nope'"},
		{"nope@-1", "Can't locate revision identified by 'nope'"},
		{"8f0c+9", "Relative revision +9 didn't produce 9 migrations"},
		{"8f0c+99999999999999999999", "Relative revision +99999999999999999999 didn't produce " +
			"99999999999999999999 migrations"},
		{"", "Can't locate revision identified by ''"},
		{"@", "Can't locate revision identified by ''"},
		{"plug@", "Can't locate revision identified by ''"},
		{"a-b", "Can't locate revision identified by 'a-b'"},
		{"--1", "Can't locate revision identified by '--1'"},
	}
	for _, test := range tests {
		ids, err := g.Resolve(test.target, applied)
		got := strings.Join(ids, " ")
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%q: %q, want %q", test.target, got, test.want)
		}
	}
}

func TestUnknownApplied(t *testing.T) {
	g := build(t, "8f0c3f6d1a2b:[lib]", "3c9a51d2b0f4: 8f0c3f6d1a2b")
	applied := []string{"8f0c3f6d1a2c", "lib", "8f0c3f6d1a2b"}
	_, up := g.Upgrade(applied, "head")
	_, down := g.Downgrade(applied, "base")
	_, current := g.Current(applied)
	_, resolved := g.Resolve("current", applied)
	_, missing := g.Missing(applied)
	_, history := g.History(Range{Lower: "current"}, applied)
	known, notKnown := g.Known(applied)
	if want := []string{"8f0c3f6d1a2b"}; !slices.Equal(known, want) {
		t.Errorf("known: got %q, want %q", known, want)
	}
	for _, err := range []error{up, down, current, resolved, missing, history, notKnown, g.CheckHeads(applied)} {
		var unknown *UnknownAppliedError
		if !errors.As(err, &unknown) || unknown.Nearest != "8f0c3f6d1a2b" ||
			!slices.Equal(unknown.Others, []string{"lib"}) {
			t.Fatalf("got %#v, want 8f0c3f6d1a2b as the nearest, and lib among the others", err)
		}
		if want := "Can't locate revision identified by '8f0c3f6d1a2c'"; err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
		if want := "(did you mean '8f0c3f6d1a2b'?), nor lib: restore"; !strings.Contains(unknown.Hint(), want) {
			t.Errorf("the hint lacks %q: %s", want, unknown.Hint())
		}
	}
	shown, err := g.History(Range{}, applied) // does not depend on what is applied
	if want := []string{"3c9a51d2b0f4", "8f0c3f6d1a2b"}; err != nil || !slices.Equal(shown, want) {
		t.Errorf("history: got %q, %v; want %q, no error", shown, err, want)
	}
	plan, err := g.Stamp(applied, "head")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"8f0c3f6d1a2c", "lib"}; !slices.Equal(plan.Unknown, want) {
		t.Errorf("unknown: got %q, want %q", plan.Unknown, want)
	}
	if want := []string{"8f0c3f6d1a2b", "3c9a51d2b0f4"}; !slices.Equal(plan.Applied, want) {
		t.Errorf("applied: got %q, want %q", plan.Applied, want)
	}
}

// TestUnknownAppliedUnlikeOthers checks that no revision is suggested for an id that is unlike all of them.
func TestUnknownAppliedUnlikeOthers(t *testing.T) {
	t.Parallel()
	_, err := build(t, "8f0c3f6d1a2b:").Missing([]string{"dead00000000"})
	want := "the database says it is applied, but no revision file declares it: restore the file, or {db} stamp the " +
		"revision that the database is really at"
	if got := hint.Of(err); got != want {
		t.Errorf("%v: got the hint %q, want %q", err, got, want)
	}
}

func TestUnknownRevisionHint(t *testing.T) {
	t.Parallel()
	g := build(t, "8f0c3f6d1a2b:", "8f0c11111111:")
	for target, want := range map[string]string{
		"8f0c3f6d1a2c": "did you mean 8f0c3f6d1a2b? {db} history lists them",
		"dead00000000": "{db} history lists them",
		"8f0c": "Multiple revisions start with '8f0c': '8f0c3f6d1a2b', '8f0c11111111'; " +
			"{db} history lists them",
	} {
		_, err := g.Resolve(target, nil)
		if got := hint.Of(err); got != want {
			t.Errorf("%s: %v: got the hint %q, want %q", target, err, got, want)
		}
	}
}

// TestNamesTwice checks that a revision that names others or labels twice is as if it named them once.
func TestNamesTwice(t *testing.T) {
	t.Parallel()
	got, _ := build(t, "a:", "x:", "b: a a > x x [lib lib]").Revision("b")
	squash, _ := mustBuild(t, replacing("s:", "o o p")).Revision("s")
	for name, list := range map[string]struct {
		got  []string
		want string
	}{
		"down": {got.Down, "a"}, "depends on": {got.DependsOn, "x"}, "labels": {got.Labels, "lib"},
		"replaces": {squash.Replaces, "o p"},
	} {
		if got := strings.Join(list.got, " "); got != list.want {
			t.Errorf("%s: got %q, want %q", name, got, list.want)
		}
	}
}

// TestLabelsReachDown checks that a label passes down to the line below its revision, unless there is a branch point
// above, where the line would be shared.
func TestLabelsReachDown(t *testing.T) {
	t.Parallel()
	line := []string{"a:", "b: a [lib]", "c: b", "d: c"}
	for name, test := range map[string]struct {
		g    *Graph
		want []string
	}{
		"one line":           {build(t, line...), []string{"lib"}},
		"branch point above": {build(t, append(line, "e: c")...), nil},
	} {
		if a, _ := test.g.Revision("a"); !slices.Equal(a.Branches, test.want) {
			t.Errorf("%s: got the branches %q, want %q", name, a.Branches, test.want)
		}
	}
}

func TestMissing(t *testing.T) {
	g := build(t, "a:", "b: a", "c: b")
	missing, err := g.Missing([]string{"c", "a"})
	if want := []string{"b"}; err != nil || !slices.Equal(missing, want) {
		t.Errorf("missing: got %q, %v; want %q, no error", missing, err, want)
	}
	plan, err := g.Upgrade([]string{"c", "a"}, "heads")
	if err != nil || len(plan.Steps) != 0 {
		t.Errorf("upgrade: got %v, %v; want no steps, no error", plan, err)
	}
}

func TestAlike(t *testing.T) {
	t.Parallel()
	for names, want := range map[[2]string]bool{
		{"8f0c3f6d1a2b", "8f0c3f6d1a2c"}: true,
		{"8f0c3f6d1a2b", "8f0c3f6da2b"}:  true,
		{"plgu", "plug"}:                 false,
		{"plugn", "plugin"}:              true,
		{"dead00000000", "8f0c3f6d1a2b"}: false,
		{"z", "a"}:                       false,
		{"", "a"}:                        false,
		{"a", ""}:                        false,
	} {
		if got := alike(names[0], names[1]); got != want {
			t.Errorf("%q: got %t, want %t", names, got, want)
		}
	}
}
