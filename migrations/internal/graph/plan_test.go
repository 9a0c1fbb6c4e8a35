package graph

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/internal/hint"
)

func TestPlans(t *testing.T) {
	g := picture(t)
	tests := []struct {
		command, applied, targets string
		want                      string // the steps, or the error
		hint                      string
	}{
		{"upgrade", "", "head", "Multiple head revisions are present for given argument 'head'; " +
			"please specify a specific target revision, '<branchname>@head' to narrow to a " +
			"specific head, or 'heads' for all heads", "the heads are d, p2"},
		{"upgrade", "", "d", "a1 a2 p1 p2 b2 b1 c1 m d", ""},
		{"upgrade", "d", "a2", "", ""},
		{"upgrade", "a2", "b1 b2", "b2 b1", ""},
		{"stamp", "a2", "b1 m", "Requested revision m overlaps with other requested revisions b1", "only the one to end at"},
		{"stamp", "", "m b1", "Requested revision m overlaps with other requested revisions b1", "m builds on b1"},
		{"upgrade", "a2", "b1 m", "Requested revision m overlaps with other requested revisions b1", ""},
		{"upgrade", "a2", "+1", "Ambiguous walk", "a step from a2 leads to b1 or b2"},
		{"upgrade", "", "+1", "Ambiguous walk", "a step from <base> leads to a1 or p1"},
		{"upgrade", "a2", "+0", "Relative revision +0 didn't produce 0 migrations", ""},
		{"upgrade", "", "a1:head", "Range revision not allowed", ""},
		{"upgrade", "b1 b2", "+1", "Ambiguous upgrade from multiple current revisions", "branch"},
		{"downgrade", "m", "-1", "Ambiguous walk", "name one of them"},
		{"downgrade", "m", "b1", "m c1", ""},
		{"downgrade", "d", "p2", "Destination p2 is not a valid downgrade target from current head(s)", ""},
		{"downgrade", "d", "plug@-1", "d p2", ""},
		{"downgrade", "d", "nope@base", "Can't locate revision identified by 'nope'", ""},
		{"downgrade", "d", "a1:a2", "Range revision not allowed", ""},
		{"downgrade", "d", "plug@a1", "d m c1 b1 b2 a2", ""}, // a1 need not be on the branch
		{"downgrade", "d", "nope@b1", "Can't locate revision identified by 'nope'", ""},
		{"downgrade", "b1 b2", "a1@-1", "Ambiguous walk", "name the head to start from: b1@-1 or b2@-1"},
		{"downgrade", "d", "zz", "Can't locate revision identified by 'zz'", ""},
		{"downgrade", "d", "nope@-1", "Can't locate revision identified by 'nope'", ""},
		{"downgrade", "d", "plug@head", "Destination plug@head is not a valid downgrade target from current head(s)", ""},
		{"downgrade", "d", "plug@heads", "Destination plug@heads is not a valid downgrade target from current head(s)", ""},
		{"downgrade", "d", "+1", "Relative revision +1 didn't produce 1 migrations", ""},
		{"downgrade", "d", "+0", "Relative revision +0 didn't produce 0 migrations", ""},
		{"downgrade", "a2", "a2-3", "Walked too far", ""},
		{"downgrade", "b1 b2", "b1@base", "b1 b2 a2 a1", ""},
		{"downgrade", "b1 b2", "b1@a2", "b1", ""},
		{"downgrade", "b1 b2", "a1@a2", "Not a valid downgrade target from current heads", ""},
		{"stamp", "", "head", "Multiple heads are present; please specify a single target revision", ""},
	}
	for _, test := range tests {
		t.Run(test.command+" "+test.targets+" from "+test.applied, func(t *testing.T) {
			got, hint := planText(g, test.command, closure(g, strings.Fields(test.applied)), test.targets)
			if got != test.want || !strings.Contains(hint, test.hint) {
				t.Errorf("got %q, hint %q, want %q, hint %q", got, hint, test.want, test.hint)
			}
		})
	}
}

func planText(g *Graph, command string, applied []string, targets string) (text, hint string) {
	var plan Plan
	var err error
	switch command {
	case "upgrade":
		plan, err = g.Upgrade(applied, strings.Fields(targets)...)
	case "downgrade":
		plan, err = g.Downgrade(applied, targets)
	case "stamp":
		plan, err = g.Stamp(applied, strings.Fields(targets)...)
	}
	if hinter, ok := errors.AsType[interface {
		error
		Hint() string
	}](err); ok {
		hint = hinter.Hint()
	}
	if err != nil {
		return err.Error(), hint
	}
	return strings.Join(revisions(plan), " "), hint
}

