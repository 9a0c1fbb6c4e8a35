package picture

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/internal/layout"
)

// margin is the margin of a picture, in pixels.
const margin = 20

// scene is a diagram with the positions of its boxes and lines.
type scene struct {
	boxes   []box
	keys    []Key // with both tables in the diagram
	drawing layout.Drawing
	top     int
}

// SVG returns the diagram as SVG.
func (d Diagram) SVG() string {
	s := d.scene()
	var c canvas
	width := max(s.drawing.Width, textWidth(d.Title)*titleSize/fontSize, textWidth(d.summary()),
		textWidth(d.legend())) + 2*margin
	height := s.top + s.drawing.Height + 44
	c.begin(width, height, d.Title, d.description(), 0)
	c.text(margin, 32, "title", d.Title)
	if d.summary() != "" {
		c.text(margin, 50, "quiet", d.summary())
	}
	for i, k := range s.keys {
		s.line(&c, k, s.drawing.Lines[i])
	}
	for i := range s.boxes {
		s.boxes[i].draw(&c, s.at(s.drawing.Boxes[i]))
	}
	c.text(margin, height-16, "quiet small", d.legend())
	return c.end()
}

// scene places the boxes and the lines.
func (d Diagram) scene() scene {
	s := scene{top: 56}
	if d.summary() != "" {
		s.top += 14
	}
	index := map[string]int{}
	var sizes []layout.Box
	for i, t := range d.Tables {
		b := newBox(t, d.Compared)
		index[t.Name] = i
		s.boxes = append(s.boxes, b)
		sizes = append(sizes, layout.Box{Width: b.width, Height: b.height})
	}
	for _, k := range d.Keys {
		_, from := index[k.Table]
		_, to := index[k.To]
		if from && to {
			s.keys = append(s.keys, k)
		}
	}
	s.drawing = layout.Draw(sizes, s.lines(index))
	return s
}

// lines returns the lines of the keys, each from the referenced table. Lines of one kind from one column share their
// route.
func (s *scene) lines(index map[string]int) []layout.Line {
	var lines []layout.Line
	kinds := map[layout.End][]int{}
	for _, k := range s.keys {
		to := index[k.To]
		from := index[k.Table]
		l := layout.Line{
			From:  layout.End{Box: to, Y: s.boxes[to].port(k.RefColumns)},
			To:    layout.End{Box: from, Y: s.boxes[from].port(k.Columns)},
			Group: int(k.Mark) * 2,
		}
		if k.Optional {
			l.Group++
		}
		if !slices.Contains(kinds[l.From], l.Group) {
			kinds[l.From] = append(kinds[l.From], l.Group)
		}
		lines = append(lines, l)
	}
	for i, l := range lines {
		all := kinds[l.From]
		lines[i].From.Y += (2*slices.Index(all, l.Group) - len(all) + 1) * 3
	}
	return lines
}

func (s *scene) at(p layout.Point) layout.Point { return layout.Point{X: p.X + margin, Y: p.Y + s.top} }

// line draws a foreign key, with its ends: a foot for many rows, a bar for one, a circle for none.
func (s *scene) line(c *canvas, k Key, points []layout.Point) {
	moved := make([]layout.Point, 0, len(points))
	for _, p := range points {
		moved = append(moved, s.at(p))
	}
	said := k.String()
	if k.Mark != Same {
		said = k.Mark.String() + ": " + said
	}
	if len(k.Was) > 0 {
		said += ", was " + joined(k.Was)
	}
	c.line(strings.TrimSpace("line "+k.Mark.String()), said, moved)
	last := len(moved) - 1
	class := strings.TrimSpace("end " + k.Mark.String())
	c.one(class, moved[0], outward(moved[0], moved[1]), k.Optional)
	c.some(class, moved[last], outward(moved[last], moved[last-1]), k.Single)
	if k.Mark != Same {
		at := moved[last]
		x := at.X + 17*outward(at, moved[last-1])
		c.write(x, at.Y-6, "key "+k.Mark.String(), ` text-anchor="middle"`, k.Mark.Sign())
	}
}

// outward returns the direction of a line away from its box: 1 or -1.
func outward(end, next layout.Point) int { return cmp.Or(cmp.Compare(next.X, end.X), 1) }

// one draws the end of a line at the referenced table.
func (c *canvas) one(class string, at layout.Point, out int, optional bool) {
	c.bar(class, at.X+5*out, at.Y)
	if optional {
		c.circle(class, at.X+11*out, at.Y)
	} else {
		c.bar(class, at.X+9*out, at.Y)
	}
}

