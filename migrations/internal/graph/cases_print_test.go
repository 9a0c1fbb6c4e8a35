package graph

import (
	"slices"
	"strings"
)

// The functions below print the output of the commands, as far as the comparison needs it.

func (cmd *command) print() ([]string, error) {
	switch cmd.name {
	case "heads":
		return cmd.printHeads()
	case "branches":
		return cmd.printBranches(), nil
	case "current":
		return cmd.printCurrent()
	case "history":
		return cmd.printHistory()
	}
	ids, err := cmd.g.Resolve(cmd.arg("head"), cmd.applied)
	var out []string
	for _, id := range ids {
		out = append(out, cmd.describe(id)...)
	}
	return out, err
}

func (cmd *command) printHeads() ([]string, error) {
	heads := cmd.g.Heads()
	if cmd.option("--resolve-dependencies") != "" {
		heads = cmd.g.RealHeads()
	}
	var out []string
	for _, id := range heads {
		r, _ := cmd.g.Revision(id)
		out = append(out, id+labelMark(r)+headMark(r))
	}
	return out, nil
}

func (cmd *command) printBranches() []string {
	var out []string
	for _, id := range cmd.g.BranchPoints() {
		r, _ := cmd.g.Revision(id)
		out = append(out, id+labelMark(r)+headMark(r)+shapeMark(r))
		for _, next := range r.Next {
			n, _ := cmd.g.Revision(next)
			out = append(out, strings.Repeat(" ", len(id))+" -> "+next+labelMark(n)+headMark(n)+shapeMark(n))
		}
		out = append(out, "")
	}
	return out
}

func (cmd *command) printCurrent() ([]string, error) {
	if cmd.option("--check-heads") != "" {
		if err := cmd.g.CheckHeads(cmd.applied); err != nil {
			return nil, err
		}
	}
	ids, err := cmd.g.Current(cmd.applied)
	var out []string
	for _, id := range ids {
		r, _ := cmd.g.Revision(id)
		out = append(out, id+headMark(r)+shapeMark(r))
	}
	return out, err
}

func (cmd *command) printHistory() ([]string, error) {
	var shown Range
	if text := cmd.option("-r", "--rev-range"); text != "" {
		var err error
		if shown, err = ParseRange(text); err != nil {
			return nil, err
		}
	}
	ids, err := cmd.g.History(shown, cmd.applied)
	var out []string
	for _, id := range ids {
		r, _ := cmd.g.Revision(id)
		current := ""
		if cmd.option("-i", "--indicate-current") != "" && slices.Contains(cmd.rows, id) {
			current = " (current)"
		}
		from := parentText(r)
		if len(r.DependsOn) > 0 {
			from += " (" + strings.Join(r.DependsOn, ", ") + ")"
		}
		out = append(out, from+" -> "+id+labelMark(r)+headMark(r)+current+shapeMark(r)+", "+doc(id))
	}
	return out, err
}

// describe returns the long form that the show command prints.
func (cmd *command) describe(id string) []string {
	r, _ := cmd.g.Revision(id)
	head, parent := "", "Parent: "
	if r.IsHead() {
		head = " (head)"
	}
	if r.IsMergePoint() {
		parent = "Merges: "
	}
	out := []string{"Rev: " + id + head + shapeMark(r), parent + parentText(r)}
	for _, list := range []struct {
		title string
		names []string
	}{
		{"Also depends on: ", r.DependsOn},
		{"Branches into: ", branchesInto(r)},
		{"Branch names: ", r.Branches},
	} {
		if len(list.names) > 0 {
			out = append(out, list.title+strings.Join(list.names, ", "))
		}
	}
	return append(out, "Path: "+r.File, "", "    "+doc(id), "")
}

func branchesInto(r Revision) []string {
	if !r.IsBranchPoint() {
		return nil
	}
	return r.Next
}

func parentText(r Revision) string {
	if isBase(r) {
		return "<base>"
	}
	return strings.Join(r.Down, ", ")
}

func labelMark(r Revision) string {
	if len(r.Branches) == 0 {
		return ""
	}
	return " (" + strings.Join(r.Branches, ", ") + ")"
}

func headMark(r Revision) string {
	switch {
	case r.IsRealHead():
		return " (head)"
	case r.IsHead():
		return " (effective head)"
	}
	return ""
}

func shapeMark(r Revision) string {
	mark := ""
	if r.IsBranchPoint() {
		mark += " (branchpoint)"
	}
	if r.IsMergePoint() {
		mark += " (mergepoint)"
	}
	return mark
}

// doc returns the message that the recorder gave the revision.
func doc(id string) string {
	if id == "mergerev0001" {
		return "merge heads"
	}
	return "rev " + id
}
