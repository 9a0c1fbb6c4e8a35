package cli

import (
	"slices"
	"strings"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/picture"
)

// tree draws a history, newest first, with its branches and merges:
//
//	$ db history --graph
//	*    d (head) (mergepoint), both
//	├─┐
//	* │  b, left
//	│ *  c, right
//	├─┘
//	*    a (branchpoint), init
//
// An empty row separates a line from another that ends right above it.
type tree struct {
	picture.Lanes

	ended int // the lane that ended with the last row, counted from 1; 0 for none
	shown map[string]bool
	rows  []string
}

// drawTree returns the rows of the drawing; label returns the text beside a revision. Revisions must come before their
// parents.
func drawTree(revisions []graph.Revision, label func(graph.Revision) string) []string {
	t := tree{shown: map[string]bool{}}
	for _, r := range revisions {
		t.shown[r.ID] = true
	}
	width := t.width(revisions)
	for _, r := range revisions {
		begins := !slices.Contains(t.IDs, r.ID)
		lane := t.arrive(r.ID)
		if begins && t.ended == lane+1 {
			t.rows = append(t.rows, strings.TrimRight(t.gap(lane), " "))
		}
		row := t.row(func(i int) string {
			if i == lane {
				return "*"
			}
			return "│"
		})
		t.rows = append(t.rows, pad(row, width)+label(r))
		t.leave(lane, r.Down)
	}
	return t.rows
}

// width returns the width of the widest row, so that labels align.
func (t *tree) width(revisions []graph.Revision) int {
	trial := tree{shown: t.shown}
	widest := 1
	for _, r := range revisions {
		lane := trial.arrive(r.ID)
		widest = max(widest, len(trial.IDs))
		trial.leave(lane, r.Down)
	}
	return 2*widest + 1
}

// arrive joins the lanes that lead to the revision and returns the remaining one.
func (t *tree) arrive(id string) int {
	lane, ending := t.Arrive(id)
	if len(ending) > 0 {
		t.rows = append(t.rows, t.connect(lane, ending, "┘", "┴"))
		t.Close(ending...)
	}
	return lane
}

// leave continues the lane of a revision to its parents.
func (t *tree) leave(lane int, down []string) {
	var parents []string
	for _, id := range down {
		if t.shown[id] {
			parents = append(parents, id)
		}
	}
	t.ended = 0
	if len(parents) == 0 {
		t.ended = lane + 1
	}
	if opened := t.Leave(lane, parents); len(opened) > 0 {
		t.rows = append(t.rows, t.connect(lane, opened, "┐", "┬"))
	}
}

// row draws all lanes in use.
func (t *tree) row(sign func(lane int) string) string {
	var cells []string
	for i, id := range t.IDs {
		if id == "" {
			cells = append(cells, " ")
		} else {
			cells = append(cells, sign(i))
		}
	}
	return strings.Join(cells, " ")
}

// gap draws a row without the lane.
func (t *tree) gap(lane int) string {
	return t.row(func(i int) string {
		if i == lane {
			return " "
		}
		return "│"
	})
}

// connect draws a line from a lane to others on its right, across those in between.
func (t *tree) connect(from int, to []int, corner, tee string) string {
	last := to[len(to)-1]
	var row strings.Builder
	for i, id := range t.IDs {
		inside := i > from && i < last
		switch {
		case i == from:
			row.WriteString("├")
		case i == last:
			row.WriteString(corner)
		case inside && slices.Contains(to, i):
			row.WriteString(tee)
		case inside && id != "":
			row.WriteString("┼")
		case inside:
			row.WriteString("─")
		case id != "":
			row.WriteString("│")
		default:
			row.WriteString(" ")
		}
		if i >= from && i < last {
			row.WriteString("─")
		} else {
			row.WriteString(" ")
		}
	}
	return strings.TrimRight(row.String(), " ")
}

func pad(row string, width int) string {
	return row + strings.Repeat(" ", max(1, width-len([]rune(row))))
}
