package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// checkScript runs a case of Alembic's ScriptDirectory.
func (c recordedCase) checkScript(g *Graph) error {
	a := c.Args
	switch c.Op {
	case "upgrade":
		return c.checkUpgrade(g)
	case "downgrade":
		return c.checkDowngrade(g)
	case "stamp":
		return c.checkStamp(g)
	case "walk_revisions":
		return c.checkIDs(g.History(Range{Lower: a.text("base"), Upper: a.text("head")}, nil))
	case "generate_revision", "merge":
		return c.checkGenerate(g)
	case "get_heads":
		if a.flag("consider_depends_on") {
			return c.checkIDs(g.RealHeads(), nil)
		}
		return c.checkIDs(g.Heads(), nil)
	case "get_bases":
		return c.checkIDs(g.ids(g.bases), nil)
	case "get_base":
		return c.checkIDs(g.ids(g.bases), nil)
	case "get_revision":
		return c.checkOne(resolveOne(g, a.text("id_")))
	case "get_revisions":
		return c.checkIDs(resolveAll(g, a.list("id_")))
	}
	return fmt.Errorf("unknown operation %q", c.Op)
}

// source returns the applied ids that the rows of Alembic's head table stand for; name is the argument with the rows.
func (c recordedCase) source(g *Graph, name string) []string {
	rows := c.Args.list(name)
	if slices.Equal(rows, []string{"base"}) {
		rows = nil
	}
	return closure(g, rows)
}

func (c recordedCase) checkUpgrade(g *Graph) error {
	applied := c.source(g, "source")
	plan, err := g.Upgrade(applied, c.Args.list("destination")...)
	if err != nil || c.Error != nil {
		return c.checkError(err)
	}
	return errors.Join(
		c.checkList("plan", revisions(plan), toList(c.Result)),
		checkUpwards(g, applied, plan),
		c.checkHeads(g, applied, plan))
}

func (c recordedCase) checkDowngrade(g *Graph) error {
	applied := c.source(g, "source")
	plan, err := g.Downgrade(applied, orBase(c.Args.text("destination")))
	if err != nil || c.Error != nil {
		return c.checkError(err)
	}
	return errors.Join(
		c.checkList("plan", revisions(plan), toList(c.Result)),
		checkDownwards(g, applied, plan),
		c.checkHeads(g, applied, plan))
}

// checkHeads compares the heads after the plan, and after each of its steps.
func (c recordedCase) checkHeads(g *Graph, applied []string, plan Plan) error {
	failure := checkSet("heads after", plan.Heads, c.HeadsAfter)
	if !c.OrderMatters || c.HeadsEach == nil {
		return failure
	}
	now := slices.Clone(applied)
	for i, step := range plan.Steps {
		now = apply(now, step)
		heads, err := g.CurrentHeads(now)
		failure = errors.Join(failure, err,
			checkSet("heads after "+step.Revision, heads, c.HeadsEach[i]))
	}
	return errors.Join(failure, checkSet("applied", now, plan.Applied))
}

func apply(applied []string, step Step) []string {
	if step.Kind == Upgrade {
		return append(applied, step.Revision)
	}
	return slices.DeleteFunc(applied, func(id string) bool { return id == step.Revision })
}

// checkUpwards checks that each step runs after everything it builds on.
func checkUpwards(g *Graph, applied []string, plan Plan) error {
	now := slices.Clone(applied)
	for _, step := range plan.Steps {
		r, _ := g.Revision(step.Revision)
		for _, id := range append(r.Down, r.Dependencies...) {
			if !slices.Contains(now, id) {
				return fmt.Errorf("%s runs before %s", r.ID, id)
			}
		}
		now = append(now, r.ID)
	}
	return nil
}

// checkDownwards checks that each step reverts a revision on which no applied revision builds any more.
func checkDownwards(g *Graph, applied []string, plan Plan) error {
	now := slices.Clone(applied)
	for _, step := range plan.Steps {
		r, _ := g.Revision(step.Revision)
		for _, id := range r.AllNext {
			if slices.Contains(now, id) {
				return fmt.Errorf("%s is reverted before %s", r.ID, id)
			}
		}
		now = apply(now, step)
	}
	return nil
}

func (c recordedCase) checkStamp(g *Graph) error {
	targets := c.Args.list("revision")
	if len(targets) == 0 {
		targets = []string{"base"}
	}
	plan, err := g.Stamp(c.source(g, "heads"), targets...)
	if err != nil || c.Error != nil {
		return c.checkError(err)
	}
	var want []string
	for _, step := range c.Result.([]any) {
		step := step.(map[string]any)
		want = append(want, moveText(toList(step["from"]), toList(step["to"])))
	}
	var got []string
	for _, step := range plan.Steps {
		got = append(got, moveText(step.From, step.To))
	}
	return errors.Join(
		c.checkList("steps", got, want),
		checkSet("heads after", plan.Heads, c.HeadsAfter),
		checkSet("applied", plan.Applied, closure(g, plan.Heads)))
}

func moveText(from, to []string) string {
	return strings.Join(from, ", ") + " -> " + strings.Join(to, ", ")
}

func (c recordedCase) checkGenerate(g *Graph) error {
	a := c.Args
	heads := a.list("head")
	if a["head"] != nil && len(heads) == 0 {
		heads = []string{"base"}
	}
	node, err := g.Propose(Proposal{
		ID: a.text("rev_id"), Heads: heads, Splice: a.flag("splice"),
		Labels: a.list("branch_labels"), DependsOn: a.list("depends_on"),
	})
	if err != nil || c.Error != nil {
		return c.checkError(err)
	}
	want := c.Result.(map[string]any)
	if node.ID != want["id"] {
		return fmt.Errorf("id %s, want %s", node.ID, want["id"])
	}
	return errors.Join(
		c.checkList("down", node.Down, toList(want["down"])),
		c.checkList("depends on", node.DependsOn, toList(want["depends_on"])),
		c.checkList("labels", node.Labels, toList(want["branch_labels"])))
}
