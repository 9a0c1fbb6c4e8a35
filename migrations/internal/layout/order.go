package layout

import (
	"cmp"
	"slices"
)

// sweeps is the number of passes over the layers that improve their order.
const sweeps = 16

// order sorts the nodes of each layer so that few lines cross.
func (p *part) order() {
	best, least := p.copyLayers(), p.crossings()
	for n := range sweeps {
		if n%2 == 0 {
			for layer := 1; layer < len(p.layers); layer++ {
				p.sort(layer, true)
			}
		} else {
			for layer := len(p.layers) - 2; layer >= 0; layer-- {
				p.sort(layer, false)
			}
		}
		if crossings := p.crossings(); crossings < least {
			best, least = p.copyLayers(), crossings
		}
	}
	p.layers = best
}

func (p *part) copyLayers() [][]int {
	copied := make([][]int, len(p.layers))
	for i, layer := range p.layers {
		copied[i] = slices.Clone(layer)
	}
	return copied
}

// sort orders the nodes of a layer by the middle of their neighbours on one side. Those without neighbours stay.
func (p *part) sort(layer int, leftSide bool) {
	position := p.positions()
	sum, count := map[int]int{}, map[int]int{}
	gap := layer
	if leftSide {
		gap--
	}
	for _, l := range p.between[gap] {
		here, there, y := l.right, l.left, l.leftY
		if !leftSide {
			here, there, y = l.left, l.right, l.rightY
		}
		if l.loop {
			continue
		}
		sum[here] += position[there] + portion(y, p.nodes[there].h)
		count[here]++
	}
	for _, n := range p.layers[layer] {
		p.nodes[n].middle = position[n]
		if count[n] > 0 {
			p.nodes[n].middle = sum[n] / count[n]
		}
	}
	slices.SortStableFunc(p.layers[layer], func(a, b int) int { return cmp.Compare(p.nodes[a].middle, p.nodes[b].middle) })
}

// unit is the height of a node while only the order matters.
const unit = 1000

// positions returns the position of each node in its layer.
func (p *part) positions() []int {
	position := make([]int, len(p.nodes))
	for _, layer := range p.layers {
		for i, n := range layer {
			position[n] = i * unit * 64 / max(1, len(layer)) // layers of all sizes are the same height
		}
	}
	return position
}

// portion returns a height within a node as a fraction of a unit.
func portion(y, height int) int { return y * unit / max(1, height+1) }

// crossings counts the lines that cross between layers.
func (p *part) crossings() int {
	ends := make([][][2]int, len(p.layers))
	position := make([]int, len(p.nodes))
	for _, layer := range p.layers {
		for i, n := range layer {
			position[n] = i * unit
		}
	}
	for _, l := range p.links {
		if !l.loop {
			gap := p.nodes[l.left].layer
			ends[gap] = append(ends[gap], [2]int{
				position[l.left] + portion(l.leftY, p.nodes[l.left].h), position[l.right] + portion(l.rightY, p.nodes[l.right].h),
			})
		}
	}
	crossed := 0
	for _, pairs := range ends {
		slices.SortFunc(pairs, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
		seen := make([]int, 0, len(pairs)) // the right ends so far, sorted
		for _, pair := range pairs {
			at, _ := slices.BinarySearch(seen, pair[1]+1)
			crossed += len(seen) - at
			seen = slices.Insert(seen, at, pair[1])
		}
	}
	return crossed
}
