// Package layout places boxes and routes lines between them. The drawing is layered: lines run from left to right, turn
// at right angles, and do not cross boxes.
//
//	boxes, lines ─▶ connected parts ─▶ layers ─▶ order in a layer ─▶ heights ─▶ lines
//	                       └────────────── packed side by side ◀───────────────────┘
//
// It follows Sugiyama's method; lines that begin at the same point are drawn as one line that branches. All numbers are
// integers, so that a drawing is the same on every machine.
package layout

import (
	"cmp"
	"slices"
)

// Box is the size of a box to place.
type Box struct{ Width, Height int }

// End is an end of a line: at the side of a box, Y below its top.
type End struct{ Box, Y int }

// Line leads from one box to another, or back to the same one. Lines with the same From and Group may share their
// route.
type Line struct {
	From, To End
	Group    int
}

// Point is a point of the drawing.
type Point struct{ X, Y int }

// Drawing is a finished layout.
type Drawing struct {
	Width, Height int
	Boxes         []Point   // the upper left corners
	Lines         [][]Point // the ends and corners of each line, from From to To
}

// Distances in the drawing.
const (
	boxGap     = 26 // between boxes of a layer
	laneGap    = 12 // between lines that pass a layer, and to its boxes
	trackGap   = 10 // between lines between two layers
	channelPad = 23 // from a box to the first line between two layers
	partGap    = 30 // between parts
)

// wide and high are the proportions of the window that a drawing should fit.
const wide, high = 8, 5

// Draw places the boxes and routes the lines.
func Draw(boxes []Box, lines []Line) Drawing {
	d := Drawing{Boxes: make([]Point, len(boxes)), Lines: make([][]Point, len(lines))}
	var rectangles []Box
	var drawn []part
	for _, members := range parts(boxes, lines) {
		p := drawPart(boxes, lines, members)
		drawn = append(drawn, p)
		rectangles = append(rectangles, Box{p.width, p.height})
	}
	corners := pack(rectangles)
	for i, p := range drawn {
		at := corners[i]
		for _, box := range p.boxes {
			d.Boxes[box] = p.place(box).plus(at)
		}
		for line, points := range p.lines {
			for _, point := range points {
				d.Lines[line] = append(d.Lines[line], point.plus(at))
			}
		}
		d.Width, d.Height = max(d.Width, at.X+p.width), max(d.Height, at.Y+p.height)
	}
	return d
}

func (p Point) plus(other Point) Point { return Point{p.X + other.X, p.Y + other.Y} }

// parts returns the groups of connected boxes, sorted by the number of boxes and the height of the first, both
// descending.
func parts(boxes []Box, lines []Line) [][]int {
	leader := make([]int, len(boxes))
	for i := range leader {
		leader[i] = i
	}
	find := func(i int) int {
		for leader[i] != i {
			i = leader[i]
		}
		return i
	}
	for _, l := range lines {
		a, b := find(l.From.Box), find(l.To.Box)
		leader[max(a, b)] = min(a, b)
	}
	groups := make([][]int, len(boxes))
	for i := range boxes {
		first := find(i)
		groups[first] = append(groups[first], i)
	}
	groups = slices.DeleteFunc(groups, func(g []int) bool { return len(g) == 0 })
	slices.SortStableFunc(groups, func(a, b []int) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(boxes[b[0]].Height, boxes[a[0]].Height))
	})
	return groups
}

// fit returns the size of the smallest window that a drawing fits into.
func fit(width, height int) int { return max(width*high, height*wide) }
