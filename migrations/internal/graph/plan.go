package graph

// Kind is the kind of a step.
type Kind int

// The kinds of steps.
const (
	Upgrade Kind = iota
	Downgrade
	Stamp
)

func (k Kind) String() string {
	switch k {
	case Upgrade:
		return "upgrade"
	case Downgrade:
		return "downgrade"
	}
	return "stamp_revision"
}

// Step is a revision to upgrade or downgrade, or a move of a stamp.
type Step struct {
	Kind     Kind
	Revision string   // empty for a stamp
	From, To []string // as logged: "Running <kind> <from> -> <to>"
}

// Plan is the steps from one state to another.
type Plan struct {
	Steps   []Step   // in the order to run them; none if there is nothing to do
	Heads   []string // current heads afterwards, in load order
	Applied []string // applied ids afterwards, in load order
	Unknown []string // applied ids that no file declares, which a stamp removes
}

func (g *Graph) plan(steps []Step, after bitset) Plan {
	return Plan{
		Steps:   steps,
		Applied: g.ids(after.members()),
		Heads:   g.ids(g.tips(after, withDependencies)),
	}
}

func (g *Graph) step(kind Kind, rev int) Step {
	r := &g.revs[rev]
	step := Step{Kind: kind, Revision: r.ID, From: g.ids(r.down), To: []string{r.ID}}
	if kind == Downgrade {
		step.From, step.To = step.To, step.From
	}
	return step
}
