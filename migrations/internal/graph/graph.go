package graph

import "slices"

// Node is a revision as its file declares it.
type Node struct {
	ID        string
	Down      []string // ids it revises; none for a base, several for a merge
	DependsOn []string // ids or labels that must be applied before it
	Labels    []string // branch labels it declares
	Replaces  []string // ids of former revisions whose changes it makes, oldest first
	File      string   // where it is declared; used in errors only
}

// Graph is a valid set of revisions. It is immutable, and safe for concurrent use.
type Graph struct {
	revs  []revision     // in load order; the package refers to revisions by their index
	names map[string]int // ids and labels

	replaced map[string]int // ids of former revisions: see replace.go

	heads, realHeads []int
	bases, realBases []int

	below []bitset // for each revision, itself and its ancestors, including dependencies
}

// revision is a node with its edges resolved to indexes.
type revision struct {
	Node
	labels  []string // declared and inherited, sorted
	down    []int    // revisions revised
	deps    []int    // dependencies, resolved
	parents []int    // down, then the dependencies that no down ancestor implies
	next    []int    // revisions that revise this one
	allNext []int    // revisions that revise it or depend on it
}

// noRevision is the index of <base>, below every revision.
const noRevision = -1

// New builds the graph of the nodes, given in load order (sorted file names), and checks it: ids and labels are well
// formed and unique, every parent and dependency exists, replaced revisions do not, and there is no cycle. It returns
// the first error, one of [InvalidIDError], [InvalidLabelError], [DuplicateRevisionError], [ReplacedPresentError],
// [ReplacedTwiceError], [DuplicateLabelError], [MissingRevisionError] and [CycleError].
func New(nodes []Node) (*Graph, error) {
	g := &Graph{
		revs: make([]revision, len(nodes)), names: make(map[string]int, len(nodes)), replaced: map[string]int{},
	}
	for i, node := range nodes {
		g.revs[i].Node = clone(node)
	}
	for _, step := range []func() error{g.checkNodes, g.nameRevisions, g.nameReplaced, g.nameLabels, g.connect} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	g.findEnds()
	order, err := g.checkCycles()
	if err != nil {
		return nil, err
	}
	g.normaliseDependencies(order)
	g.collectAncestors(order)
	g.spreadLabels()
	return g, nil
}

// With returns the graph with one more node, loaded last.
func (g *Graph) With(node Node) (*Graph, error) {
	nodes := make([]Node, 0, len(g.revs)+1)
	for i := range g.revs {
		nodes = append(nodes, g.revs[i].Node)
	}
	return New(append(nodes, node))
}

func clone(n Node) Node {
	n.Down = unique(n.Down)
	n.DependsOn = unique(n.DependsOn)
	n.Labels = unique(n.Labels)
	n.Replaces = unique(n.Replaces)
	return n
}

// connect resolves the names of parents and dependencies into edges in both directions.
func (g *Graph) connect() error {
	for i := range g.revs {
		r := &g.revs[i]
		for _, name := range r.DependsOn {
			dep, ok := g.names[name]
			if !ok {
				return g.missing(i, name, true)
			}
			r.deps = appendNew(r.deps, dep)
		}
		for _, id := range r.Down {
			down, ok := g.names[id]
			if !ok || g.revs[down].ID != id {
				return g.missing(i, id, false)
			}
			r.down = append(r.down, down)
		}
	}
	g.connectBack()
	return nil
}

func (g *Graph) connectBack() {
	for i := range g.revs {
		r := &g.revs[i]
		for _, d := range r.down {
			g.revs[d].next = append(g.revs[d].next, i)
			g.revs[d].allNext = append(g.revs[d].allNext, i)
		}
		for _, d := range r.deps {
			g.revs[d].allNext = appendNew(g.revs[d].allNext, i)
		}
	}
}

func (g *Graph) findEnds() {
	for i := range g.revs {
		r := &g.revs[i]
		if len(r.next) == 0 {
			g.heads = append(g.heads, i)
		}
		if len(r.allNext) == 0 {
			g.realHeads = append(g.realHeads, i)
		}
		if len(r.down) == 0 {
			g.bases = append(g.bases, i)
		}
		if len(r.down) == 0 && len(r.deps) == 0 {
			g.realBases = append(g.realBases, i)
		}
	}
}

// normaliseDependencies sets parents. It omits dependencies that a revision further down the line already declares:
// they are satisfied by then, and following them would only disturb the order.
func (g *Graph) normaliseDependencies(order []int) {
	declared := make([]bitset, len(g.revs)) // by a revision and its down ancestors
	for _, i := range order {
		r := &g.revs[i]
		implied := newBitset(len(g.revs))
		for _, d := range r.down {
			implied.addAll(declared[d])
		}
		r.parents = slices.Clone(r.down)
		for _, d := range r.deps {
			if !implied.has(d) {
				r.parents = appendNew(r.parents, d)
			}
		}
		for _, d := range r.deps {
			implied.add(d)
		}
		declared[i] = implied
	}
}

// collectAncestors sets below. It takes the revisions from base to head.
func (g *Graph) collectAncestors(order []int) {
	g.below = make([]bitset, len(g.revs))
	for _, i := range order {
		set := newBitset(len(g.revs))
		set.add(i)
		for _, p := range g.revs[i].parents {
			set.addAll(g.below[p])
		}
		g.below[i] = set
	}
}

func unique(names []string) []string {
	var out []string
	for _, name := range names {
		out = appendNew(out, name)
	}
	return out
}

func appendNew[T comparable](list []T, item T) []T {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}
