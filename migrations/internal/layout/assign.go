package layout

import (
	"cmp"
	"maps"
	"slices"
)

// assign returns the layer of each box: to the right of the boxes that lines lead from, unless they form a cycle. A
// layer higher than the limit has only one box.
func assign(boxes []Box, lines []Line, members []int, limit int) map[int]int {
	sources := acyclic(lines, members)
	depth := map[int]int{}
	var deepest func(box int) int
	deepest = func(box int) int {
		if d, known := depth[box]; known {
			return d
		}
		d := 0
		for _, s := range sources[box] {
			d = max(d, deepest(s)+1)
		}
		depth[box] = d
		return d
	}
	for _, b := range members {
		deepest(b)
	}
	order := slices.Clone(members)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(depth[a], depth[b]) })

	layers := map[int]int{}
	var heights []int
	room := func(layer, height int) bool {
		return layer >= len(heights) || heights[layer] == 0 || heights[layer]+height <= limit
	}
	for _, b := range order {
		layer, height := 0, boxes[b].Height+boxGap
		for _, s := range sources[b] {
			layer = max(layer, layers[s]+1)
		}
		for !room(layer, height) {
			layer++
		}
		for len(heights) <= layer {
			heights = append(heights, 0)
		}
		layers[b] = layer
		heights[layer] += height
	}
	pull(boxes, sources, order, layers, heights, room)
	return compact(layers)
}

// compact removes empty layers.
func compact(layers map[int]int) map[int]int {
	used := slices.Compact(slices.Sorted(maps.Values(layers)))
	for b, layer := range layers {
		layers[b], _ = slices.BinarySearch(used, layer)
	}
	return layers
}

// pull moves each box without incoming lines as close to its leftmost target as room allows.
func pull(
	boxes []Box, sources map[int][]int, order []int, layers map[int]int, heights []int, room func(layer, height int) bool,
) {
	nearest := map[int]int{}
	for b, all := range sources {
		for _, s := range all {
			if at, known := nearest[s]; !known || layers[b] < at {
				nearest[s] = layers[b]
			}
		}
	}
	for _, b := range slices.Backward(order) {
		target, has := nearest[b]
		if len(sources[b]) > 0 || !has || target-1 <= layers[b] {
			continue
		}
		height := boxes[b].Height + boxGap
		for layer := target - 1; layer > layers[b]; layer-- {
			if room(layer, height) {
				heights[layers[b]] -= height
				heights[layer] += height
				layers[b] = layer
				break
			}
		}
	}
}

// acyclic returns the sources of the lines to each box, without the lines that would close a cycle.
func acyclic(lines []Line, members []int) map[int][]int {
	targets, entered := map[int][]int{}, map[int]bool{}
	for _, l := range lines {
		if l.From.Box != l.To.Box && !slices.Contains(targets[l.From.Box], l.To.Box) {
			targets[l.From.Box] = append(targets[l.From.Box], l.To.Box)
			entered[l.To.Box] = true
		}
	}
	sources := map[int][]int{}
	open, done := map[int]bool{}, map[int]bool{}
	var visit func(box int)
	visit = func(box int) {
		open[box] = true
		for _, t := range targets[box] {
			if open[t] {
				continue // it would close a cycle
			}
			sources[t] = append(sources[t], box)
			if !done[t] {
				visit(t)
			}
		}
		open[box], done[box] = false, true
	}
	for _, first := range []bool{true, false} {
		for _, b := range members {
			if !done[b] && entered[b] != first {
				visit(b)
			}
		}
	}
	return sources
}
