package layout

// node is a box, or the point at which a line passes through a layer.
type node struct {
	box    int // -1 for a line that passes
	net    int // of such a line
	layer  int
	x, y   int
	w, h   int
	middle int // of its neighbours, while the layers are sorted
}

// link is the part of a net between two layers, from left to right. If a line leads back to its own box, both ends are
// on the right side of the box.
type link struct {
	net         int
	left, right int // nodes
	leftY       int // below the top of the node
	rightY      int
	loop        bool
}

// net is a set of lines that begin at the same point and share their route.
type net struct {
	from  End
	group int
	back  bool // it leads to the left
}

// part is the drawing of a group of connected boxes.
type part struct {
	boxes []int
	lines map[int][]Point

	nodes         []node
	nodeOf        map[int]int // by box
	layers        [][]int
	links         []link
	between       [][]link // the links in the gap after each layer
	nets          []net
	linkAt        map[link]int
	netAt         map[net]int
	passes        map[[2]int]int // the node at which a net passes a layer
	ways          map[int][]int  // the links of each line, from left to right
	tracks        []map[int]int  // the x of each net in the gap after each layer
	gaps          []int          // the x at which each gap begins
	width, height int
}

// drawPart tries several limits for the height of the layers, and returns the drawing with the lowest cost.
func drawPart(boxes []Box, lines []Line, members []int) part {
	total, tallest := 0, 0
	for _, b := range members {
		total += boxes[b].Height + boxGap
		tallest = max(tallest, boxes[b].Height+boxGap)
	}
	var best part
	least, last := 0, 0
	for columns := 1; columns <= min(len(members), 12); columns++ {
		limit := max(tallest, total/columns+total/columns/8)
		if limit == last {
			break
		}
		last = limit
		p := layered(boxes, lines, members, limit)
		if cost := p.cost(); best.boxes == nil || cost < least {
			best, least = p, cost
		}
	}
	return best
}

// cost returns the cost of a drawing, which is low if it fits a small window and its lines are short and rarely cross.
func (p *part) cost() int {
	length := 0
	for _, points := range p.lines {
		for i := 1; i < len(points); i++ {
			length += abs(points[i].X-points[i-1].X) + abs(points[i].Y-points[i-1].Y)
		}
	}
	return fit(p.width, p.height) + length*high/max(1, len(p.lines)) + p.crossings()*20*high/max(1, len(p.boxes))
}

func abs(n int) int { return max(n, -n) }

// layered draws boxes in layers no higher than the limit.
func layered(boxes []Box, lines []Line, members []int, limit int) part {
	p := part{
		boxes: members, nodeOf: map[int]int{}, lines: map[int][]Point{}, ways: map[int][]int{},
		linkAt: map[link]int{}, netAt: map[net]int{}, passes: map[[2]int]int{},
	}
	layers := assign(boxes, lines, members, limit)
	for _, b := range members {
		p.nodeOf[b] = p.add(node{box: b, layer: layers[b], w: boxes[b].Width, h: boxes[b].Height})
	}
	for i, l := range lines {
		if _, mine := p.nodeOf[l.From.Box]; mine {
			p.lead(i, l)
		}
	}
	p.between = make([][]link, len(p.layers))
	for _, l := range p.links {
		gap := p.nodes[l.left].layer
		p.between[gap] = append(p.between[gap], l)
	}
	p.order()
	p.heights()
	p.route()
	for i, l := range lines {
		if _, mine := p.nodeOf[l.From.Box]; mine {
			p.lines[i] = p.trace(i)
		}
	}
	return p
}

// add adds a node to its layer, and returns its index.
func (p *part) add(n node) int {
	for len(p.layers) <= n.layer {
		p.layers = append(p.layers, nil)
	}
	p.nodes = append(p.nodes, n)
	p.layers[n.layer] = append(p.layers[n.layer], len(p.nodes)-1)
	return len(p.nodes) - 1
}

func (p *part) place(box int) Point {
	n := p.nodes[p.nodeOf[box]]
	return Point{n.x, n.y}
}

// lead adds the links of a line from layer to layer.
func (p *part) lead(index int, l Line) {
	from, to := p.nodeOf[l.From.Box], p.nodeOf[l.To.Box]
	back := p.nodes[from].layer > p.nodes[to].layer
	n := p.netOf(net{l.From, l.Group, back})
	if from == to {
		p.ways[index] = []int{p.linkOf(link{net: n, left: from, right: to, leftY: l.From.Y, rightY: l.To.Y, loop: true})}
		return
	}
	left, right, leftY, rightY := from, to, l.From.Y, l.To.Y
	if back {
		left, right, leftY, rightY = to, from, l.To.Y, l.From.Y
	}
	for layer := p.nodes[left].layer + 1; layer < p.nodes[right].layer; layer++ {
		passing := p.passing(n, layer)
		p.ways[index] = append(p.ways[index], p.linkOf(link{net: n, left: left, right: passing, leftY: leftY}))
		left, leftY = passing, 0
	}
	p.ways[index] = append(p.ways[index], p.linkOf(link{net: n, left: left, right: right, leftY: leftY, rightY: rightY}))
}

func (p *part) netOf(n net) int { return indexOf(&p.nets, p.netAt, n) }

func (p *part) linkOf(l link) int { return indexOf(&p.links, p.linkAt, l) }

// indexOf returns the index of an item in a list, after adding it if it is missing. at holds the indexes.
func indexOf[T comparable](list *[]T, at map[T]int, item T) int {
	i, known := at[item]
	if !known {
		i = len(*list)
		*list, at[item] = append(*list, item), i
	}
	return i
}

// passing returns the node at which a net passes a layer.
func (p *part) passing(n, layer int) int {
	at, known := p.passes[[2]int{n, layer}]
	if !known {
		at = p.add(node{box: -1, net: n, layer: layer})
		p.passes[[2]int{n, layer}] = at
	}
	return at
}
