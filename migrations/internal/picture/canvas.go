package picture

import (
	"fmt"
	"strings"

	"guestlist/migrations/internal/layout"
)

// canvas is an SVG that is being written. It has no scripts, and loads nothing.
type canvas struct{ strings.Builder }

// begin writes what comes before the elements: the size, the title, a description for screen readers, and the colours.
func (c *canvas) begin(width, height int, title, description string, lanes int) {
	fmt.Fprintf(&c.Builder,
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[2]d" width="%[1]d" height="%[2]d" `+
			`role="img" aria-labelledby="title description">`+"\n", width, height)
	fmt.Fprintf(&c.Builder, `<title id="title">%s</title>`+"\n", escapeXML(title))
	fmt.Fprintf(&c.Builder, `<desc id="description">%s</desc>`+"\n", escapeXML(description))
	c.WriteString(stylesheet(lanes))
	fmt.Fprintf(&c.Builder, `<rect class="page" width="%d" height="%d"/>`+"\n", width, height)
}

func (c *canvas) end() string {
	c.WriteString("</svg>\n")
	return c.String()
}

// text writes a text that begins at a place. Letters that may be wider than textWidth assumes are made to fit.
func (c *canvas) text(x, y int, class, text string) { c.write(x, y, class, "", text) }

// textTo writes a text that ends at a place.
func (c *canvas) textTo(x, y int, class, text string) {
	c.write(x, y, class, ` text-anchor="end"`, text)
}

func (c *canvas) write(x, y int, class, anchor, text string) {
	text = visible(text)
	if strings.IndexFunc(text, func(r rune) bool { return r > 0xFF && r != '…' && r != '→' && r != '−' }) >= 0 {
		anchor += fmt.Sprintf(` textLength="%d" lengthAdjust="spacingAndGlyphs"`, textWidth(text)*sizeOf(class)/fontSize)
	}
	if class != "" {
		class = ` class="` + class + `"`
	}
	fmt.Fprintf(&c.Builder, `<text x="%d" y="%d"%s%s>%s</text>`+"\n", x, y, class, anchor, escapeXML(text))
}

// sizeOf is the size of the letters of a class.
func sizeOf(class string) int {
	for word := range strings.FieldsSeq(class) {
		switch word {
		case "title":
			return titleSize
		case "name":
			return nameSize
		case "small":
			return smallSize
		}
	}
	return fontSize
}

// line draws a line with round corners.
func (c *canvas) line(class, title string, points []layout.Point) {
	fmt.Fprintf(&c.Builder, `<path class="%s" d="%s">%s</path>`+"\n", class, shape(points), tip(title))
}

// tip is the text that an element shows when the pointer rests on it.
func tip(text string) string {
	if text == "" {
		return ""
	}
	return "<title>" + escapeXML(visible(text)) + "</title>"
}

// corner is the radius of corners.
const corner = 6

func shape(points []layout.Point) string {
	var w strings.Builder
	for i, p := range points {
		if i == 0 {
			fmt.Fprintf(&w, "M%d %d", p.X, p.Y)
			continue
		}
		if i == len(points)-1 {
			fmt.Fprintf(&w, "L%d %d", p.X, p.Y)
			continue
		}
		before, after := toward(p, points[i-1]), toward(p, points[i+1])
		fmt.Fprintf(&w, "L%d %dQ%d %d %d %d", before.X, before.Y, p.X, p.Y, after.X, after.Y)
	}
	return w.String()
}

// toward is where a corner begins, on the way to the point before or after it.
func toward(p, other layout.Point) layout.Point {
	dx, dy := other.X-p.X, other.Y-p.Y
	if dx != 0 {
		return layout.Point{X: p.X + clampTo(dx), Y: p.Y}
	}
	return layout.Point{X: p.X, Y: p.Y + clampTo(dy)}
}

// clampTo is a step in the direction of a distance: half of it, and no more than the radius.
func clampTo(d int) int { return max(-corner, min(corner, d/2)) }
