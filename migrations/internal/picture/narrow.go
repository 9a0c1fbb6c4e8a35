package picture

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// PatternError is a pattern that is malformed or matches no table of a diagram.
type PatternError struct {
	Pattern string
	Invalid bool     // malformed
	Tables  []string // the tables of the diagram
}

// Error implements error.
func (e *PatternError) Error() string {
	if e.Invalid {
		return fmt.Sprintf("%q is not a valid pattern of table names", e.Pattern)
	}
	return fmt.Sprintf("no table matches %q", e.Pattern)
}

// Narrow returns the diagram with only the tables whose names match one of the patterns, in which * matches any
// characters and ? any one character, and the foreign keys between them. Each pattern must match a table.
func (d Diagram) Narrow(patterns []string) (Diagram, error) {
	if len(patterns) == 0 {
		return d, nil
	}
	wanted := map[string]bool{}
	for _, pattern := range patterns {
		some := false
		for _, t := range d.Tables {
			matches, err := path.Match(strings.TrimSpace(pattern), t.Name)
			if err != nil {
				return d, &PatternError{Pattern: pattern, Invalid: true}
			}
			wanted[t.Name] = wanted[t.Name] || matches
			some = some || matches
		}
		if !some {
			e := &PatternError{Pattern: pattern}
			for _, t := range d.Tables {
				e.Tables = append(e.Tables, t.Name)
			}
			return d, e
		}
	}
	d.Tables = slices.DeleteFunc(slices.Clone(d.Tables), func(t Table) bool { return !wanted[t.Name] })
	d.Keys = slices.DeleteFunc(slices.Clone(d.Keys), func(k Key) bool { return !wanted[k.Table] || !wanted[k.To] })
	return d, nil
}
