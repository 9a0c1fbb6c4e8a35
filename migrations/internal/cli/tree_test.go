package cli

import (
	"slices"
	"testing"

	"guestlist/migrations/internal/graph"
)

func TestTreeSetsLinesApartBesideOthers(t *testing.T) {
	t.Parallel()
	var revisions []graph.Revision
	for _, node := range []graph.Node{
		{ID: "b", Down: []string{"a"}}, {ID: "p"}, {ID: "c", Down: []string{"a"}}, {ID: "q"}, {ID: "a"}, {ID: "z"},
	} {
		revisions = append(revisions, graph.Revision{Node: node})
	}
	rows := drawTree(revisions, func(r graph.Revision) string { return r.ID })
	want := []string{
		"*      b",
		"│ *    p",
		"│",
		"│ *    c",
		"│ │ *  q",
		"├─┘",
		"*      a",
		"",
		"*      z",
	}
	if !slices.Equal(rows, want) {
		t.Errorf("got %q", rows)
	}
}
