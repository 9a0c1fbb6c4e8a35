package graph

import (
	"errors"
	"fmt"
	"strings"
)

// Resolve returns the revisions that a target names: several for "heads" and "current", none for "base". Without a name
// to count from, "+N" counts from the current heads, as in an upgrade, and "-N" down from the heads.
func (g *Graph) Resolve(target string, applied []string) ([]string, error) {
	id := g.parse(target)
	if id.text != "current" && (!id.isFree() || !id.up()) {
		revs, err := g.resolve(id)
		return g.ids(revs), err
	}
	st, err := g.state(applied)
	if err != nil {
		return nil, err
	}
	if id.text == "current" {
		return g.ids(st.heads), nil
	}
	revs, err := g.upgradeTarget(id, st, false)
	return g.ids(revs), err
}

// resolve returns the revisions of an identifier that does not depend on the state.
func (g *Graph) resolve(id identifier) ([]int, error) {
	switch {
	case id.relative == "":
		return g.absolute(id.label, id.name)
	case id.name != "":
		rev, err := g.walkFrom(id, false)
		return some(rev), err
	case id.up():
		return nil, g.unknown(id.text, "it is relative, and there is no revision to count from here")
	}
	return g.belowHeads(id)
}

// some returns a list of the revision, or an empty one for <base>.
func some(rev int) []int {
	if rev == noRevision {
		return nil
	}
	return []int{rev}
}

// belowHeads walks down from every real head of the branch.
func (g *Graph) belowHeads(id identifier) ([]int, error) {
	heads, err := g.onBranch(g.realHeads, id.label)
	if err != nil {
		return nil, err
	}
	var out []int
	for _, head := range heads {
		rev, err := g.walk(head, id, walking{})
		if err != nil {
			return nil, err
		}
		for _, r := range some(rev) {
			out = appendNew(out, r)
		}
	}
	return out, nil
}

// absolute returns the revisions of label@name; the label may be empty.
func (g *Graph) absolute(label, name string) ([]int, error) {
	switch name {
	case "heads":
		if label == "" {
			return g.realHeads, nil
		}
		return g.onBranch(g.heads, label)
	case "head":
		return g.singleHead(label)
	case "base":
		_, err := g.onBranch(nil, label)
		return nil, err
	}
	rev, err := g.lookup(name, label)
	if err != nil {
		return nil, err
	}
	return []int{rev}, nil
}

// singleOrBase is like absolute, but returns at most one revision, or noRevision.
func (g *Graph) singleOrBase(label, name string) (int, error) {
	revs, err := g.absolute(label, name)
	if err != nil || len(revs) == 0 {
		return noRevision, err
	}
	if len(revs) > 1 {
		return noRevision, &MultipleHeadsError{Argument: at(label, name), Heads: g.ids(revs)}
	}
	return revs[0], nil
}

func (g *Graph) singleHead(label string) ([]int, error) {
	heads, err := g.onBranch(g.heads, label)
	if err != nil {
		return nil, err
	}
	if len(heads) > 1 {
		return nil, &MultipleHeadsError{Argument: at(label, "head"), Heads: g.ids(heads)}
	}
	return heads, nil
}

func at(label, name string) string {
	if label == "" {
		return name
	}
	return label + "@" + name
}

// onBranch returns the revisions that are on the branch: above or below the one that the label names. Without a label,
// it returns all of them.
func (g *Graph) onBranch(revs []int, label string) ([]int, error) {
	if label == "" {
		return revs, nil
	}
	branch, err := g.lookup(label, "")
	if err != nil {
		return nil, err
	}
	return g.lineage([]int{branch}, downOnly).only(revs), nil
}

// lookup finds a revision by id, label or unique prefix. It must be on the branch, if one is given.
func (g *Graph) lookup(name, label string) (int, error) {
	if label != "" {
		return g.lookupOnBranch(name, label)
	}
	if _, known := g.ownerOf(name); known {
		return g.exact(name)
	}
	return g.onlyMatch(name, g.byPrefix(name))
}

func (g *Graph) lookupOnBranch(name, label string) (int, error) {
	branch, err := g.lookup(label, "")
	if err != nil {
		return noRevision, err
	}
	members := g.lineage([]int{branch}, downOnly)
	if _, known := g.ownerOf(name); !known {
		var matches []string
		for _, match := range g.byPrefix(name) {
			if owner, _ := g.ownerOf(match); members.has(owner) {
				matches = append(matches, match)
			}
		}
		return g.onlyMatch(name, matches)
	}
	rev, err := g.exact(name)
	if err != nil {
		return noRevision, err
	}
	if !members.has(rev) {
		return noRevision, &UnknownRevisionError{
			Argument: name,
			Reason:   fmt.Sprintf("Revision %s is not a member of branch '%s'", g.revs[rev].ID, label),
		}
	}
	return rev, nil
}

// shortestName is the length of the shortest name that can be given by a prefix, as in Alembic.
const shortestName = 4

func (g *Graph) byPrefix(prefix string) []string {
	if found := withPrefix(g.allNames(), prefix); len(found) > 0 {
		return found
	}
	var replaced []string
	for i := range g.revs {
		replaced = append(replaced, g.revs[i].Replaces...)
	}
	return withPrefix(replaced, prefix)
}

func withPrefix(names []string, prefix string) []string {
	var out []string
	for _, name := range names {
		if prefix != "" && len(name) >= shortestName && strings.HasPrefix(name, prefix) {
			out = append(out, name)
		}
	}
	return out
}

func (g *Graph) onlyMatch(name string, matches []string) (int, error) {
	switch len(matches) {
	case 0:
		return noRevision, g.unknown(name, fmt.Sprintf("No such revision or branch '%s'", name))
	case 1:
		return g.exact(matches[0])
	}
	shown := "'" + strings.Join(matches[:min(3, len(matches))], "', '") + "'"
	return noRevision, &UnknownRevisionError{
		Argument: name,
		Reason:   fmt.Sprintf("Multiple revisions start with '%s': %s...", name, shown),
	}
}

func (g *Graph) unknown(name, reason string) error {
	return &UnknownRevisionError{Argument: name, Reason: reason, Nearest: g.closest(name)}
}

// asked adds the argument and its use to a [MultipleHeadsError].
func asked(err error, argument string, use Use) error {
	if multiple, ok := errors.AsType[*MultipleHeadsError](err); ok {
		return &MultipleHeadsError{Argument: argument, Heads: multiple.Heads, Use: use}
	}
	return err
}
