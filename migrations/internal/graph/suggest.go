package graph

// nearest returns the known id or label with the smallest edit distance, the first of several in load order, and that
// distance. In an empty graph, it returns "".
func (g *Graph) nearest(name string) (string, int) { return nearest(name, g.allNames()) }

func nearest(name string, known []string) (string, int) {
	best, least := "", 0
	for _, one := range known {
		if d := editDistance(name, one); best == "" || d < least {
			best, least = one, d
		}
	}
	return best, least
}

// closest is Closest among the ids and labels of the graph. Random ids are never that similar by chance.
func (g *Graph) closest(name string) string { return Closest(name, g.allNames()) }

// Closest returns the known name that was probably meant, or "".
func Closest(name string, known []string) string {
	one, edits := nearest(name, known)
	if edits > max(1, len(name)/3) {
		return ""
	}
	return one
}

// allNames returns the ids in load order, then the labels.
func (g *Graph) allNames() []string {
	names := make([]string, 0, len(g.names))
	for i := range g.revs {
		names = append(names, g.revs[i].ID)
	}
	for i := range g.revs {
		names = append(names, g.revs[i].Labels...)
	}
	return names
}

// editDistance returns the Levenshtein distance in bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// alike reports whether two names differ in one place only, by at most a third of the longer one.
func alike(a, b string) bool {
	longer, shorter := len(a), min(len(a), len(b))
	longer = max(longer, len(b))
	start := 0
	for start < shorter && a[start] == b[start] {
		start++
	}
	end := 0
	for end < shorter-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return 3*(longer-start-end) <= longer && shorter > 0
}