func TestStamp(t *testing.T) {
	g := picture(t)
	tests := []struct{ heads, targets, steps, after string }{
		{"", "heads", " -> d", "d"},
		{"b1 b2", "a2", "b1, b2 -> a2", "a2"},
		{"b1 b2", "c1", "b1 -> c1", "b2 c1"},
		{"a2", "b1 b2", "a2 -> b1; a2 -> b2", "b1 b2"},
		{"b1 p1", "plug@base", "p1 -> ", "b1"},
		{"d", "plug@base", "d -> ", ""},
		{"b1 p1", "base", "b1 -> ; p1 -> ", ""},
		{"b1", "b1", "", "b1"},
		{"d", "p2", "d -> p2", "p2"},
	}
	for _, test := range tests {
		plan, err := g.Stamp(closure(g, strings.Fields(test.heads)), strings.Fields(test.targets)...)
		if err != nil {
			t.Errorf("%v: %v", test, err)
			continue
		}
		var steps []string
		for _, step := range plan.Steps {
			steps = append(steps, moveText(step.From, step.To))
		}
		if got := strings.Join(steps, "; "); got != test.steps {
			t.Errorf("%v: got the steps %q, want %q", test, got, test.steps)
		}
		if got := strings.Join(plan.Heads, " "); got != test.after {
			t.Errorf("%v: got the heads %q, want %q", test, got, test.after)
		}
	}
}

func TestHistory(t *testing.T) {
	g := picture(t)
	tests := []struct{ shown, current, want string }{
		{":", "", "d m c1 b1 b2 p2 p1 a2 a1"},
		{"a2:", "", "d m c1 b1 b2 a2"},
		{":b1", "", "b1 a2 a1"},
		{"-1:", "", "d m"},
		{"-2:", "", "Ambiguous walk"},
		{"-1:c1", "", "c1 b1"},
		{"-9:c1", "", "c1 b1 a2 a1"},
		{"a1:+1", "", "a2 a1"},
		{"plug@base:heads", "", ""}, // the real head is on another branch
		{"plug@base:plug@heads", "", "p2 p1"},
		{"current:", "m", "d m"},
		{":current", "b1", "b1 a2 a1"},
		{":current", "", ""},
		{"-1:current", "b1", "b1 a2"},
		{":zz", "", "Can't locate revision identified by 'zz'"},
		{"zz:", "", "Can't locate revision identified by 'zz'"},
		{"zz:+1", "", "Can't locate revision identified by 'zz'"},
		{":a1+1", "", "a2 a1"},
		{":b1+9", "", "d m c1 b1 b2 p2 p1 a2 a1"}, // steps past the end stop there
		{":zz-1", "", "Can't locate revision identified by 'zz'"},
		{"a2:+1", "", "Ambiguous walk"},
		{":-1", "", "Relative revision -1 didn't produce 1 migrations"},
		{"b1:b2", "", "Requested range b1:b2 does not refer to ancestor/descendant revisions " +
			"along the same branch"},
		{"zz", "", "History range requires [start]:[end], [start]:, or :[end]"},
		{"a:b:c", "", "History range requires [start]:[end], [start]:, or :[end]"},
	}
	for _, test := range tests {
		got := historyText(g, test.shown, closure(g, strings.Fields(test.current)))
		if got != test.want {
			t.Errorf("%q at %q: got %q, want %q", test.shown, test.current, got, test.want)
		}
	}
}

