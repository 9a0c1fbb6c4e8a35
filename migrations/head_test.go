package migrations

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"guestlist/migrations/internal/graph"
)

func TestCheckHeadWithDependencies(t *testing.T) {
	t.Parallel()
	g, err := graph.New([]graph.Node{
		{ID: "a", Replaces: []string{"o1", "o2"}}, {ID: "b", Down: []string{"a"}}, {ID: "p"}, {ID: "c", Down: []string{"b"},
			DependsOn: []string{"p"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		applied []string
		hint    string // empty: at the head
		ahead   bool
	}{
		{nil, "run shop db upgrade; the heads are c", false},
		{[]string{"a", "b"}, "run shop db upgrade; the heads are c", false},
		{[]string{"a", "b", "c", "p"}, "", false},
		{[]string{"a", "b", "c", "p", "zz"}, "no revision file declares it", true},
		{[]string{"o1", "o2", "b", "c", "p", "zz"}, "no revision file declares it", true},
		{[]string{"a", "b", "zz"}, "no revision file declares it", false},
		{[]string{"zz"}, "no revision file declares it", false},
		{[]string{"o1", "o2", "b", "c", "p"}, "", false},
		{[]string{"o2"}, "run shop db upgrade; the heads are c", false},
		{[]string{"o1"}, "upgrade it to o2 with the old program, which still has that revision; if it has every " +
			"change of a already, shop db stamp a", false},
	} {
		err := checkHead(g, test.applied, "shop db")
		if test.hint == "" && err == nil {
			continue
		}
		var outdated *OutdatedError
		if !errors.As(err, &outdated) || test.hint == "" || !strings.Contains(outdated.Hint(), test.hint) {
			t.Errorf("%q: got %v, want hint %q", test.applied, err, test.hint)
			continue
		}
		if outdated.Ahead != test.ahead {
			t.Errorf("%q: got ahead %t, want %t", test.applied, outdated.Ahead, test.ahead)
		}
		if want := test.applied == nil; outdated.Empty != want {
			t.Errorf("%q: got empty %t, want %t", test.applied, outdated.Empty, want)
		}
		if want := slices.Contains(test.applied, "zz"); (len(outdated.Unknown) == 1) != want {
			t.Errorf("%q: got unknown ids %q, want one: %t", test.applied, outdated.Unknown, want)
		}
	}
}
