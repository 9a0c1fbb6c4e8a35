package graph

import (
	"errors"
	"strings"
	"testing"

	"guestlist/migrations/internal/hint"
)

// node parses a shorthand: "c: a b > x [label]" is revision c in file c.go, which revises a and b, depends on x and
// declares a label.
func node(text string) Node {
	id, rest, _ := strings.Cut(text, ":")
	rest, label, _ := strings.Cut(strings.TrimSuffix(rest, "]"), "[")
	down, deps, _ := strings.Cut(rest, ">")
	return Node{
		ID: id, Down: strings.Fields(down), DependsOn: strings.Fields(deps),
		Labels: strings.Fields(label), File: id + ".go",
	}
}

func nodes(texts ...string) []Node {
	var out []Node
	for _, text := range texts {
		out = append(out, node(text))
	}
	return out
}

func build(t testing.TB, texts ...string) *Graph {
	t.Helper()
	g, err := New(nodes(texts...))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestBrokenGraphs(t *testing.T) {
	tests := []struct {
		name  string
		nodes []Node
		want  string // the line
		hint  string // part of the hint
	}{
		{"missing parent", nodes("a:", "b: x"),
			"Revision x referenced from b (b.go) is not present", "down revision"},
		{"missing parent, misspelt", nodes("8f0c3f6d1a2b:", "b: 8f0c3f6d1a2c"),
			"Revision 8f0c3f6d1a2c referenced from b (b.go) is not present",
			"did you mean '8f0c3f6d1a2b'?"},
		{"missing dependency", nodes("a:", "b: a > lib"),
			"Revision lib referenced from b (b.go) is not present", "dependency"},
		{"a label is no parent", nodes("a:[lib]", "b: lib"),
			"Revision lib referenced from b (b.go) is not present", ""},
		{"self-loop", nodes("a:", "b: a b"),
			"Self-loop is detected in revisions (b)", "b (b.go) -> b"},
		{"dependency self-loop", nodes("a:", "b: a > b"),
			"Dependency self-loop is detected in revisions (b)", "b (b.go) -> b"},
		{"dependency on the own label", nodes("a:", "b: a > lib [lib]"),
			"Dependency cycle is detected in revisions (a, b)", "cycle is b (b.go) -> b;"},
		{"cycle without base", nodes("a: c", "b: a", "c: b", "d: c"),
			"Cycle is detected in revisions (a, b, c, d)", "a (a.go) -> c (c.go) -> b (b.go) -> a"},
		{"cycle without base, not in load order", nodes("d: c", "a: c", "b: a", "c: b"),
			"Cycle is detected in revisions (d, a, b, c)", "the cycle is c (c.go) -> b (b.go) -> a (a.go) -> c;"},
		{"cycle beside a line", nodes("x:", "y: x", "a: b", "b: a"),
			"Cycle is detected in revisions (a, b)", "a (a.go) -> b (b.go) -> a"},
		{"cycle between base and head", nodes("x:", "a: x c", "b: a", "c: b", "d: c"),
			"Cycle is detected in revisions (a, b, c)", "a (a.go) -> c (c.go) -> b (b.go) -> a"},
		{"cycle above a dependency", nodes("x:", "a: b", "b: a > x", "d: a"),
			"Cycle is detected in revisions (a, b, d)", "a (a.go) -> b (b.go) -> a"},
		{"cycle above a revision that others depend on", nodes("x:", "a: x b", "b: a", "y: > x"),
			"Cycle is detected in revisions (a, b, x)", "a (a.go) -> b (b.go) -> a"},
		{"cycle not in load order", nodes("x:", "b: a", "a: b"),
			"Cycle is detected in revisions (a, b)", "b (b.go) -> a (a.go) -> b"},
		{"dependency cycle", nodes("a: > c", "b: a", "c: b", "d:", "e: d"),
			"Dependency cycle is detected in revisions (a, b, c)", "a (a.go) -> c (c.go)"},
		{"duplicate id", []Node{{ID: "a", File: "x.go"}, {ID: "a", File: "y.go"}},
			"Revision a is present more than once: in x.go and in y.go", ""},
		{"duplicate label", nodes("a:[lib]", "b: a [lib]"),
			"Branch name 'lib' in revision b (b.go) already used by revision a (a.go)", ""},
		{"label that is an id", nodes("a:", "b: a [a]"),
			"Branch name 'a' in revision b (b.go) already used by revision a (a.go)", ""},
		{"characters in id", []Node{{ID: "a:b-c", File: "x.go"}},
			"Character(s) '-, :' not allowed in revision identifier 'a:b-c' in x.go", ""},
		{"empty id", []Node{{File: "x.go"}},
			"Revision identifier '' is empty or a reserved word in x.go", ""},
		{"reserved id", []Node{{ID: "head", File: "x.go"}},
			"Revision identifier 'head' is empty or a reserved word in x.go", ""},
		{"characters in label", nodes("a:[lib@x]"),
			"Character(s) '@' not allowed in branch name 'lib@x' in a.go", ""},
		{"characters in a later label", nodes("a:[lib]", "b:[lib@x]"),
			"Character(s) '@' not allowed in branch name 'lib@x' in b.go", ""},
		{"reserved label", nodes("a:[base]"),
			"Branch name 'base' is empty or a reserved word in a.go", ""},
		{"what is replaced came back", append(nodes("a:", "b: a"), replacing("s:", "a b")),
			"Revision a (a.go) is present although s (s.go) replaces it", "remove a.go, which a merge in version control"},
		{"an old squash came back", []Node{replacing("s:", "a b"), replacing("t:", "a b s c")},
			"Revision s (s.go) is present although t (t.go) replaces it", "remove s.go"},
		{"replaced by itself", []Node{replacing("s:", "a s")},
			"Revision s (s.go) is present although s (s.go) replaces it", ""},
		{"two squashes of one history", []Node{replacing("s:", "a b"), replacing("t:", "x b")},
			"Revision b is replaced by s (s.go) and by t (t.go)", "keep the deployed one"},
		{"a label that was an id", []Node{replacing("s:", "a b"), node("t: s [a]")},
			"Branch name 'a' in revision t (t.go) already used by revision s (s.go)", ""},
		{"characters in a replaced id", []Node{replacing("s:", "a b@c")},
			"Character(s) '@' not allowed in revision identifier 'b@c' in s.go", ""},
		{"a squash below what it replaces", []Node{replacing("s: t", "a b"), node("t: b")},
			"Cycle is detected in revisions (s, t)", "s (s.go) -> t (t.go) -> s"},
		{"a squash that builds on what it replaces", []Node{replacing("s: a", "a b")},
			"Cycle is detected in revisions (s)", "s (s.go) -> s;"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := New(test.nodes)
			if err == nil || err.Error() != test.want {
				t.Fatalf("error %v, want %s", err, test.want)
			}
			var hinter hint.Hinter
			if errors.As(err, &hinter) && !strings.Contains(hinter.Hint(), test.hint) {
				t.Errorf("hint %q, want it to contain %q", hinter.Hint(), test.hint)
			}
		})
	}
}

