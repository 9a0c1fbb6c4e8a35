package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// checkMap runs a case of Alembic's RevisionMap.
func (c recordedCase) checkMap(g *Graph) error {
	a := c.Args
	switch c.Op {
	case "load":
		return c.checkLoad(g)
	case "add_revision":
		return c.checkAdd(g)
	case "heads":
		return c.checkIDs(g.Heads(), nil)
	case "bases":
		return c.checkIDs(g.ids(g.bases), nil)
	case "real_heads":
		return c.checkIDs(g.RealHeads(), nil)
	case "real_bases":
		return c.checkIDs(g.ids(g.realBases), nil)
	case "get_all_current":
		return c.checkIDs(g.Current(closure(g, a.list("id_"))))
	case "ancestors", "descendants":
		return c.checkRelated(g)
	case "filter_for_lineage":
		return c.checkLineage(g)
	case "topological_sort":
		return c.checkSort(g)
	case "iterate":
		return c.checkIterate(g)
	}
	return c.checkLookup(g)
}

// checkLookup runs the cases that find revisions by name.
func (c recordedCase) checkLookup(g *Graph) error {
	a := c.Args
	switch c.Op {
	case "get_revision":
		return c.checkOne(resolveOne(g, strings.Join(a.list("id_"), ",")))
	case "get_revisions":
		return c.checkIDs(resolveAll(g, a.list("id_")))
	case "get_current_head":
		return c.checkOne(resolveOne(g, at(a.text("branch_label"), "head")))
	case "resolve_revision_number":
		return c.checkSymbol(g)
	case "walk":
		return c.checkWalk(g)
	case "parse_upgrade_target":
		return c.checkUpgradeTarget(g)
	case "parse_downgrade_target":
		return c.checkDowngradeTarget(g)
	}
	return fmt.Errorf("unknown operation %q", c.Op)
}

// checkOne compares a single revision; null means <base>.
func (c recordedCase) checkOne(got string, err error) error {
	if err != nil || c.Error != nil {
		return c.checkError(err)
	}
	if want := strings.Join(toList(c.Result), ","); got != want {
		return fmt.Errorf("result %q, want %q", got, want)
	}
	return nil
}

// resolveOne returns the one revision that a target names, or "" for <base>.
func resolveOne(g *Graph, target string) (string, error) {
	ids, err := g.Resolve(target, nil)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	if len(ids) > 1 {
		return "", &MultipleHeadsError{Argument: target, Heads: ids}
	}
	return ids[0], nil
}

func resolveAll(g *Graph, targets []string) ([]string, error) {
	var out []string
	for _, target := range targets {
		ids, err := g.Resolve(target, nil)
		if err != nil {
			return nil, err
		}
		out = append(out, ids...)
	}
	return out, nil
}

func isBase(r Revision) bool { return len(r.Down) == 0 }

// loaded is a whole graph as the recorder stores it.
type loaded struct {
	Heads     []string              `json:"heads"`
	RealHeads []string              `json:"real_heads"`
	Bases     []string              `json:"bases"`
	RealBases []string              `json:"real_bases"`
	Nodes     map[string]loadedNode `json:"nodes"`
}

type loadedNode struct {
	Labels     []string `json:"branch_labels"`
	Resolved   []string `json:"resolved_dependencies"`
	Normalised []string `json:"normalized_dependencies"`
	Next       []string `json:"next"`
	AllNext    []string `json:"all_next"`
	Head       bool     `json:"is_head"`
	RealHead   bool     `json:"is_real_head"`
	Base       bool     `json:"is_base"`
	RealBase   bool     `json:"is_real_base"`
	Branch     bool     `json:"is_branch_point"`
	RealBranch bool     `json:"is_real_branch_point"`
	Merge      bool     `json:"is_merge_point"`
}

