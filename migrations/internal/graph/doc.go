// Package graph is the revision graph: which revisions exist, how they are connected, and which of them to run, in
// which order, to get from one state to another. It accesses no database and no files: it takes nodes and applied ids,
// and returns values.
//
// # The graph
//
// A revision names the revisions it revises (down), may name others that must be applied before it (depends on), and
// may carry branch labels:
//
//	                    ┌── b1 ── c1 ──┐
//	<base> ── a1 ── a2 ─┤              ├── m ── d        d: head, effective head
//	                    └── b2 ────────┘        ┊
//	                                            ┊ depends on
//	<base> ── p1 ── p2 ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┘        p2: head only
//	         (plug)
//
//	bases          a1, p1     revise nothing
//	branch point   a2         revised by more than one
//	merge point    m          revises more than one
//	heads          d, p2      revised by none
//	real heads     d          revised by none and needed by none
//	label plug     p1, p2     declared on p1, carried by its line
//
// For the order and for what is applied, a dependency is an edge like any other, but it does not merge branches: p2
// stays a head that a new revision may be based on, while a database at d has p2 too and reports d alone.
//
// A revision may also replace others, whose files no longer exist; replace.go says what their ids mean then.
//
// # The state of a database
//
// Functions that depend on the state take the applied ids, in the order in which heads are to be reported. An id
// implies its ancestors; [Graph.Missing] returns those that are not recorded. The current heads are the applied ids
// that no other applied id builds on.
//
// # Use
//
//	g, err := graph.New(nodes)                     // checks: a broken graph is one error
//	plan, err := g.Upgrade(applied, "head")        // plan.Steps, lowest first
//	plan, err = g.Downgrade(applied, "-1")         // plan.Steps, highest first
//	plan, err = g.Stamp(applied, "plug@head")      // plan.Applied is the new table
//	ids, err := g.History(graph.Range{}, applied)  // newest first
//	node, err := g.Propose(graph.Proposal{ID: id}) // where a new revision goes
//
// Targets are written as Alembic users write them:
//
//	head, heads, base, current        symbols; "head" must be the only one
//	8f0c3f6d1a2b, 8f0c, plug          an id, a unique prefix of one, a label
//	plug@head, 8f0c@heads, plug@base  a symbol or id narrowed to a branch
//	+2, -1, plug@+1, plug@-1          relative to the current heads
//	8f0c+2, head-1, plug@head-1       relative to a revision
//	a:b, a:, :b                       ranges, see [ParseRange]
//
// # Order
//
// The order of every result depends on the input alone: lists are in load order, and plans and history in that of the
// walk from the heads down that order.go describes. The rules are those of Alembic 1.19, and are tested against its
// recorded results in testdata.
//
// # Errors
//
// Errors are types with the ids and files that they are about. Error returns the line that Alembic prints; Hint, where
// there is one, says what to do about it.
package graph
