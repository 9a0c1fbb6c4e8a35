package graph

import (
	"strconv"
	"strings"
)

// identifier is a parsed target: [label@][name][±steps]. In a valid one, name or steps is set.
type identifier struct {
	text     string // as written
	label    string
	name     string
	relative string // the steps as written, with their sign; empty if absolute
	steps    int    // the value of relative
}

// parse parses a target. A label may contain a dash ("release-2"), so a known name is never relative, and only steps at
// the very end count.
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

// isFree reports whether the identifier is relative without a revision to count from.
func (id identifier) isFree() bool { return id.relative != "" && id.name == "" }

// up reports whether the steps are "+N" with a positive N.
func (id identifier) up() bool { return id.steps > 0 }

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// stepCount parses signed steps, and limits them to 32 bits, as ParseInt does when it fails for a number out of range.
func stepCount(text string) int {
	n, _ := strconv.ParseInt(text, 10, 32)
	return int(n)
}

// Range is a range of revisions from Lower up to Upper, both included. An empty end is open.
type Range struct{ Lower, Upper string }

// ParseRange parses "a:b", "a:" or ":b"; the error is [ErrRangeForm]. Each end is any identifier. A lower "-N" counts
// down from the upper end, an upper "+N" up from the lower end.
func ParseRange(text string) (Range, error) {
	lower, upper, found := strings.Cut(strings.TrimSpace(text), ":")
	if !found || strings.Contains(upper, ":") {
		return Range{}, ErrRangeForm
	}
	return Range{Lower: strings.TrimSpace(lower), Upper: strings.TrimSpace(upper)}, nil
}
