package migrations

import (
	"errors"
	"strings"
	"testing"

	"guestlist/migrations/internal/graph"
)

func TestCheckHeadWithDependencies(t *testing.T) {
	t.Parallel()
	g, err := graph.New([]graph.Node{
		{ID: "a"}, {ID: "b", Down: []string{"a"}}, {ID: "p"}, {ID: "c", Down: []string{"b"}, DependsOn: []string{"p"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		applied []string
		hint    string // empty: at the head
	}{
		{nil, "run shop db upgrade; the heads are c"},
		{[]string{"a", "b"}, "run shop db upgrade; the heads are c"},
		{[]string{"a", "b", "c", "p"}, ""},
		{[]string{"a", "b", "c", "p", "zz"}, "no revision file declares it"},
	} {
		err := checkHead(g, test.applied, "shop db")
		if test.hint == "" && err == nil {
			continue
		}
		var outdated *OutdatedError
		if !errors.As(err, &outdated) || test.hint == "" || !strings.Contains(outdated.Hint(), test.hint) {
			t.Errorf("%q: got %v", test.applied, err)
		}
	}
}
