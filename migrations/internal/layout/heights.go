package layout

import "slices"

// rounds is the number of passes that even out the heights.
const rounds = 40

// heights sets the height of the nodes of each layer, in their order, so that lines are as straight as possible.
func (p *part) heights() {
	for _, layer := range p.layers {
		y := 0
		for i, n := range layer {
			if i > 0 {
				y += p.apart(layer[i-1], n)
			}
			p.nodes[n].y = y
		}
	}
	for n := range rounds {
		for i := range p.layers {
			layer := i
			if n%2 == 1 {
				layer = len(p.layers) - 1 - i
			}
			p.even(layer, n < rounds-2, n%2 == 0)
		}
	}
	p.straighten()
	top := p.nodes[p.layers[0][0]].y
	for _, n := range p.nodes {
		top = min(top, n.y)
	}
	for i := range p.nodes {
		p.nodes[i].y -= top
		p.height = max(p.height, p.nodes[i].y+p.nodes[i].h)
	}
}

// apart returns the distance between the tops of two neighbours in a layer.
func (p *part) apart(above, below int) int {
	gap := boxGap
	if p.nodes[above].box < 0 || p.nodes[below].box < 0 {
		gap = laneGap
	}
	return p.nodes[above].h + gap
}

// wish is the best height of a pool of neighbours in a layer that move together: a weighted mean.
type wish struct{ sum, weight, count int }

func (w wish) at() int { return floor(w.sum, w.weight) }

// floor returns a/b, rounded down.
func floor(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// even moves the nodes of a layer to the middle of their neighbours in other layers, on one side or on both, as far as
// their order and distances allow. It is an isotonic regression: nodes that would change places are pooled.
func (p *part) even(layer int, oneSide, leftSide bool) {
	sum, weight := p.wishes(layer, oneSide, leftSide)
	var pools []wish
	offset := 0 // of the node if the layer is packed tightly
	offsets := make([]int, len(p.layers[layer]))
	for i, n := range p.layers[layer] {
		if i > 0 {
			offset += p.apart(p.layers[layer][i-1], n)
		}
		offsets[i] = offset
		w := wish{sum[n] - offset*weight[n], weight[n], 1}
		if w.weight == 0 {
			w = wish{p.nodes[n].y - offset, 1, 1}
		}
		pools = append(pools, w)
		for len(pools) > 1 && pools[len(pools)-2].at() > pools[len(pools)-1].at() {
			last := pools[len(pools)-1]
			pools = pools[:len(pools)-1]
			pool := &pools[len(pools)-1]
			pool.sum, pool.weight, pool.count = pool.sum+last.sum, pool.weight+last.weight, pool.count+last.count
		}
	}
	i := 0
	for _, pool := range pools {
		for range pool.count {
			p.nodes[p.layers[layer][i]].y = pool.at() + offsets[i]
			i++
		}
	}
}

// wishes returns weighted sums of the heights at which the links of each node of a layer would be straight. Lines that
// pass through a layer have the largest weight.
func (p *part) wishes(layer int, oneSide, leftSide bool) (sum, weight map[int]int) {
	sum, weight = map[int]int{}, map[int]int{}
	wish := func(here, there, hereY, thereY int) {
		w := 2
		if p.nodes[here].box < 0 && p.nodes[there].box < 0 {
			w = 64
		}
		sum[here] += w * (p.nodes[there].y + thereY - hereY)
		weight[here] += w
	}
	if layer > 0 && (!oneSide || leftSide) {
		for _, l := range p.between[layer-1] {
			if !l.loop {
				wish(l.right, l.left, l.rightY, l.leftY)
			}
		}
	}
	if !oneSide || !leftSide {
		for _, l := range p.between[layer] {
			if !l.loop {
				wish(l.left, l.right, l.leftY, l.rightY)
			}
		}
	}
	return sum, weight
}

// straighten makes lines that pass several layers pass them at one height, if there is room.
func (p *part) straighten() {
	runs := map[int][]int{} // the nodes at which each net passes a layer
	for _, layer := range p.layers {
		for _, n := range layer {
			if p.nodes[n].box < 0 {
				runs[p.nodes[n].net] = append(runs[p.nodes[n].net], n)
			}
		}
	}
	for n := range p.nets {
		for run := runs[n]; len(run) > 0; {
			run = run[p.level(run):]
		}
	}
}

// level moves as many of the first nodes of a run as possible to one height, and returns their number.
func (p *part) level(run []int) int {
	low, high := p.room(run[0])
	sum, count := p.nodes[run[0]].y, 1
	for _, n := range run[1:] {
		from, to := p.room(n)
		if max(low, from) > min(high, to) || p.nodes[n].layer != p.nodes[run[0]].layer+count {
			break
		}
		low, high = max(low, from), min(high, to)
		sum, count = sum+p.nodes[n].y, count+1
	}
	for _, n := range run[:count] {
		p.nodes[n].y = max(low, min(high, floor(sum, count)))
	}
	return count
}

// unbounded is the limit of a node without a neighbour above or below.
const unbounded = 1 << 30

// room returns the limits of the height of a node between its neighbours.
func (p *part) room(n int) (low, high int) {
	layer := p.layers[p.nodes[n].layer]
	at := slices.Index(layer, n)
	low, high = -unbounded, unbounded
	if at > 0 {
		low = p.nodes[layer[at-1]].y + p.apart(layer[at-1], n)
	}
	if at+1 < len(layer) {
		high = p.nodes[layer[at+1]].y - p.apart(n, layer[at+1])
	}
	return low, high
}
