package layout

import "slices"

// pack places rectangles side by side and below one another, in the smallest window that it finds.
func pack(rectangles []Box) []Point {
	total, widest := 0, 0
	for _, r := range rectangles {
		total += r.Width + partGap
		widest = max(widest, r.Width)
	}
	var best []Point
	least := 0
	for columns := range 24 {
		corners, width, height := packInto(rectangles, max(widest, total/(columns+1)))
		if size := fit(width, height); best == nil || size < least {
			best, least = corners, size
		}
	}
	return best
}

// step is a horizontal segment of the lower outline of the placed rectangles.
type step struct{ x, width, y int }

// packInto places the rectangles one by one, each as high as possible, and as far left as possible at that height.
func packInto(rectangles []Box, limit int) (corners []Point, width, height int) {
	limit += partGap
	outline := []step{{0, limit, 0}}
	corners = make([]Point, 0, len(rectangles)) // not nil, even without any
	for _, r := range rectangles {
		corner := highest(outline, r.Width+partGap, limit)
		corners = append(corners, corner)
		width, height = max(width, corner.X+r.Width), max(height, corner.Y+r.Height)
		outline = cover(outline, step{corner.X, r.Width + partGap, corner.Y + r.Height + partGap})
	}
	return corners, width, height
}

// highest returns the highest point below the outline with room for a width, the leftmost of several.
func highest(outline []step, width, limit int) Point {
	best := Point{-1, 0}
	for i, s := range outline {
		if s.x+width > limit {
			break
		}
		y := 0
		for _, other := range outline[i:] {
			if other.x >= s.x+width {
				break
			}
			y = max(y, other.y)
		}
		if best.X < 0 || y < best.Y {
			best = Point{s.x, y}
		}
	}
	return best
}

// cover replaces a part of the outline by a new segment.
func cover(outline []step, added step) []step {
	var covered []step
	end := added.x + added.width
	for _, s := range outline {
		if before := min(s.x+s.width, added.x) - s.x; before > 0 {
			covered = append(covered, step{s.x, before, s.y})
		}
		if from := max(s.x, end); s.x+s.width > from {
			covered = append(covered, step{from, s.x + s.width - from, s.y})
		}
	}
	covered = append(covered, added)
	slices.SortFunc(covered, func(a, b step) int { return a.x - b.x })
	return covered
}
