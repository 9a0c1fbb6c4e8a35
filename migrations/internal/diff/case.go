package diff

import (
	"slices"
	"strings"

	"guestlist/migrations/schema"
)

// withCase adds renames of the tables and columns whose names differ only in case: they are the same to SQLite
// (https://www.sqlite.org/lang_keywords.html), so they must be renames. Names that the renames already mention are left
// out, and so are names that are ambiguous without case.
func withCase(from, to schema.Schema, renames []Rename) []Rename {
	renames = slices.Clone(renames)
	was, is := from.Names(), to.Names()
	for _, p := range refolded(was, is) {
		renames = addRename(renames, Rename{Kind: Table, From: p.from, To: p.to})
	}
	for _, t := range from.Tables() {
		now, stays := to.Table(renamedTable(t.Name, renames))
		if !stays || slices.Equal(t.Columns, now.Columns) {
			continue
		}
		for _, p := range refolded(columnNames(t), columnNames(now)) {
			renames = addRename(renames, Rename{Kind: Column, Table: t.Name, From: p.from, To: p.to})
		}
	}
	return renames
}

// addRename adds a rename unless it overlaps another.
func addRename(renames []Rename, r Rename) []Rename {
	if slices.ContainsFunc(renames, r.Overlaps) {
		return renames
	}
	return append(renames, r)
}

// refolded pairs the names that differ only in case between the two lists.
func refolded(was, is []string) []pair {
	var pairs []pair
	folds := func(list []string, name string) int {
		n := 0
		for _, other := range list {
			if strings.EqualFold(other, name) {
				n++
			}
		}
		return n
	}
	known := make(map[string]bool, len(is))
	byFold := make(map[string]string, len(is))
	for _, name := range is {
		known[name], byFold[strings.ToLower(name)] = true, name
	}
	for _, name := range was {
		other, ok := byFold[strings.ToLower(name)]
		if ok && !known[name] && folds(was, name) == 1 && folds(is, name) == 1 {
			pairs = append(pairs, pair{name, other})
		}
	}
	return pairs
}

func columnNames(t schema.Table) []string {
	var names []string
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	return names
}
