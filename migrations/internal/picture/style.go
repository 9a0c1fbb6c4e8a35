package picture

import (
	"fmt"
	"slices"
	"strings"
)

// colours are the colours of a class of elements on a light and on a dark page.
type colours struct{ selector, property, light, dark string }

// palette has a contrast of at least 4.5 to 1 for text, on both pages.
var palette = []colours{
	{".page", "fill", "#ffffff", "#0d1117"},
	{"text", "fill", "#1f2328", "#e6edf3"},
	{".quiet", "fill", "#59636e", "#9198a1"},
	{".box", "fill", "#ffffff", "#151b23"},
	{".box,.rule", "stroke", "#c4ccd5", "#3d444d"},
	{".head", "fill", "#eff2f5", "#212830"},
	{".pk", "fill", "#8a5a00", "#e3b341"},
	{".fk", "fill", "#0757b3", "#79b8ff"},
	{".uq", "fill", "#7437c4", "#c9a4ff"},
	{".line,.end", "stroke", "#7d8896", "#768390"},
	{".end", "fill", "#ffffff", "#0d1117"},
	{".added .box,.line.added,.end.added", "stroke", "#1a7f37", "#3fb950"},
	{".removed .box,.line.removed,.end.removed", "stroke", "#cf222e", "#f85149"},
	{".changed .box,.line.changed,.end.changed", "stroke", "#9a6700", "#d29922"},
	{".pill.added", "stroke", "#1a7f37", "#3fb950"},
	{".pill.changed", "stroke", "#9a6700", "#d29922"},
	{".pill.label", "stroke", "#0969da", "#58a6ff"},
	{".pill.label", "fill", "#ddf0ff", "#10233a"},
	{"text.label", "fill", "#0550ae", "#79b8ff"},
	{".added .head,.row.added,.pill.added", "fill", "#dafbe1", "#12331d"},
	{".removed .head,.row.removed", "fill", "#ffebe9", "#3c1618"},
	{".changed .head,.row.changed,.pill.changed", "fill", "#fff1b8", "#38290b"},
	{"text.added", "fill", "#116329", "#56d364"},
	{"text.removed", "fill", "#b31d28", "#ff8f87"},
	{"text.changed", "fill", "#7a5200", "#e3b341"},
}

// lanePalette are the colours of the lines of a history.
var lanePalette = [][2]string{
	{"#0969da", "#58a6ff"}, {"#1a7f37", "#3fb950"}, {"#9a6700", "#d29922"}, {"#8250df", "#bc8cff"},
	{"#cf222e", "#f85149"}, {"#0e7490", "#39c5cf"},
}

const plainStyle = `text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",` +
	`"DejaVu Sans Mono",monospace;direction:ltr;white-space:pre}
.title{font-size:15px;font-weight:bold}.name{font-weight:bold;font-size:13px}` +
	`.key{font-size:9.5px;font-weight:bold}.small{font-size:11px}
.box{stroke-width:1}.added .box,.removed .box,.changed .box{stroke-width:1.6}` +
	`.removed .box,.line.removed{stroke-dasharray:5 3}
.line{fill:none;stroke-width:1.3}.end{stroke-width:1.3}.foot,.bar{fill:none}
.strand{fill:none;stroke-width:2}.needs{stroke-dasharray:3 4}.id{font-weight:bold}.pill{stroke-width:1}
.added.line,.removed.line,.changed.line{stroke-width:1.8}.gone{text-decoration:line-through}
`

// stylesheet returns the rules for both pages and for a number of lanes.
func stylesheet(lanes int) string {
	all := slices.Clone(palette)
	for i := range min(lanes, len(lanePalette)) {
		all = append(all,
			colours{fmt.Sprintf(".lane%d", i), "stroke", lanePalette[i][0], lanePalette[i][1]},
			colours{fmt.Sprintf(".dot%d", i), "fill", lanePalette[i][0], lanePalette[i][1]})
	}
	var w strings.Builder
	w.WriteString("<style>\n" + plainStyle)
	for _, c := range all {
		fmt.Fprintf(&w, "%s{%s:%s}\n", c.selector, c.property, c.light)
	}
	w.WriteString("@media (prefers-color-scheme:dark){\n")
	for _, c := range all {
		fmt.Fprintf(&w, "%s{%s:%s}\n", c.selector, c.property, c.dark)
	}
	w.WriteString("}\n</style>\n")
	return w.String()
}
