package graph

import (
	"strconv"
	"strings"
)

// identifier is a target taken apart: [label@][name][±steps]. Without steps the name
// is never empty, unless what was written is wrong.
type identifier struct {
	text     string // as written
	label    string
	name     string
	relative string // the steps with their sign as written; empty if absolute
	steps    int    // their value
}

// parse takes a target apart. A label may hold a dash ("release-2"), so a name known
// as it stands is not read as relative, and only steps at the very end count.
func (g *Graph) parse(text string) identifier {
	id := identifier{text: text, name: text}
	if label, name, found := strings.Cut(text, "@"); found {
		id.label, id.name = label, name
	}
	if _, known := g.names[id.name]; known {
		return id
	}
	at := strings.LastIndexAny(id.name, "+-")
	if at < 0 || !isDigits(id.name[at+1:]) || strings.ContainsAny(id.name[:at], "+-") {
		return id
	}
	id.relative = id.name[at:]
	id.name = id.name[:at]
	id.steps = stepCount(id.relative)
	return id
}

// isFree reports a relative identifier that names no revision to count from.
func (id identifier) isFree() bool { return id.relative != "" && id.name == "" }

// up reports "+N" with a positive N; "+0" counts as standing still.
func (id identifier) up() bool { return id.steps > 0 }

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// stepCount reads signed steps. More than fit are as good as infinitely many.
func stepCount(text string) int {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil && text[0] == '-' {
		return -1 << 31
	}
	if err != nil {
		return 1<<31 - 1
	}
	return int(n)
}

// Range is what history shows: from Lower up to Upper, both included. Empty means
// everything on that side.
type Range struct{ Lower, Upper string }

// ParseRange reads "a:b", "a:" or ":b"; the error is [ErrRangeForm]. Each side is any
// identifier. A lower "-N" counts down from the upper end, an upper "+N" up from the
// lower end.
func ParseRange(text string) (Range, error) {
	lower, upper, found := strings.Cut(strings.TrimSpace(text), ":")
	if !found || strings.Contains(upper, ":") {
		return Range{}, ErrRangeForm
	}
	return Range{Lower: strings.TrimSpace(lower), Upper: strings.TrimSpace(upper)}, nil
}
