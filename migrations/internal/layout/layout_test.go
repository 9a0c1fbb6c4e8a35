package layout_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"guestlist/migrations/internal/layout"
)

// random returns boxes of many sizes and lines between them: also from a box to itself, in cycles and twice the same,
// while some boxes have no lines.
func random(r *rand.Rand, count int) ([]layout.Box, []layout.Line) {
	var boxes []layout.Box
	for range count {
		boxes = append(boxes, layout.Box{Width: 60 + r.IntN(300), Height: 28 + 20*r.IntN(15)})
	}
	var lines []layout.Line
	end := func(hubs bool) layout.End {
		b := r.IntN(count)
		if hubs {
			b = r.IntN(min(count, 3))
		}
		return layout.End{Box: b, Y: 14 + 20*r.IntN(boxes[b].Height/28)}
	}
	for range r.IntN(2*count + 1) {
		l := layout.Line{From: end(r.IntN(3) == 0), To: end(false), Group: r.IntN(2)}
		if r.IntN(10) == 0 {
			l.To.Box, l.To.Y = l.From.Box, boxes[l.From.Box].Height-5
		}
		lines = append(lines, l)
	}
	return boxes, lines
}

// TestDrawingsAreSound checks that boxes do not overlap, that lines begin and end where they should, and that no line
// runs through a box.
func TestDrawingsAreSound(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 0))
		check(t, fmt.Sprintf("seed %d", seed), r, int(seed%40))
	}
	check(t, "many", rand.New(rand.NewPCG(1, 1)), 120)
}

func FuzzDraw(f *testing.F) {
	f.Add(uint64(1), uint8(20))
	f.Fuzz(func(t *testing.T, seed uint64, count uint8) {
		check(t, fmt.Sprintf("seed %d of %d boxes", seed, count), rand.New(rand.NewPCG(seed, 2)), int(count))
	})
}

func check(t *testing.T, name string, r *rand.Rand, count int) {
	t.Helper()
	var boxes []layout.Box
	var lines []layout.Line
	if count > 0 {
		boxes, lines = random(r, count)
	}
	d := layout.Draw(boxes, lines)
	if again := layout.Draw(boxes, lines); !reflect.DeepEqual(d, again) {
		t.Errorf("%s: got another drawing the second time, want the same", name)
	}
	for i := range boxes {
		if inside := (rectangle{0, 0, d.Width, d.Height}); !inside.holds(placed(d, boxes, i)) {
			t.Errorf("%s: box %d at %v is outside of %d × %d", name, i, d.Boxes[i], d.Width, d.Height)
		}
		for j := range i {
			if placed(d, boxes, i).overlaps(placed(d, boxes, j)) {
				t.Errorf("%s: boxes %d and %d overlap", name, i, j)
			}
		}
	}
	for i, l := range lines {
		checkLine(t, fmt.Sprintf("%s: line %d", name, i), d, boxes, l, d.Lines[i])
	}
}

func checkLine(t *testing.T, name string, d layout.Drawing, boxes []layout.Box, l layout.Line, points []layout.Point) {
	t.Helper()
	if len(points) < 2 {
		t.Fatalf("%s has fewer than two points: %v", name, points)
	}
	for _, end := range []struct {
		layout.End

		at layout.Point
	}{{l.From, points[0]}, {l.To, points[len(points)-1]}} {
		b := placed(d, boxes, end.Box)
		if end.at.Y != b.top+end.Y || end.at.X != b.left && end.at.X != b.right {
			t.Errorf("%s ends at %v, which is not its place on a side of %v", name, end.at, b)
		}
	}
	for n := 1; n < len(points); n++ {
		a, b := points[n-1], points[n]
		if a.X != b.X && a.Y != b.Y {
			t.Errorf("%s runs diagonally from %v to %v", name, a, b)
		}
		stretch := rectangle{min(a.X, b.X), min(a.Y, b.Y), max(a.X, b.X), max(a.Y, b.Y)}
		if page := (rectangle{0, 0, d.Width, d.Height}); !page.holds(stretch) {
			t.Errorf("%s leaves the page between %v and %v", name, a, b)
		}
		for i := range boxes {
			if placed(d, boxes, i).cut(stretch) {
				t.Errorf("%s runs through box %d between %v and %v", name, i, a, b)
			}
		}
	}
}

type rectangle struct{ left, top, right, bottom int }

func placed(d layout.Drawing, boxes []layout.Box, i int) rectangle {
	at := d.Boxes[i]
	return rectangle{at.X, at.Y, at.X + boxes[i].Width, at.Y + boxes[i].Height}
}

func (r rectangle) overlaps(o rectangle) bool {
	return r.left < o.right && o.left < r.right && r.top < o.bottom && o.top < r.bottom
}

func (r rectangle) holds(o rectangle) bool {
	return r.left <= o.left && o.right <= r.right && r.top <= o.top && o.bottom <= r.bottom
}

// cut reports whether a stretch of a line, which has no width or no height, runs through the rectangle.
func (r rectangle) cut(o rectangle) bool {
	return r.overlaps(o)
}

// TestLinesShareTheirWay checks that lines between one box and three others turn at the same place.
func TestLinesShareTheirWay(t *testing.T) {
	t.Parallel()
	boxes := []layout.Box{{100, 50}, {100, 50}, {100, 50}, {100, 50}}
	var lines []layout.Line
	for i := 1; i < 4; i++ {
		lines = append(lines, layout.Line{From: layout.End{Box: 0, Y: 20}, To: layout.End{Box: i, Y: 30}})
	}
	d := layout.Draw(boxes, lines)
	turn := map[int]bool{}
	for _, points := range d.Lines {
		if len(points) > 2 {
			turn[points[1].X] = true
		}
	}
	if len(turn) != 1 {
		t.Errorf("the lines turn at %v, want one place: %v", turn, d.Lines)
	}
}

// TestNoCrossings checks that no lines cross in a graph that can be drawn without crossings.
func TestNoCrossings(t *testing.T) {
	t.Parallel()
	boxes := []layout.Box{{100, 60}, {100, 60}, {100, 60}, {100, 60}, {100, 60}, {100, 60}}
	var lines []layout.Line
	for _, pair := range [][2]int{{0, 5}, {1, 4}, {2, 3}, {0, 4}, {1, 3}} { // a chain: 5 0 4 1 3 2
		lines = append(lines, layout.Line{From: layout.End{Box: pair[0], Y: 20},
			To: layout.End{Box: pair[1], Y: 20 + 5*pair[0]}})
	}
	d := layout.Draw(boxes, lines)
	for i, a := range d.Lines {
		for j, b := range d.Lines[:i] {
			if lines[i].From != lines[j].From && crossed(a, b) {
				t.Errorf("lines %d and %d cross: %v, %v", i, j, a, b)
			}
		}
	}
}

func crossed(a, b []layout.Point) bool {
	for i := 1; i < len(a); i++ {
		for j := 1; j < len(b); j++ {
			r := rectangle{min(a[i-1].X, a[i].X), min(a[i-1].Y, a[i].Y), max(a[i-1].X, a[i].X), max(a[i-1].Y, a[i].Y)}
			o := rectangle{min(b[j-1].X, b[j].X), min(b[j-1].Y, b[j].Y), max(b[j-1].X, b[j].X), max(b[j-1].Y, b[j].Y)}
			if r.left <= o.right && o.left <= r.right && o.top <= r.bottom && r.top <= o.bottom {
				return true
			}
		}
	}
	return false
}
