package picture

import (
	"fmt"
	"slices"
	"strings"
)

// Commit is a revision to draw.
type Commit struct {
	ID      string
	Down    []string // the revisions it revises
	Needs   []string // the revisions it depends on
	Labels  []string // branch labels
	Head    bool
	Current bool // the database is at it
	Notes   []string
	Message string
	Created string
}

// Sizes of a history, in pixels.
const (
	commitHeight = 32
	laneWidth    = 18
	historyTop   = 56
	longestWords = 80 // the maximum length of a message, in cells
)

// strand is a line, along a lane, from a revision to one that it builds on.
type strand struct {
	fromLane, fromRow int
	lane              int
	to                string
	needs             bool
}

// chart is a history with a lane for each revision.
type chart struct {
	commits []Commit
	lane    []int // of each
	strands []strand
	row     map[string]int
	lanes   int
}

// History draws revisions, newest first, with branches, merges and dependencies.
func History(title string, commits []Commit) string {
	ch := newChart(commits)
	left := margin + ch.lanes*laneWidth + 8
	right := left
	for _, c := range commits {
		right = max(right, left+c.width())
	}
	width := max(right, margin+textWidth(title)*titleSize/fontSize) + margin
	var c canvas
	c.begin(width, historyTop+len(commits)*commitHeight+8, title, describeHistory(commits), ch.lanes)
	c.text(margin, 32, "title", title)
	for _, s := range ch.strands {
		ch.draw(&c, s)
	}
	for i := range commits {
		ch.commit(&c, i, left)
	}
	return c.end()
}

// newChart assigns a lane to each revision, and finds the strands.
func newChart(commits []Commit) chart {
	ch := chart{commits: commits, row: map[string]int{}, lane: make([]int, len(commits))}
	for i, c := range commits {
		ch.row[c.ID] = i
	}
	var lanes Lanes
	open := map[int]strand{} // by lane
	end := func(lane int) {
		if s, is := open[lane]; is {
			ch.strands = append(ch.strands, s)
			delete(open, lane)
		}
	}
	for i, c := range commits {
		lane, ending := lanes.Arrive(c.ID)
		for _, l := range append(ending, lane) {
			end(l)
		}
		lanes.Close(ending...)
		ch.lane[i] = lane
		parents := slices.DeleteFunc(slices.Concat(c.Down, c.Needs), func(id string) bool {
			_, shown := ch.row[id]
			return !shown
		})
		for n, l := range append([]int{lane}, lanes.Leave(lane, parents)...) {
			ch.lanes = max(ch.lanes, l+1)
			if n < len(parents) {
				open[l] = strand{fromLane: lane, fromRow: i, lane: l, to: parents[n], needs: !slices.Contains(c.Down, parents[n])}
			}
		}
	}
	return ch
}

func laneX(lane int) int { return margin + 6 + lane*laneWidth }

func rowY(row int) int { return historyTop + row*commitHeight + commitHeight/2 }

// draw draws a strand: over to its lane, down, and over to its end.
func (ch *chart) draw(c *canvas, s strand) {
	row := ch.row[s.to]
	fromX, x, toX := laneX(s.fromLane), laneX(s.lane), laneX(ch.lane[row])
	fromY, toY := rowY(s.fromRow), rowY(row)
	d := fmt.Sprintf("M%d %d", fromX, fromY)
	if toY-fromY == commitHeight {
		d += bend(fromX, fromY, toX, toY)
	} else {
		d += bend(fromX, fromY, x, fromY+commitHeight)
		if toY-commitHeight > fromY+commitHeight {
			d += fmt.Sprintf("V%d", toY-commitHeight)
		}
		d += bend(x, toY-commitHeight, toX, toY)
	}
	class := fmt.Sprintf("strand lane%d", s.lane%len(lanePalette))
	if s.needs {
		class += " needs"
	}
	fmt.Fprintf(&c.Builder, `<path class="%s" d="%s"/>`+"\n", class, d)
}

// bend returns a curve from one lane to another.
func bend(fromX, fromY, toX, toY int) string {
	if fromX == toX {
		return fmt.Sprintf("V%d", toY)
	}
	middle := (fromY + toY) / 2
	return fmt.Sprintf("C%d %d %d %d %d %d", fromX, middle, toX, middle, toX, toY)
}

// pill is a badge next to a revision.
type pill struct{ class, text string }

func (c Commit) pills() []pill {
	var all []pill
	if c.Head {
		all = append(all, pill{"added", "head"})
	}
	if c.Current {
		all = append(all, pill{"changed", "current"})
	}
	for _, l := range c.Labels {
		all = append(all, pill{"label", cut(l, longestName)})
	}
	return all
}

// notes returns the text after a message.
func (c Commit) notes() string {
	return strings.Join(append(slices.Clone(c.Notes), c.Created), "  ")
}

func pillWidth(text string) int { return textWidth(text)*smallSize/fontSize + 14 }

func (c Commit) width() int {
	w := textWidth(cut(c.ID, longestName)) + 12
	for _, p := range c.pills() {
		w += pillWidth(p.text) + 6
	}
	return w + textWidth(cut(c.Message, longestWords)) + 16 + textWidth(c.notes())*smallSize/fontSize
}

// commit draws a revision.
func (ch *chart) commit(c *canvas, i, x int) {
	commit, y := ch.commits[i], rowY(i)
	class := fmt.Sprintf("dot%d lane%d", ch.lane[i]%len(lanePalette), ch.lane[i]%len(lanePalette))
	fmt.Fprintf(&c.Builder, "<g>%s\n", tip(commit.describe()))
	fmt.Fprintf(&c.Builder, `<circle class="%s" cx="%d" cy="%d" r="5"/>`+"\n", class, laneX(ch.lane[i]), y)
	if len(commit.Down) > 1 { // a merge is hollow
		fmt.Fprintf(&c.Builder, `<circle class="page" cx="%d" cy="%d" r="2.5"/>`+"\n", laneX(ch.lane[i]), y)
	}
	id := cut(commit.ID, longestName)
	c.text(x, y+4, "id", id)
	x += textWidth(id) + 12
	for _, p := range commit.pills() {
		w := pillWidth(p.text)
		fmt.Fprintf(&c.Builder, `<rect class="pill %s" x="%d" y="%d" width="%d" height="18" rx="9"/>`+"\n", p.class,
			x, y-9, w)
		c.text(x+7, y+4, "small "+p.class, p.text)
		x += w + 6
	}
	message := cut(commit.Message, longestWords)
	c.text(x, y+4, "", message)
	c.text(x+textWidth(message)+16, y+4, "quiet small", commit.notes())
	c.WriteString("</g>\n")
}

// describe returns a revision as text, for tooltips and screen readers.
func (c Commit) describe() string {
	text := c.ID
	var marks []string
	for _, p := range c.pills() {
		marks = append(marks, p.text)
	}
	if len(marks) > 0 {
		text += " (" + joined(marks) + ")"
	}
	if c.Message != "" {
		text += ", " + c.Message
	}
	if len(c.Down) > 0 {
		text += ", revises " + joined(c.Down)
	}
	if len(c.Needs) > 0 {
		text += ", depends on " + joined(c.Needs)
	}
	return text
}

func describeHistory(commits []Commit) string {
	if len(commits) == 0 {
		return "There are no revisions."
	}
	lines := make([]string, 0, len(commits))
	for _, c := range commits {
		lines = append(lines, c.describe())
	}
	return "Newest first: " + strings.Join(lines, "; ") + "."
}
