package layout

import (
	"cmp"
	"slices"
)

// trunk is the vertical segment of a net in the gap after a layer.
type trunk struct {
	net         int
	lefts       []int // the heights at which lines leave it to the left
	rights      []int // the heights at which lines leave it to the right
	top, bottom int
	track       int
}

// route sets the x of the layers, and of every net in each gap that it crosses.
func (p *part) route() {
	p.tracks, p.gaps = make([]map[int]int, len(p.layers)), make([]int, len(p.layers))
	x := 0
	for i, layer := range p.layers {
		widest := 0
		for _, n := range layer {
			p.nodes[n].x = x
			widest = max(widest, p.nodes[n].w)
		}
		for _, n := range layer {
			if p.nodes[n].box < 0 {
				p.nodes[n].w = widest
			}
		}
		p.width = max(p.width, x+widest)
		x += widest
		p.gaps[i] = x
		trunks := arrange(p.trunks(i))
		count := 0
		p.tracks[i] = map[int]int{}
		for _, t := range trunks {
			p.tracks[i][t.net] = x + channelPad + t.track*trackGap
			count = max(count, t.track+1)
			p.width = max(p.width, p.tracks[i][t.net]+trackGap)
		}
		x += 2*channelPad + max(0, count-1)*trackGap
	}
}

// trunks returns the nets that go up or down in a gap.
func (p *part) trunks(gap int) []trunk {
	byNet := map[int]*trunk{}
	var nets []int
	for _, l := range p.between[gap] {
		t, known := byNet[l.net]
		if !known {
			t = &trunk{net: l.net}
			byNet[l.net] = t
			nets = append(nets, l.net)
		}
		t.lefts = append(t.lefts, p.nodes[l.left].y+l.leftY)
		if l.loop {
			t.lefts = append(t.lefts, p.nodes[l.right].y+l.rightY)
		} else {
			t.rights = append(t.rights, p.nodes[l.right].y+l.rightY)
		}
	}
	var trunks []trunk
	for _, n := range nets {
		t := byNet[n]
		all := slices.Concat(t.lefts, t.rights)
		t.top, t.bottom = slices.Min(all), slices.Max(all)
		if t.top < t.bottom || len(t.rights) == 0 {
			trunks = append(trunks, *t)
		}
	}
	slices.SortStableFunc(trunks, func(a, b trunk) int { return cmp.Compare(a.top, b.top) })
	return trunks
}

// arrange orders trunks from left to right so that few lines cross, and gives trunks that overlap different tracks.
func arrange(trunks []trunk) []trunk {
	for range len(trunks) {
		swapped := false
		for i := 1; i < len(trunks); i++ {
			if trunks[i].before(trunks[i-1]) < trunks[i-1].before(trunks[i]) {
				trunks[i-1], trunks[i] = trunks[i], trunks[i-1]
				swapped = true
			}
		}
		if !swapped {
			break
		}
	}
	for i := range trunks {
		for _, left := range trunks[:i] {
			if left.top <= trunks[i].bottom+laneGap && trunks[i].top <= left.bottom+laneGap {
				trunks[i].track = max(trunks[i].track, left.track+1)
			}
		}
	}
	return trunks
}

// mix is the cost of drawing one line over another, in crossings.
const mix = 20

// before returns the cost of placing the trunk to the left of another.
func (t trunk) before(other trunk) int {
	cost := 0
	for _, y := range other.lefts {
		if t.top <= y && y <= t.bottom {
			cost++
		}
		if slices.ContainsFunc(t.rights, func(right int) bool { return abs(right-y) < 4 }) {
			cost += mix
		}
	}
	for _, y := range t.rights {
		if other.top <= y && y <= other.bottom {
			cost++
		}
	}
	return cost
}

// trace returns the corners of a line.
func (p *part) trace(index int) []Point {
	var points []Point
	back := false
	for _, i := range p.ways[index] {
		l := p.links[i]
		back = p.nets[l.net].back
		left, right := p.nodes[l.left], p.nodes[l.right]
		from, to := Point{left.x + left.w, left.y + l.leftY}, Point{right.x, right.y + l.rightY}
		if l.loop {
			to = Point{right.x + right.w, right.y + l.rightY}
		}
		points = append(points, from)
		if track, turns := p.tracks[left.layer][l.net]; turns {
			points = append(points, Point{track, from.Y}, Point{track, to.Y})
		}
		points = append(points, to)
	}
	if back {
		slices.Reverse(points)
	}
	return straight(points)
}

// straight removes the points that are not corners.
func straight(points []Point) []Point {
	var kept []Point
	for i, p := range points {
		if i > 0 && p == points[i-1] {
			continue
		}
		if n := len(kept); n > 1 && inLine(kept[n-2], kept[n-1], p) {
			kept[n-1] = p
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

func inLine(a, b, c Point) bool { return a.X == b.X && b.X == c.X || a.Y == b.Y && b.Y == c.Y }