func TestMissingRevisionHint(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"b: zz":        "restore its file, or correct the down revision",
		"b: > zz":      "restore its file, or correct the dependency",
		"b: a > alpga": "restore its file, or correct the dependency; did you mean 'alpha'?",
	} {
		_, err := New(nodes("alpha:", "a:", text))
		if got := hint.Of(err); got != want {
			t.Errorf("%s: %v: got the hint %q, want %q", text, err, got, want)
		}
	}
}

func TestValidateID(t *testing.T) {
	tests := []struct{ id, want string }{
		{"8f0c3f6d1a2b", ""},
		{"add_phone.2", ""},
		{"a:b", "Character(s) ':' not allowed in revision identifier 'a:b'"},
		{"a@b+c-d:e", "Character(s) '+, -, :, @' not allowed in revision identifier 'a@b+c-d:e'"},
		{"../x", "Character(s) '/' not allowed in revision identifier '../x'"},
		{"a b", "Character(s) ' ' not allowed in revision identifier 'a b'"},
	}
	for _, test := range tests {
		err := ValidateID(test.id)
		if (err == nil) != (test.want == "") || err != nil && err.Error() != test.want {
			t.Errorf("%q: %v, want %q", test.id, err, test.want)
		}
	}
}

func TestErrorsWithoutFileReadAsAlembics(t *testing.T) {
	_, err := New([]Node{{ID: "a", Labels: []string{"x"}}, {ID: "b", Labels: []string{"x"}}})
	var duplicate *DuplicateLabelError
	if want := [2]string{"a", "b"}; !errors.As(err, &duplicate) || duplicate.Revisions != want {
		t.Fatalf("got %#v, want a duplicate label of %q", err, want)
	}
	if want := "Branch name 'x' in revision b already used by revision a"; err.Error() != want {
		t.Errorf("text %q, want %q", err, want)
	}
	_, err = New([]Node{{ID: "a"}, {ID: "s", Replaces: []string{"a"}}})
	const want = "remove a, which a merge in version control may have restored; later changes to it go into a new revision"
	if got := hint.Of(err); got != want {
		t.Errorf("%v: got the hint %q, want %q", err, got, want)
	}
}
