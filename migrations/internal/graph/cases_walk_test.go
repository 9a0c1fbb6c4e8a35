package graph

import (
	"errors"
	"fmt"
)

// checkIterate runs the walk between two ends on which history and upgrades are based.
func (c recordedCase) checkIterate(g *Graph) error {
	a := c.Args
	if a.flag("select_for_downgrade") {
		return c.checkIterateDown(g)
	}
	s := span{Range: Range{Lower: a.text("lower"), Upper: a.text("upper")}}
	if s.Upper == "" {
		s.Upper = "base"
	}
	var err error
	how := spanning{inclusive: a.flag("inclusive"), branches: a.flag("implicit_base")}
	if !a.flag("assert_relative_length") && len(a.list("upper")) == 1 && len(a.list("lower")) == 1 {
		s, err = g.rangeEnds(Range{Lower: a.list("lower")[0], Upper: a.list("upper")[0]}, nil)
	} else {
		s.lower, s.upper, err = listEnds(g, a)
	}
	if err != nil {
		return c.checkError(err)
	}
	revs, err := g.between(s, how)
	return c.checkIDs(g.ids(revs), err)
}

func listEnds(g *Graph, a arguments) (lower, upper []int, err error) {
	low, err := resolveAll(g, a.list("lower"))
	if err != nil {
		return nil, nil, err
	}
	lower, _ = g.known(low)
	for _, target := range a.list("upper") {
		revs, err := g.upgradeTarget(g.parse(target), g.stateOf(lower), false)
		if err != nil {
			return nil, nil, err
		}
		upper = append(upper, revs...)
	}
	return lower, upper, nil
}

// checkIterateDown runs the walk on which downgrades are based. It does not compare the text of a refusal: the map has
// only a makeshift one, which the downgrade replaces.
func (c recordedCase) checkIterateDown(g *Graph) error {
	target := c.Args.text("lower")
	if target == "" {
		target = "base"
	}
	upper, err := resolveAll(g, c.Args.list("upper"))
	if err != nil {
		return c.checkError(err)
	}
	plan, err := g.Downgrade(closure(g, upper), target)
	var refused *DestinationError
	if errors.As(err, &refused) && c.Error != nil && c.Error.Class == "RangeNotAncestorError" {
		return nil
	}
	return c.checkIDs(revisions(plan), err)
}

func revisions(p Plan) []string {
	var out []string
	for _, step := range p.Steps {
		out = append(out, step.Revision)
	}
	return out
}

// checkSymbol runs Alembic's replacement of symbols; other names stay as they are.
func (c recordedCase) checkSymbol(g *Graph) error {
	id := g.parse(c.Args.text("id_"))
	ids := []string{id.name + id.relative}
	if isSymbol(id.name) && id.relative == "" {
		revs, err := g.resolve(id)
		if err != nil || c.Error != nil {
			return c.checkError(err)
		}
		ids = g.ids(revs)
	}
	if list := c.Args.list("id_"); len(list) != 1 {
		ids = list
	}
	want := c.Result.(map[string]any)
	label, _ := want["branch_label"].(string)
	if label != id.label {
		return fmt.Errorf("label %q, want %q", id.label, label)
	}
	return c.checkList("ids", ids, toList(want["ids"]))
}

func (c recordedCase) checkWalk(g *Graph) error {
	a := c.Args
	steps := int(a["steps"].(float64))
	start, err := g.singleOrBase("", orBase(a.text("start")))
	if err != nil {
		return c.checkError(err)
	}
	id := identifier{steps: steps, relative: fmt.Sprintf("%+d", steps)}
	rev, err := g.walk(start, id, walking{label: a.text("branch_label"), clamp: !a.flag("no_overwalk")})
	var outside *RelativeError
	if errors.As(err, &outside) && c.Error == nil && c.Result == nil {
		return nil // Alembic leaves the error to its caller
	}
	return c.checkOne(g.orBase(rev), err)
}

func orBase(name string) string {
	if name == "" {
		return "base"
	}
	return name
}

func (g *Graph) orBase(rev int) string {
	if rev == noRevision {
		return "base"
	}
	return g.revs[rev].ID
}

func (c recordedCase) checkUpgradeTarget(g *Graph) error {
	current, err := resolveAll(g, c.Args.list("current_revisions"))
	if err != nil {
		return c.checkError(err)
	}
	lower, _ := g.known(current)
	clamp := !c.Args.flag("assert_relative_length")
	var out []string
	for _, target := range c.Args.list("target") {
		revs, err := g.upgradeTarget(g.parse(target), g.stateOf(lower), clamp)
		if err != nil {
			return c.checkError(err)
		}
		out = append(out, g.ids(revs)...)
	}
	return c.checkIDs(out, nil)
}

func (c recordedCase) checkDowngradeTarget(g *Graph) error {
	current, err := resolveAll(g, c.Args.list("current_revisions"))
	if err != nil {
		return c.checkError(err)
	}
	revs, _ := g.known(current)
	goal, err := g.downgradeTarget(g.parse(orBase(c.Args.text("target"))), g.stateOf(revs))
	if err != nil || c.Error != nil {
		return c.checkError(err)
	}
	want := c.Result.(map[string]any)
	label, _ := want["branch_label"].(string)
	target, _ := want["target"].(string)
	if goal.label != label || g.orBase(goal.rev) != orBase(target) {
		return fmt.Errorf("goal %s@%s, want %s@%s", goal.label, g.orBase(goal.rev), label, target)
	}
	return nil
}
