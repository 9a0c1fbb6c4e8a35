package picture

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// TestTextsCanBeRead checks that texts have a contrast of at least 4.5 to 1 with what is behind them, on light and dark
// pages (https://www.w3.org/TR/WCAG22/#contrast-minimum).
func TestTextsCanBeRead(t *testing.T) {
	t.Parallel()
	find := func(selector, property string) colours {
		for _, c := range palette {
			for one := range strings.SplitSeq(c.selector, ",") {
				if one == selector && c.property == property {
					return c
				}
			}
		}
		t.Fatalf("no colour for %s", selector)
		return colours{}
	}
	for text, behind := range map[string][]string{
		"text":         {".page", ".box", ".head", ".row.added", ".row.removed", ".row.changed"},
		".quiet":       {".page", ".box", ".row.added", ".row.removed", ".row.changed"},
		".pk":          {".box", ".row.added", ".row.removed", ".row.changed"},
		".fk":          {".box", ".row.added", ".row.removed", ".row.changed"},
		".uq":          {".box", ".row.added", ".row.removed", ".row.changed"},
		"text.added":   {".page", ".row.added", ".pill.added"},
		"text.removed": {".page", ".row.removed"},
		"text.changed": {".page", ".row.changed", ".pill.changed"},
		"text.label":   {".pill.label"},
	} {
		for _, b := range behind {
			front, back := find(text, "fill"), find(b, "fill")
			for page, got := range map[string]float64{"light": contrast(front.light, back.light),
				"dark": contrast(front.dark, back.dark)} {
				if got < 4.5 {
					t.Errorf("%s on %s has a contrast of %.2f on a %s page, want at least 4.5", text, b, got, page)
				}
			}
		}
	}
}

func contrast(a, b string) float64 {
	first, second := luminance(a), luminance(b)
	return (max(first, second) + 0.05) / (min(first, second) + 0.05)
}

// luminance returns how bright a colour is.
func luminance(colour string) float64 {
	n, _ := strconv.ParseUint(colour[1:], 16, 32)
	channel := func(shift int) float64 {
		c := float64(n>>shift&0xFF) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}
