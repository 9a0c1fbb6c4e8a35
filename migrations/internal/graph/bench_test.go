package graph

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// line returns a history without branches.
func line(revisions int) []Node {
	out := make([]Node, revisions)
	for i := range out {
		out[i].ID = fmt.Sprintf("%012d", i)
		if i > 0 {
			out[i].Down = []string{out[i-1].ID}
		}
	}
	return out
}

func BenchmarkPlan(b *testing.B) {
	shapes := []struct {
		name  string
		nodes []Node
	}{
		{"line", line(1000)},
		{"branches", randomGraph(rand.New(rand.NewPCG(1, 1)), 1000, 200)},
	}
	for _, shape := range shapes {
		g, err := New(shape.nodes)
		if err != nil {
			b.Fatal(err)
		}
		up, err := g.Upgrade(nil, "heads")
		if err != nil {
			b.Fatal(err)
		}
		b.Run("build/"+shape.name, func(b *testing.B) {
			for b.Loop() {
				_, _ = New(shape.nodes)
			}
		})
		b.Run("upgrade/"+shape.name, func(b *testing.B) {
			for b.Loop() {
				_, _ = g.Upgrade(nil, "heads")
			}
		})
		b.Run("downgrade/"+shape.name, func(b *testing.B) {
			for b.Loop() {
				_, _ = g.Downgrade(up.Applied, "base")
			}
		})
		b.Run("nothing to do/"+shape.name, func(b *testing.B) {
			for b.Loop() {
				_, _ = g.Upgrade(up.Applied, "heads")
			}
		})
	}
}
