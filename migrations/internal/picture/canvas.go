package picture

import (
	"fmt"
	"strings"

	"guestlist/migrations/internal/layout"
)

// canvas is an unfinished SVG. It has no scripts, and loads nothing.
type canvas struct{ strings.Builder }

// begin writes the size, the title, the description for screen readers, and the colours.
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

// text writes a text that begins at a point. Letters that may be wider than textWidth assumes are scaled to fit.
func (c *canvas) text(x, y int, class, text string) { c.write(x, y, class, "", text) }

// textTo writes a text that ends at a point.
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

// sizeOf returns the font size of a class.
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

// tip returns a tooltip.
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

// toward returns the point at which a corner begins, on the line to a neighbouring point.
func toward(p, other layout.Point) layout.Point {
	dx, dy := other.X-p.X, other.Y-p.Y
	if dx != 0 {
		return layout.Point{X: p.X + clampTo(dx), Y: p.Y}
	}
	return layout.Point{X: p.X, Y: p.Y + clampTo(dy)}
}

// clampTo returns half the distance, at most the radius of a corner.
func clampTo(d int) int { return max(-corner, min(corner, d/2)) }