// TestHistoryNamesTheLowestOverlap has a range whose lower ends are on one line, loaded lowest first. Their heads are
// loaded in the opposite order.
func TestHistoryNamesTheLowestOverlap(t *testing.T) {
	t.Parallel()
	g := build(t, "x:", "y: x", "z: y", "top_z: z", "top_y: y", "top_x: x")
	want := "Requested revision y overlaps with other requested revisions x"
	if got := historyText(g, "-1:heads", nil); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func historyText(g *Graph, text string, applied []string) string {
	shown, err := ParseRange(text)
	if err != nil {
		return err.Error()
	}
	ids, err := g.History(shown, applied)
	if err != nil {
		return err.Error()
	}
	return strings.Join(ids, " ")
}

func TestPropose(t *testing.T) {
	g := picture(t)
	tests := []struct {
		name     string
		proposal Proposal
		want     string // down, or the error
	}{
		{"several heads", Proposal{ID: "n"}, "Multiple heads are present; please specify the head " +
			"revision on which the new revision should be based, or perform a merge."},
		{"on a branch", Proposal{ID: "n", Heads: []string{"plug@head"}}, "p2"},
		{"on a head", Proposal{ID: "n", Heads: []string{"p2"}}, "p2"},
		{"on the base", Proposal{ID: "n", Heads: []string{"base"}}, ""},
		{"not a head", Proposal{ID: "n", Heads: []string{"a1"}}, "Revision a1 is not a head revision; " +
			"please specify --splice to create a new branch from this revision"},
		{"spliced", Proposal{ID: "n", Heads: []string{"a1"}, Splice: true}, "a1"},
		{"twice the same", Proposal{ID: "n", Heads: []string{"d", "d"}}, "Duplicate head revisions specified"},
		{"bad id", Proposal{ID: "a:b"}, "Character(s) ':' not allowed in revision identifier 'a:b'"},
		{"id taken", Proposal{ID: "d", Heads: []string{"p2"}}, "Revision d is present more than once: in d.go"},
		{"id of the parent", Proposal{ID: "d", Heads: []string{"d"}}, "Revision d is present more than once: in d.go"},
		{"label taken", Proposal{ID: "n", Heads: []string{"p2"}, Labels: []string{"plug"}},
			"Branch name 'plug' in revision n already used by revision p1 (p1.go)"},
		{"unknown dependency", Proposal{ID: "n", Heads: []string{"p2"}, DependsOn: []string{"zz"}},
			"Can't locate revision identified by 'zz'"},
	}
	for _, test := range tests {
		node, err := g.Propose(test.proposal)
		got := strings.Join(node.Down, " ")
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestProposedDependencyKeepsLabel(t *testing.T) {
	g := build(t, "8f0c3f6d1a2b:[lib]", "3c9a51d2b0f4:")
	node, err := g.Propose(Proposal{
		ID: "n", Heads: []string{"3c9a"}, DependsOn: []string{"lib", "8f0c"},
	})
	if want := []string{"lib", "8f0c3f6d1a2b"}; err != nil || !slices.Equal(node.DependsOn, want) {
		t.Errorf("got %+v, %v; want it to depend on %q, no error", node, err, want)
	}
}

func TestProposedDependencyIsOneRevision(t *testing.T) {
	t.Parallel()
	g := build(t, "a:", "b: a", "c: a")
	for name, want := range map[string][2]string{ // the beginning of the error, and part of the hint
		"heads": {"Multiple head revisions are present for given argument 'heads'", "the heads are b, c"},
		"head":  {"Multiple head revisions are present for given argument 'head'", "the heads are b, c"},
		"base":  {"Can't locate revision identified by 'base'", "a revision cannot depend on the base"},
	} {
		node, err := g.Propose(Proposal{ID: "n", Heads: []string{"b"}, DependsOn: []string{name}})
		if err == nil || !strings.HasPrefix(err.Error(), want[0]) || !strings.Contains(hint.Of(err), want[1]) {
			t.Errorf("%s: got %+v, %v, hint %q; want %s, hint %s", name, node, err, hint.Of(err), want[0], want[1])
		}
	}
}

// TestStepsOnBranchCountFromItsHead goes up and down on a branch that has two applied lines. The end of one of them is
// not a current head, since a revision of another branch depends on it.
func TestStepsOnBranchCountFromItsHead(t *testing.T) {
	t.Parallel()
	g := build(t, "r:[lib]", "t1: r", "t2: r", "z: > t2", "u1: t1")
	for _, test := range []struct{ command, applied, target string }{
		{"upgrade", "t1 z", "lib@+1"}, {"downgrade", "u1 z", "lib@-1"},
	} {
		got, _ := planText(g, test.command, closure(g, strings.Fields(test.applied)), test.target)
		if want := "u1"; got != want {
			t.Errorf("%s %s from %s: got %q, want %q", test.command, test.target, test.applied, got, want)
		}
	}
}

func TestMerge(t *testing.T) {
	g := build(t, "a:", "b: a", "c: a")
	node, err := g.Merge(Proposal{ID: "m", Heads: []string{"heads"}})
	if want := []string{"b", "c"}; err != nil || !slices.Equal(node.Down, want) {
		t.Errorf("got %+v, %v; want it to revise %q, no error", node, err, want)
	}
	_, err = g.Merge(Proposal{ID: "m", Heads: []string{"b"}})
	var nothing *NothingToMergeError
	const want = "Nothing to merge: b is the only head given"
	if !errors.As(err, &nothing) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = g.Merge(Proposal{ID: "m", Heads: []string{"b", "zz"}})
	if want := "Can't locate revision identified by 'zz'"; err == nil || err.Error() != want {
		t.Errorf("with an unknown head: got %v, want %s", err, want)
	}
	_, err = g.Merge(Proposal{ID: "m"})
	if want := "Nothing to merge: no heads given"; !errors.As(err, &nothing) || err.Error() != want {
		t.Errorf("without heads: got %v, want %s", err, want)
	}
}

func TestAt(t *testing.T) {
	g := picture(t)
	ids, err := g.At("b1")
	if got, want := strings.Join(ids, " "), "a1 a2 b1"; err != nil || got != want {
		t.Errorf("at b1: got %q, %v; want %q, no error", got, err, want)
	}
	if ids, err = g.At("base"); err != nil || len(ids) != 0 {
		t.Errorf("at base: got %q, %v; want nothing, no error", ids, err)
	}
	ids, err = g.At("zz")
	if want := "Can't locate revision identified by 'zz'"; err == nil || err.Error() != want {
		t.Errorf("at zz: got %q, %v; want %s", ids, err, want)
	}
}

func TestDowngradeFromSeveralHeadsAsksWhich(t *testing.T) {
	g := picture(t)
	applied := closure(g, []string{"b2", "b1"})
	_, err := g.Downgrade(applied, "-1")
	several, ok := errors.AsType[*ManyStartsError](err)
	if !ok {
		t.Fatalf("got %v, want %T", err, several)
	}
	if want := []string{"b2@-1", "b1@-1"}; !slices.Equal(several.Targets(), want) {
		t.Fatalf("got the targets %q, want %q", several.Targets(), want)
	}
	if want := "downgrade -1 from multiple heads is ambiguous"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	if got, want := several.Hint(), "name the head to start from: b2@-1 or b1@-1"; got != want {
		t.Errorf("got the hint %q, want %q", got, want)
	}
	for _, target := range several.Targets() {
		plan, err := g.Downgrade(applied, target)
		if err != nil || len(plan.Steps) != 1 || !strings.HasPrefix(target, plan.Steps[0].Revision) {
			t.Errorf("%s: got %+v, %v; want one step down from it, no error", target, plan, err)
		}
	}
}

// TestStampOnSeparateLines stamps two lines, one of which depends on the other.
func TestStampOnSeparateLines(t *testing.T) {
	g := build(t, "a1:", "a2: a1", "a3: a2", "p1: > a2", "p2: p1")
	for _, targets := range [][]string{{"a2", "p2"}, {"p2", "a2"}} {
		for _, before := range [][]string{nil, {"a1", "a2", "a3"}, {"a1", "a2", "a3", "p1"}, {"a1"}} {
			plan, err := g.Stamp(before, targets...)
			want := []string{"a1", "a2", "p1", "p2"}
			if err != nil || !slices.Equal(plan.Applied, want) {
				t.Errorf("stamp %v on %v: got %+v, %v; want %q applied, no error", targets, before, plan, err, want)
			}
		}
	}
	for _, targets := range [][]string{{"a3", "p2"}, {"p2", "a3"}} {
		plan, err := g.Stamp(nil, targets...)
		if err != nil || len(plan.Applied) != 5 {
			t.Errorf("stamp %v: got %+v, %v; want 5 applied, no error", targets, plan, err)
		}
	}
	if _, err := g.Stamp(nil, "p1", "p2"); err == nil {
		t.Error("got no error for two revisions of one line, want one")
	}
}

func TestEmptyGraph(t *testing.T) {
	g := build(t)
	for _, target := range []string{"head", "heads", "base"} {
		if plan, err := g.Upgrade(nil, target); err != nil || len(plan.Steps) > 0 {
			t.Errorf("upgrade %s: got %v, %v; want no steps, no error", target, plan, err)
		}
	}
	if node, err := g.Propose(Proposal{ID: "first"}); err != nil || len(node.Down) > 0 {
		t.Errorf("the first revision: got %+v, %v; want none below it, no error", node, err)
	}
	if _, err := g.Upgrade([]string{"dead00000000"}, "head"); err == nil {
		t.Error("got no error for an unknown id, want one")
	}
}