// some draws the end of a line at the referring table.
func (c *canvas) some(class string, at layout.Point, out int, single bool) {
	c.circle(class, at.X+13*out, at.Y)
	if single {
		c.bar(class, at.X+6*out, at.Y)
		return
	}
	fmt.Fprintf(&c.Builder, `<path class="%s foot" d="M%d %dL%d %dL%d %d"/>`+"\n", class, at.X, at.Y-5, at.X+10*out, at.Y,
		at.X, at.Y+5)
}

func (c *canvas) bar(class string, x, y int) {
	fmt.Fprintf(&c.Builder, `<path class="%s bar" d="M%d %dV%d"/>`+"\n", class, x, y-5, y+5)
}

func (c *canvas) circle(class string, x, y int) {
	fmt.Fprintf(&c.Builder, `<circle class="%s" cx="%d" cy="%d" r="3"/>`+"\n", class, x, y)
}

// draw draws a table.
func (b *box) draw(c *canvas, at layout.Point) {
	mark := b.table.Mark.String()
	fmt.Fprintf(&c.Builder, `<g class="%s">%s`+"\n", strings.TrimSpace("table "+mark), tip(b.table.tip()))
	fmt.Fprintf(&c.Builder, `<rect class="box" x="%d" y="%d" width="%d" height="%d" rx="5"/>`+"\n", at.X, at.Y,
		b.width, b.height)
	b.drawHead(c, at)
	for _, r := range b.rows {
		b.drawRow(c, at, r)
	}
	c.WriteString("</g>\n")
}

func (t Table) tip() string {
	if t.Comment == "" {
		return t.Name
	}
	return t.Name + ": " + t.Comment
}

func (b *box) drawHead(c *canvas, at layout.Point) {
	x, y, w, h := at.X, at.Y, b.width, headHeight
	if len(b.rows) == 0 {
		fmt.Fprintf(&c.Builder, `<rect class="head" x="%d" y="%d" width="%d" height="%d" rx="4"/>`+"\n", x+1, y+1, w-2, h-2)
	} else {
		fmt.Fprintf(&c.Builder, `<path class="head" d="M%d %dV%dQ%d %d %d %dH%dQ%d %d %d %dV%dZ"/>`+"\n",
			x+1, y+h, y+5, x+1, y+1, x+5, y+1, x+w-5, x+w-1, y+1, x+w-1, y+5, y+h)
		fmt.Fprintf(&c.Builder, `<path class="rule" d="M%d %dH%d"/>`+"\n", x, y+h, x+w)
	}
	class := "name"
	if b.table.Mark == Removed {
		class += " gone"
	}
	c.text(x+boxPad, y+19, class, cut(b.table.Name, longestName))
	if tag := b.table.tag(); tag != "" {
		c.textTo(x+w-boxPad, y+18, b.table.Mark.String(), tag)
	}
}

func (b *box) drawRow(c *canvas, at layout.Point, r row) {
	top, base := at.Y+r.y, at.Y+r.y+14
	mark := r.mark.String()
	fmt.Fprintf(&c.Builder, "<g>%s\n", tip(r.tip))
	if r.mark != Same {
		fmt.Fprintf(&c.Builder, `<rect class="row %s" x="%d" y="%d" width="%d" height="%d"/>`+"\n", mark, at.X+1, top,
			b.width-2, rowHeight)
	}
	if r.rule {
		fmt.Fprintf(&c.Builder, `<path class="rule" d="M%d %dH%d"/>`+"\n", at.X, top, at.X+b.width)
	}
	x := at.X + boxPad
	if r.sign != "" {
		c.text(x, base, mark, r.sign)
	}
	if b.compared {
		x += 14
	}
	for n, key := range r.keys {
		c.text(x+18*n, base, "key "+strings.ToLower(key), key)
	}
	class := ""
	if r.quiet {
		class = "quiet"
	}
	if !r.quiet || r.below {
		x = at.X + boxPad + b.gutter
	}
	if r.mark == Removed {
		class = strings.TrimSpace(class + " gone")
	}
	c.text(x, base, class, r.text)
	if r.kind != "" {
		c.textTo(at.X+b.width-boxPad, base, strings.TrimSpace("quiet "+class), r.kind)
	}
	c.WriteString("</g>\n")
}