func (c recordedCase) checkLoad(g *Graph) error {
	if c.Error != nil {
		return c.checkError(nil)
	}
	var want loaded
	data := asJSON(c.Result)
	if err := json.Unmarshal(data, &want); err != nil {
		return err
	}
	faults := []error{
		c.checkList("heads", g.Heads(), want.Heads),
		c.checkList("real heads", g.RealHeads(), want.RealHeads),
		c.checkList("bases", g.ids(g.bases), want.Bases),
		c.checkList("real bases", g.ids(g.realBases), want.RealBases),
	}
	if g.Len() != len(want.Nodes) {
		faults = append(faults, fmt.Errorf("%d revisions, want %d", g.Len(), len(want.Nodes)))
	}
	for _, r := range g.Revisions() {
		faults = append(faults, checkLoadedNode(r, want.Nodes[r.ID]))
	}
	return errors.Join(faults...)
}

func checkLoadedNode(r Revision, want loadedNode) error {
	got := []bool{r.IsHead(), r.IsRealHead(), isBase(r), isBase(r) && len(r.DependsOn) == 0,
		r.IsBranchPoint(), len(r.AllNext) > 1, r.IsMergePoint()}
	flags := []bool{want.Head, want.RealHead, want.Base, want.RealBase,
		want.Branch, want.RealBranch, want.Merge}
	var failure error
	if !slices.Equal(got, flags) {
		failure = fmt.Errorf("%s: flags %v, want %v", r.ID, got, flags)
	}
	return errors.Join(failure,
		checkSet(r.ID+" labels", r.Branches, want.Labels),
		checkSet(r.ID+" dependencies", r.Dependencies, unique(want.Resolved)),
		checkSet(r.ID+" parents", r.Parents, unique(append(r.Down, want.Normalised...))),
		checkSet(r.ID+" next", r.Next, want.Next),
		checkSet(r.ID+" all next", r.AllNext, want.AllNext))
}

func (c recordedCase) checkAdd(g *Graph) error {
	var node recordedNode
	data := asJSON(c.Args["revision"])
	if err := json.Unmarshal(data, &node); err != nil {
		return err
	}
	bigger, err := g.With(toNode(node, g.Len()+1))
	if err != nil {
		return c.checkError(err)
	}
	return c.checkLoad(bigger)
}

func (c recordedCase) checkRelated(g *Graph) error {
	targets, unknown := g.known(c.Args.list("targets"))
	if len(unknown) > 0 {
		return fmt.Errorf("unknown targets %v", unknown)
	}
	if c.Args.flag("check") {
		if err := g.checkOverlap(targets, withDependencies); err != nil {
			return c.checkError(err)
		}
	}
	s := scope(c.Args.flag("include_dependencies"))
	set := g.ancestors(targets, s)
	if c.Op == "descendants" {
		set = g.descendants(targets, s)
	}
	return c.checkIDs(g.ids(set.members()), nil)
}

func (c recordedCase) checkLineage(g *Graph) error {
	targets, _ := g.known(c.Args.list("targets"))
	id := g.parse(c.Args.text("check_against"))
	against, err := g.resolve(id)
	if err != nil {
		return c.checkError(err)
	}
	if id.label != "" {
		branch, err := g.lookup(id.label, "")
		if err != nil {
			return c.checkError(err)
		}
		against = append(against, branch)
	}
	if len(against) == 0 {
		return c.checkIDs(g.ids(targets), nil)
	}
	line := g.lineage(against, scope(c.Args.flag("include_dependencies")))
	return c.checkIDs(g.ids(line.only(targets)), nil)
}

func (c recordedCase) checkSort(g *Graph) error {
	revs, _ := g.known(c.Args.list("revisions"))
	heads, _ := g.known(c.Args.list("heads"))
	set := newBitset(g.Len())
	for _, r := range revs {
		set.add(r)
	}
	order, _ := g.sortDown(set, heads)
	return c.checkIDs(g.ids(order), nil)
}
